/** Rows beyond the window's edges that are drawn too, so that a fast scroll meets no gap. */
const spare = 8

/**
 * Which rows of equal height have to be in the page.
 * @param top pixels of the list that lie above the window's top edge; negative if the list begins below it
 * @returns `start` inclusive, `end` exclusive
 */
export function visibleRange(
  count: number,
  rowHeight: number,
  top: number,
  windowHeight: number,
): { start: number; end: number } {
  const first = Math.floor(top / rowHeight) - spare
  const last = Math.ceil((top + windowHeight) / rowHeight) + spare
  const start = Math.min(Math.max(0, first), count)
  return { start, end: Math.min(Math.max(start, last), count) }
}
