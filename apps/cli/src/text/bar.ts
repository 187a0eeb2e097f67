/** A bar of `width` columns; eighths of a block, so that it moves before a whole column is done. */
export function bar(done: number, total: number, width: number): string {
  const eighths = total > 0 ? Math.floor((Math.min(done, total) / total) * width * 8) : 0
  const full = Math.floor(eighths / 8)
  const part = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? ''
  return ('█'.repeat(full) + part).padEnd(width, '░')
}
