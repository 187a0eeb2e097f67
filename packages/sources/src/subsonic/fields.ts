import { isRecord } from './reply.ts'

/** An id as it is, since it goes back as it came; some servers have numbers. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

/** Text that is not empty. */
export function text(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim().normalize('NFC') : null
}

/** A whole number above 0, also from text: 0 stands for "not known" in this protocol. */
export function whole(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return null
  const rounded = Math.round(number)
  return rounded > 0 && Number.isSafeInteger(rounded) ? rounded : null
}

/** A list: absent when it is empty, and without its brackets where a server made JSON out of XML. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value : [value]
}

/** `["a"]`, `[{ name: "a" }]`, `"a"` → names that are not empty. */
export const names = (value: unknown): string[] =>
  list(value).flatMap((each) => text(isRecord(each) ? each['name'] : each) ?? [])
