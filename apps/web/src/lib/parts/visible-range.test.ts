import { expect, test } from 'vitest'
import { visibleRange } from './visible-range.ts'

test('a million rows put no more into the page than the window shows', () => {
  expect(visibleRange(1_000_000, 40, 4_000_000, 800)).toEqual({ start: 99_992, end: 100_028 })
})

test('a list that begins below the top edge starts with its first row', () => {
  expect(visibleRange(100, 40, -400, 800)).toEqual({ start: 0, end: 18 })
})

test('a list shorter than the window is drawn whole', () => {
  expect(visibleRange(3, 40, 0, 800)).toEqual({ start: 0, end: 3 })
})

test('a list that shrank while it was scrolled far down asks for nothing that is not there', () => {
  expect(visibleRange(5, 40, 4000, 800)).toEqual({ start: 5, end: 5 })
})
