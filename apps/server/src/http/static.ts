import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'
import { page, pageHeaders } from '../page.ts'
import { pathOf, refuse, safeHeaders, send, type Reply } from './reply.ts'

/**
 * The console's files, read once at the start; every path without an ending is a page of it. Where the console has
 * not been built, a plain page says so.
 */
export function createStatic(folder: string, version: string): RequestListener {
  const index = join(folder, 'index.html')
  const answer = existsSync(index) ? built(folder, policyFor(readFileSync(index, 'utf8'))) : plain(version)
  return (request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') answer(request, response)
    else send(request, response, refuse(405, 'method_not_allowed', { allow: 'GET, HEAD' }))
  }
}

function built(folder: string, policy: string): RequestListener {
  const headers = Object.entries({
    ...safeHeaders,
    'content-security-policy': policy,
    'cache-control': 'no-cache',
  })
  const files = sirv(folder, {
    single: true,
    etag: true,
    gzip: true,
    brotli: true,
    setHeaders(response, path) {
      // Their names hold the hash of their content.
      if (path.includes('/_app/immutable/')) {
        response.setHeader('cache-control', 'public, max-age=31536000, immutable')
      }
    },
  })
  return (request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value)
    files(request, response, () => {
      for (const [name] of headers) response.removeHeader(name)
      send(request, response, refuse(404, 'not_found'))
    })
  }
}

function plain(version: string): RequestListener {
  return (request, response) => {
    const reply: Reply =
      pathOf(request.url) === '/'
        ? { status: 200, headers: pageHeaders, body: page(request.headers['accept-language'], version) }
        : refuse(404, 'not_found')
    send(request, response, reply)
  }
}

/**
 * Scripts run from our own files, and inline only those that were in the page when it was built. A style attribute
 * can hide things and run nothing: lists are placed by them.
 */
export function policyFor(html: string): string {
  const scripts = hashes(html, /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi)
  const styles = hashes(html, /<style[^>]*>([\s\S]*?)<\/style>/gi)
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...scripts].join(' ')}`,
    `style-src ${["'self'", ...styles].join(' ')}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function hashes(html: string, element: RegExp): string[] {
  return [...html.matchAll(element)].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  )
}
