import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { musicServer, settingsFor } from './music-server.ts'
import type { MusicServer } from './music-server.ts'
import { serve, test as base } from './served.ts'
import type { Served } from './served.ts'
import { words } from './words.ts'

/** A server with a runner, whose one source is a music server that the test holds in its hand. */
const test = base.extend<{ music: MusicServer; console: { served: Served; restart: () => Promise<void> } }>({
  music: async ({}, use) => {
    const music = await musicServer()
    await use(music)
    await music.close()
  },
  console: async ({ place, music }, use) => {
    await writeFile(join(place.dataDir, 'catalogsync.env'), settingsFor(music, place.dataDir))
    let served = await serve(place)
    const restart = async () => {
      await served.stop()
      served = await serve(place)
    }
    await use({ served, restart })
    music.release()
    await served.stop()
  },
})
test.describe.configure({ timeout: 120_000 })

const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }

for (const [locale, viewport] of [
  ['en', desktop],
  ['en', phone],
  ['zh-CN', desktop],
  ['zh-CN', phone],
] as const) {
  const t = words[locale]
  test.describe(`in ${locale}, ${viewport.width} pixels wide`, () => {
    test.use({ locale, viewport })

    test('a job is started, watched, paused, resumed, and its failed song retried', async ({
      page,
      music,
      console: { served },
    }) => {
      await page.goto(await served.signInUrl())
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('nav.dashboard'))
      expect(page.url()).not.toContain('token')
      await expect(page.locator('html')).toHaveAttribute('lang', locale)
      await markThisLoad(page)

      music.hold()
      await page
        .getByRole('button', { name: t('action.start') })
        .first()
        .click()
      const dialog = page.getByRole('dialog')
      await expect(dialog.getByText(t('start.preview.grows'))).toBeVisible()
      await dialog.getByRole('button', { name: t('start.go'), exact: true }).click()

      await expect(page).toHaveURL(/\/jobs\/1$/)
      const head = page.locator('main header').first()
      await expect(head).toContainText(t('job.status.running'))
      const download = page.locator('[data-stage=download]')
      await expect(download).toContainText(t('job.stage.running', { n: 2 }))
      await expect(download).toContainText(t('stage.status.running'))

      await page.getByRole('button', { name: t('action.pause') }).click()
      await expect(head).toContainText(t('job.status.pause_requested'))
      await expect(page.getByText(t('job.draining', { n: 2 }))).toBeVisible()
      music.release()
      await expect(head).toContainText(t('job.status.paused'))
      await expect(page.getByText(t('command.applied', { command: t('command.pause'), id: 1 }))).toBeVisible()

      await page.getByRole('button', { name: t('action.resume') }).click()
      await expect(head).toContainText(t('job.status.completed_with_errors'), { timeout: 60_000 })
      const failed = page.locator('[data-failed]')
      await expect(failed).toHaveCount(1)
      await expect(failed).toContainText('Gone')
      await expect(failed).toContainText('The requested data was not found')

      music.mend()
      await failed.getByRole('button', { name: t('action.retry'), exact: true }).click()
      await expect(head).toContainText(t('job.status.completed'), { timeout: 60_000 })
      await expect(head).not.toContainText(t('job.status.completed_with_errors'))
      await expect(failed).toHaveCount(0)
      await expect(download).toContainText(t('job.stage.count', { done: 8, total: 8 }))
      expect(await isThisLoad(page)).toBe(true)
    })
  })
}

test.describe('when the server is restarted under the page', () => {
  test.use({ locale: 'en', viewport: { width: 1280, height: 6000 } })
  const t = words.en

  test('it says so, and catches up without a gap or a repeat', async ({
    page,
    music,
    console: { served, restart },
  }) => {
    await page.goto(await served.signInUrl())
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('nav.dashboard'))
    music.hold()
    const started = await page.request.post(`${served.url}/trpc/jobs.start`, {
      headers: { origin: served.url },
      data: { jobType: 'full' },
    })
    expect(started.status()).toBe(200)

    await page.goto(`${served.url}/logs?show=events`)
    await expect(page.locator('aside').getByText(t('link.live'), { exact: true })).toBeVisible()
    await expect(page.getByText(/^Download: \d begun$/).first()).toBeVisible()
    await markThisLoad(page)

    const restarted = restart()
    await expect(
      page.locator('aside').getByText(/^Reconnecting… numbers as of \d\d:\d\d:\d\d$/),
    ).toBeVisible()
    await expect(page.locator('[data-stale=true]')).toBeVisible()
    await restarted
    await expect(page.locator('aside').getByText(t('link.live'), { exact: true })).toBeVisible({
      timeout: 20_000,
    })
    music.release()
    const end = t('event.job_status', {
      from: t('job.status.running'),
      to: t('job.status.completed_with_errors'),
    })
    await expect(page.getByText(end)).toBeVisible({ timeout: 60_000 })

    const shown = await page
      .locator('[data-event]')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-event'))))
    const input = encodeURIComponent(JSON.stringify({ order: 'newest', limit: 1000 }))
    const listed = await page.request.get(`${served.url}/trpc/events.list?input=${input}`)
    const table = ((await listed.json()) as { result: { data: { rows: { id: number }[] } } }).result.data.rows
    expect(shown).toEqual(table.map(({ id }) => id))
    expect(await isThisLoad(page)).toBe(true)
  })
})

/** A mark that a reload would wipe away. */
async function markThisLoad(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { sameLoad: true }))
}

function isThisLoad(page: Page): Promise<boolean> {
  return page.evaluate(() => 'sameLoad' in window)
}
