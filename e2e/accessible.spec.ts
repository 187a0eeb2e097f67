import { AxeBuilder } from '@axe-core/playwright'
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { musicServer, settingsFor } from './music-server.ts'
import { serve, test } from './served.ts'
import { words } from './words.ts'

// Tracing keeps a copy of the page for each of axe's many looks at it.
test.use({ trace: 'off' })
test.describe.configure({ timeout: 600_000 })
const t = words.en

const pages = [
  '/dashboard',
  '/jobs',
  '/jobs?status=paused',
  '/jobs/1',
  '/jobs/1?tab=items',
  '/jobs/1?tab=events',
  '/jobs/1?tab=logs',
  '/playlists',
  '/playlists/1',
  '/songs',
  '/songs?song=1',
  '/logs',
  '/logs?show=events',
  '/config?show=all',
  '/jobs/999',
]

test('no page has anything that axe finds, in either theme, wide or narrow', async ({ place, page }) => {
  const music = await musicServer()
  await writeFile(join(place.dataDir, 'catalogsync.env'), settingsFor(music, place.dataDir))
  const served = await serve(place)
  const found: string[] = []
  try {
    await page.goto(await served.signInUrl())
    await startFullJob(page, served.url)
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 844 })
      for (const path of pages) {
        await page.goto(served.url + path)
        await expect(page.getByRole('heading').first()).toBeVisible()
        if (path.includes('song=')) await expect(page.getByRole('dialog')).toBeVisible()
        found.push(...(await violations(page, `${path} ${colorScheme} ${width}`)))
      }
      await page.goto(`${served.url}/dashboard`)
      await page
        .getByRole('button', { name: t('action.start') })
        .first()
        .click()
      await expect(page.getByRole('dialog')).toContainText(t('start.preview.grows'))
      found.push(...(await violations(page, `start dialog ${colorScheme} ${width}`)))
    }
    expect(found).toEqual([])
  } finally {
    await served.stop()
    await music.close()
  }
})

test('the sign-in page and the first-run page have nothing either', async ({ served, page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.context().clearCookies()
    await page.goto(served.url)
    await expect(page.getByLabel(t('signin.token'))).toBeVisible()
    expect(await violations(page, 'sign-in')).toEqual([])
    await page.goto(await served.signInUrl())
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('first.title'))
    expect(await violations(page, 'first run')).toEqual([])
  }
})

async function startFullJob(page: Page, url: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('nav.dashboard'))
  await page.request.post(`${url}/trpc/jobs.start`, { headers: { origin: url }, data: { jobType: 'full' } })
  await page.goto(`${url}/jobs/1`)
  await expect(page.locator('main header').first()).toContainText(t('job.status.completed_with_errors'), {
    timeout: 60_000,
  })
}

async function violations(page: Page, where: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${where}: ${id} at ${html}`))
}
