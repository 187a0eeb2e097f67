import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignmentsOf, type EnvAssignment, parseEnv, renderEnv, serialiseValue } from './env-file.ts'
import { parseEnvBytes } from './env-read.ts'

const valueOf = (line: string): string | undefined => assignmentsOf(parseEnv(line)).get('KEY')?.value

describe('one line', () => {
  test.each([
    ['KEY=value', 'value'],
    ['  KEY = value  ', 'value'],
    ['export KEY=value', 'value'],
    ['KEY=', ''],
    ['KEY=  # nothing yet', ''],
    ['KEY=a b # why', 'a b'],
    ['KEY=a#b', 'a#b'],
    ['KEY=#b', '#b'],
    ['KEY=a=b', 'a=b'],
    [`KEY=it's "here"`, `it's "here"`],
    [`KEY='a # b' # c`, 'a # b'],
    [String.raw`KEY='C:\new "x"'`, String.raw`C:\new "x"`],
    [String.raw`KEY="a\nb\"c\\d\te\qf" # c`, 'a\nb"c\\d\te\\qf'],
    ['KEY=$(rm -rf /) `id` ${HOME} $HOME', '$(rm -rf /) `id` ${HOME} $HOME'],
    ['KEY="$(rm -rf /)"', '$(rm -rf /)'],
    ['KEY=/音乐/Été', '/音乐/Été'],
    ['KEY=a\u00a0', 'a\u00a0'],
  ])('%s reads as %j', (line, value) => {
    expect(parseEnv(line).problems).toEqual([])
    expect(valueOf(line)).toBe(value)
  })

  test.each([
    ['KEY', 'has no "="'],
    ['KEY-A=1', 'does not begin with a key'],
    ['1KEY=1', 'does not begin with a key'],
    ['=1', 'does not begin with a key'],
    ['export KEY A=1', 'does not begin with a key'],
    ['КЛЮЧ=1', 'does not begin with a key'],
    ['KEY="open', 'not closed on the same line'],
    [String.raw`KEY="open\"`, 'not closed on the same line'],
    [`KEY='open`, 'not closed on the same line'],
    [`KEY='a'b`, 'text after the closing'],
    ['KEY="a"#b', 'text after the closing'],
    ['KEY=a\rB=c', 'lone carriage return'],
    ['KEY=a\0', 'NUL'],
  ])('%j is a problem that names its line and sets nothing', (line, problem) => {
    const file = parseEnv(`A=1\n\n${line}\n`)
    expect(file.problems).toHaveLength(1)
    expect(file.problems[0]?.line).toBe(3)
    expect(file.problems[0]?.problem).toContain(problem)
    expect([...assignmentsOf(file).keys()]).toEqual(['A'])
  })

  test('a problem never repeats what was written after the "="', () => {
    for (const line of ['KEY="hunter2', `KEY='hunter2'x`, 'KEY-A=hunter2', 'hunter2', 'KEY=hunter2\r!']) {
      expect(JSON.stringify(parseEnv(line).problems)).not.toContain('hunter2')
    }
  })
})

describe('a whole file', () => {
  test('a key that is set twice is a problem that names both lines, and the first one stands', () => {
    const file = parseEnv('KEY=1\n# again\nexport KEY=2\n')
    expect(file.problems).toEqual([
      { line: 3, key: 'KEY', problem: 'is set twice, on line 1 and on line 3; keep one of them' },
    ])
    expect(assignmentsOf(file).get('KEY')?.value).toBe('1')
  })

  test('comments, order, quoting, byte order mark and line ends are all kept', () => {
    const text = '\uFEFF# top\r\nB=2\r\n\r\n  export A = "x\\n"  # why\nC=\'3\''
    const file = parseEnv(text)
    expect(file.lines.map((line) => line.kind)).toEqual([
      'comment',
      'assignment',
      'blank',
      'assignment',
      'assignment',
    ])
    expect(file.lines[3]).toMatchObject({
      number: 4,
      key: 'A',
      value: 'x\n',
      quoting: 'double',
      exported: true,
    })
    expect(renderEnv(file)).toBe(text)
  })

  test('a value can be replaced where it stands, and nothing else on the line moves', () => {
    const line = parseEnv('  export A = "x"  # why').lines[0] as EnvAssignment // the line is an assignment
    const edited =
      line.text.slice(0, line.valueStart) + serialiseValue('new value') + line.text.slice(line.valueEnd)
    expect(edited).toBe("  export A = 'new value'  # why")
  })

  test('any text at all comes back unchanged', () => {
    const piece = fc.constantFrom(
      'KEY',
      '=',
      '"',
      "'",
      '#',
      ' ',
      '\t',
      '\r',
      '\n',
      '\r\n',
      '\\',
      'export ',
      '\uFEFF',
      'é',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, (value) => {
        expect(renderEnv(parseEnv(value))).toBe(value)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('a value written and read again', () => {
  const special = fc.constantFrom(
    '"',
    "'",
    '#',
    ' #',
    ' ',
    '\t',
    '\r',
    '\n',
    '\\',
    '\\n',
    '$(id)',
    '`',
    '=',
    '\u2028',
    '夜',
    '\u0001',
  )
  const value = fc.oneof(
    fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
    fc.array(special).map((pieces) => pieces.join('')),
  )

  test('is the same, adds no key, keeps to one line, and lets the line keep its comment', () => {
    fc.assert(
      fc.property(value, (text) => {
        const line = `A=1\nKEY=${serialiseValue(text)} # why\nZ=2\n`
        const file = parseEnvBytes(new TextEncoder().encode(line))
        expect(file.problems).toEqual([])
        expect([...assignmentsOf(file)].map(([key, { value }]) => [key, value])).toEqual([
          ['A', '1'],
          ['KEY', text],
          ['Z', '2'],
        ])
      }),
      { numRuns: 5000 },
    )
  })

  test('is refused when no text file can hold it', () => {
    expect(() => serialiseValue('a\0b')).toThrow(RangeError)
    expect(() => serialiseValue('\ud800')).toThrow(RangeError)
  })

  test('is quoted only when it must be', () => {
    expect(serialiseValue('/volume4/音乐/a-b_c.d:8421,x@y%z+w~')).toBe('/volume4/音乐/a-b_c.d:8421,x@y%z+w~')
    expect(serialiseValue('a b $c')).toBe("'a b $c'")
    expect(serialiseValue("it's")).toBe(`"it's"`)
  })
})
