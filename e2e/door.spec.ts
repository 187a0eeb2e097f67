import { expect } from '@playwright/test'
import { test } from './served.ts'
import { words } from './words.ts'

const t = words.en
test.use({ locale: 'en' })

test('the door says that it is healthy and which version it is', async ({ served, request }) => {
  const reply = await request.get(`${served.url}/healthz`)
  expect(reply.status()).toBe(200)
  expect(await reply.json()).toEqual({
    status: 'ok',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/) as unknown,
  })
})

test('a browser without a session is asked for the token, and comes to the page that it wanted', async ({
  served,
  page,
}) => {
  await page.goto(`${served.url}/songs?state=missing`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Catalogsync')
  const field = page.getByLabel(t('signin.token'))
  await field.fill('not-the-token')
  await page.getByRole('button', { name: t('signin.go') }).click()
  await expect(page.getByRole('alert')).toHaveText(t('signin.refused'))

  const token = new URL(await served.signInUrl()).hash.replace('#token=', '')
  await field.fill(token)
  await page.getByRole('button', { name: t('signin.go') }).click()
  await expect(page).toHaveURL(`${served.url}/songs?state=missing`)
  await expect(page.getByText(t('songs.nomatch'))).toBeVisible()
})

test('a server without a source says how to begin, and that no runner is there', async ({ served, page }) => {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (line) => line.type() === 'error' && problems.push(line.text()))
  await page.goto(await served.signInUrl())
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(t('first.title'))
  await expect(page.getByText('SOURCE_HOME_TYPE=folder')).toBeVisible()
  await expect(page.getByText(t('runner.none')).first()).toBeVisible()
  expect(problems).toEqual([])
})
