import { expect, test } from 'vitest'
import { parseReply } from './reply.ts'

const inner = (body: object) => JSON.stringify({ 'subsonic-response': body })

test.each([
  [
    'a failure with status 200',
    inner({ status: 'failed', error: { code: 40, message: 'Wrong' } }),
    40,
    'Wrong',
  ],
  ['a failure that says ok', inner({ status: 'ok', error: { code: 10, message: 'Missing' } }), 10, 'Missing'],
  ['a code as text', inner({ status: 'failed', error: { code: '70' } }), 70, ''],
  ['a detail that says ok', inner({ status: 'ok', detail: 'No credentials' }), null, 'No credentials'],
  ['a detail alone', '{"detail":"Not found."}', null, 'Not found.'],
  ['an error that is text', inner({ status: 'ok', error: 'broken' }), null, 'broken'],
  ['a failure without a word', inner({ status: 'failed' }), null, ''],
  [
    'a failure in XML',
    '<?xml version="1.0"?><subsonic-response status="failed"><error code="70" message="Song not found"/></subsonic-response>',
    70,
    'Song not found',
  ],
])('%s', (_, text, code, message) => {
  expect(parseReply(text)).toEqual({ kind: 'failed', code, message })
})

test('what is inside a good answer is given', () => {
  expect(parseReply(inner({ status: 'ok', x: 1 }))).toEqual({ kind: 'ok', body: { status: 'ok', x: 1 } })
  expect(parseReply(`\ufeff${inner({ status: 'ok' })}`)).toMatchObject({ kind: 'ok' })
})

test.each(['', '<html><p class="error" code="1">', '{"a":1}', '[]', '"x"', '{"subsonic-response":[]}', '{'])(
  '%j is no answer of such a server',
  (text) => expect(parseReply(text)).toEqual({ kind: 'other' }),
)

test('words are one short line', () => {
  const reply = parseReply(inner({ error: { code: 0, message: `a\n\tb${'x'.repeat(1_000)}` } }))
  expect(reply).toMatchObject({ message: `a b${'x'.repeat(197)}` })
})
