import { expect } from '@playwright/test'
import { test } from './served.ts'

test('the door says that it is healthy and which version it is', async ({ served, request }) => {
  const reply = await request.get(`${served.url}/healthz`)
  expect(reply.status()).toBe(200)
  expect(await reply.json()).toEqual({
    status: 'ok',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/) as unknown,
  })
})

test('a browser finds the page of Catalogsync at the door', async ({ served, page }) => {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (line) => line.type() === 'error' && problems.push(line.text()))
  await page.goto(served.url)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Catalogsync')
  expect(problems).toEqual([])
})
