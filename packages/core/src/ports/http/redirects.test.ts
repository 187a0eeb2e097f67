import { expect, test } from 'vitest'
import { nextHop, type Hop } from './redirects.ts'

const from = (url: string): Hop => ({
  url: new URL(url),
  method: 'GET',
  headers: { authorization: 'Bearer x', 'x-api-key': 'k', cookie: 'c=1' },
  form: null,
  allowPrivate: true,
})

test('another host gets no header, no user info and no credentials in the query', () => {
  const hop = nextHop(from('https://nas.example/a?t=secret'), 'https://u:p@cdn.example/b?keep=1&t=secret#x', [
    't',
  ])
  expect(hop.url.href).toBe('https://cdn.example/b?keep=1')
  expect(hop).toMatchObject({ headers: {}, allowPrivate: false })
})

test('the same origin gets them all', () => {
  const hop = nextHop(from('https://nas.example/a?t=secret'), '/b?t=secret', ['t'])
  expect(hop.url.href).toBe('https://nas.example/b?t=secret')
  expect(hop).toMatchObject({ headers: { 'x-api-key': 'k' }, allowPrivate: true })
})

test('a step up to https on the same host keeps what is in the query', () => {
  const hop = nextHop(from('http://nas.example:4533/a'), 'https://nas.example/a?t=secret', ['t'])
  expect(hop.url.search).toBe('?t=secret')
  expect(hop.headers).toEqual({})
})

test('a step down from https is refused', () => {
  expect(() => nextHop(from('https://nas.example/'), 'http://nas.example/', [])).toThrow('from https to http')
})

test('a host that lost its right to be private does not win it back', () => {
  const away = nextHop(from('http://nas.example/'), 'http://cdn.example/', [])
  expect(nextHop(away, 'http://nas.example/', []).allowPrivate).toBe(false)
})
