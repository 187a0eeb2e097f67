import { displayWidth, fit, padEnd, padStart, plain } from './width.ts'

export interface Column {
  title: string
  align?: 'left' | 'right'
  /** Widest that it gets, in columns; the last one is never cut. */
  max?: number
}

/** A quiet table: no lines, two spaces between columns, no spaces at the end of a row. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const last = columns.length - 1
  const cells = rows.map((row) =>
    columns.map(({ max }, at) => {
      const text = plain(row[at] ?? '')
      return max === undefined || at === last ? text : fit(text, max)
    }),
  )
  const all = [columns.map(({ title }) => title), ...cells]
  const widths = columns.map((_, at) => Math.max(...all.map((row) => displayWidth(row[at] ?? ''))))
  return all.map((row) =>
    row
      .map((text, at) => (columns[at]?.align === 'right' ? padStart : padEnd)(text, widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
