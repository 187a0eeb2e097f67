import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type Server } from '../index.ts'
import { policyFor } from './static.ts'

const script = 'console.log("begin")'
const html = `<!doctype html><script>${script}</script><script type="module" src="/_app/x.js"></script><div style="display: contents"></div>`
const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

let folder: string
let server: Server
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'console-'))
  mkdirSync(join(folder, '_app/immutable'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), html)
  writeFileSync(join(folder, '_app/immutable/start.abc.js'), 'export {}')
  server = await startServer({ host: '127.0.0.1', port: 0, version: '1', webFolder: folder })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const get = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${server.port}${path}`, init)

test('every page of the console is the one shell, and a file that is not there is a 404', async () => {
  for (const path of ['/', '/dashboard', '/jobs/12?status=failed']) {
    const reply = await get(path)
    expect([reply.status, await reply.text()]).toEqual([200, html])
    expect(reply.headers.get('cache-control')).toBe('no-cache')
  }
  for (const path of ['/_app/immutable/gone.js', '/favicon.ico']) expect((await get(path)).status).toBe(404)
  for (const path of ['/..%2f..%2fetc%2fpasswd', '/%2e%2e/package.json']) {
    expect(await (await get(path)).text()).not.toMatch(/root:|"name"/)
  }
})

test('files whose names hold their hash are kept for ever', async () => {
  const reply = await get('/_app/immutable/start.abc.js')
  expect(reply.headers.get('cache-control')).toContain('immutable')
})

test('no script runs in the page but its own files and what was in it when it was built', async () => {
  const policy = (await get('/')).headers.get('content-security-policy') ?? ''
  expect(policy).toContain(`script-src 'self' ${sha256(script)};`)
  expect(policy).not.toMatch(/script-src[^;]*unsafe/)
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policyFor('<script src="/a.js"></script>')).toContain("script-src 'self';")
  expect((await get('/')).headers.get('x-content-type-options')).toBe('nosniff')
})

test('nothing can be sent to the page', async () => {
  expect((await get('/jobs', { method: 'POST', body: 'x' })).status).toBe(405)
})
