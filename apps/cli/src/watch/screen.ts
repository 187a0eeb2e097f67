import type { Screen } from '../io.ts'
import { fit } from '../text/width.ts'

/** Lines that are drawn over themselves, so that they stand still while they change. */
export function redrawn(screen: Screen) {
  let height = 0
  return {
    draw(lines: readonly string[]): void {
      const fitted = lines.map((line) => (line.includes('\u001b') ? line : fit(line, screen.columns() - 1)))
      const up = height > 0 ? `\u001b[${height}A` : ''
      screen.write(`${up}\u001b[0J${fitted.join('\n')}\n`)
      height = fitted.length
    },
    /** Leaves what was drawn last where it is; the next lines go below. */
    done(): void {
      height = 0
    },
  }
}
