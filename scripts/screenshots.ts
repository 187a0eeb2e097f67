import { chromium } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { musicServer, settingsFor } from '../e2e/music-server.ts'
import { serve } from '../e2e/served.ts'
import type { Served } from '../e2e/served.ts'

/**
 * Pictures of every page in docs/screenshots: `node scripts/screenshots.ts [folder]`, on a built checkout. They show a
 * job that is held half-way, so that something runs. `--all`: every page, theme, language and width; else the few
 * that are kept: each page in both themes, in one language each, and three on a phone.
 */
const all = process.argv.includes('--all')
const folder =
  process.argv.slice(2).find((arg) => !arg.startsWith('--')) ??
  join(import.meta.dirname, '../docs/screenshots')

const pages = [
  ['dashboard', '/dashboard'],
  ['jobs', '/jobs'],
  ['job', '/jobs/2'],
  ['items', '/jobs/1?tab=items'],
  ['playlists', '/playlists'],
  ['playlist', '/playlists/1'],
  ['songs', '/songs'],
  ['song', '/songs?song=1'],
  ['logs', '/logs?show=events'],
  ['config', '/config'],
] as const
const kept = new Set(['dashboard', 'jobs', 'job', 'playlists', 'songs', 'logs', 'config'])
const onPhone = new Set(['dashboard', 'job', 'songs'])

interface Look {
  theme: 'light' | 'dark'
  language: 'en' | 'zh-CN'
  width: 1280 | 390
}
const looks = (['light', 'dark'] as const).flatMap((theme) =>
  (['en', 'zh-CN'] as const).flatMap((language) =>
    ([1280, 390] as const).map((width): Look => ({ theme, language, width })),
  ),
)

const dataDir = mkdtempSync(join(tmpdir(), 'catalogsync-screenshots-'))
const music = await musicServer()
writeFileSync(join(dataDir, 'catalogsync.env'), settingsFor(music, dataDir))
const served = await serve({ dataDir, port: 18_431 })
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
})
try {
  mkdirSync(folder, { recursive: true })
  await prepare(browser, served)
  for (const look of looks) await shoot(browser, served, look)
} finally {
  music.release()
  await browser.close()
  await served.stop()
  await music.close()
  rmSync(dataDir, { recursive: true, force: true })
}

/** One job that has ended with a failure, and one that fetches everything again and is held half-way. */
async function prepare(browser: Browser, { url, signInUrl }: Served): Promise<void> {
  const page = await browser.newPage({ locale: 'en' })
  await page.goto(await signInUrl())
  await page.getByRole('heading', { level: 1 }).waitFor()
  const start = (data: object) =>
    page.request.post(`${url}/trpc/jobs.start`, { headers: { origin: url }, data })
  await start({ jobType: 'full' })
  await page.goto(`${url}/jobs/1`)
  await page.locator('main header').getByText('Ended with errors').waitFor({ timeout: 60_000 })
  music.hold()
  await start({ jobType: 'full', scope: { mode: 'all' } })
  await page.goto(`${url}/jobs/2`)
  await page.locator('[data-stage=download]').getByText('2 running').waitFor({ timeout: 60_000 })
  await page.close()
}

async function shoot(browser: Browser, { url, signInUrl }: Served, look: Look): Promise<void> {
  const { theme, language, width } = look
  const wanted = pages.filter(([name]) => all || isKept(name, look))
  if (wanted.length === 0) return
  const context = await browser.newContext({
    locale: language,
    colorScheme: theme,
    reducedMotion: 'reduce',
    viewport: { width, height: width === 390 ? 844 : 800 },
  })
  const page = await context.newPage()
  await page.goto(await signInUrl())
  await settled(page, false)
  for (const [name, path] of wanted) {
    await page.goto(url + path)
    await settled(page, path.includes('song='))
    const size = width === 390 ? 'phone' : 'desktop'
    await page.screenshot({ path: join(folder, `${name}-${theme}-${language}-${size}.png`) })
  }
  await context.close()
}

/** Each page once in each theme, light in English and dark in Chinese; a few on a phone, the other way round. */
function isKept(name: string, { theme, language, width }: Look): boolean {
  if (width === 1280) return kept.has(name) && (theme === 'light') === (language === 'en')
  return onPhone.has(name) && theme === 'light' && language === 'zh-CN'
}

async function settled(page: Page, drawer: boolean): Promise<void> {
  await page.getByRole('heading').first().waitFor()
  if (drawer) await page.getByRole('dialog').waitFor()
  // The connection is there, and what it says is shown.
  await page.locator('[data-stale=false]').waitFor()
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 300))))
}
