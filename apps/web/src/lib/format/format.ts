import type { Language } from '@catalogsync/contract'

export const count = (n: number, language: Language): string => numberFormat(language).format(n)

/** Bytes in decimal units, as disks are sold: `0 B`, `734 kB`, `12.3 MB`. */
export function bytes(n: number, language: Language): string {
  let value = n
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  return `${numberFormat(language, digits).format(value)} ${units[unit] ?? 'B'}`
}

/** A length of time, its two largest units: `4 s`, `2 min 5 s`, `3 h 12 min`, `2 d 4 h`. */
export function duration(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const parts: [number, TimeUnit][] =
    seconds < 60
      ? [[seconds, 's']]
      : seconds < 3600
        ? [
            [Math.floor(seconds / 60), 'min'],
            [seconds % 60, 's'],
          ]
        : seconds < 86_400
          ? [
              [Math.floor(seconds / 3600), 'h'],
              [Math.floor((seconds % 3600) / 60), 'min'],
            ]
          : [
              [Math.floor(seconds / 86_400), 'd'],
              [Math.floor((seconds % 86_400) / 3600), 'h'],
            ]
  return parts
    .filter(([n], at) => at === 0 || n > 0)
    .map(([n, unit]) => `${n} ${timeUnits[language][unit]}`)
    .join(' ')
}

/** `12 seconds ago`, `in 3 minutes`, `昨天`. */
export function relative(at: number, now: number, language: Language): string {
  const seconds = Math.round((at - now) / 1000)
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const)
  return relativeFormat(language).format(Math.trunc(seconds / size), unit)
}

/** Date and time to the second, in the reader's own zone, 24 h. */
export const absolute = (at: number, language: Language): string => dateFormat(language).format(at)

/** Only the time, to the second: `14:03:22`. */
export const timeOfDay = (at: number, language: Language): string => timeFormat(language).format(at)

/** `3:07`, as players write the length of a song. */
export function playtime(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  const tail = `${h > 0 ? String(m).padStart(2, '0') : m}:${String(s).padStart(2, '0')}`
  return h > 0 ? `${h}:${tail}` : tail
}

type TimeUnit = 's' | 'min' | 'h' | 'd'
const timeUnits: Record<Language, Record<TimeUnit, string>> = {
  en: { s: 's', min: 'min', h: 'h', d: 'd' },
  'zh-CN': { s: '秒', min: '分', h: '小时', d: '天' },
}
const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
const steps = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

const numberFormat = remembering(
  (language: Language, digits = 0) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits, minimumFractionDigits: digits }),
)
const relativeFormat = remembering(
  (language: Language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }),
)
const dateFormat = remembering(
  (language: Language) =>
    new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }),
)
const timeFormat = remembering(
  (language: Language) => new Intl.DateTimeFormat(language, { timeStyle: 'medium', hourCycle: 'h23' }),
)

/** Intl's formatters are slow to make and are asked for in every row. */
function remembering<T>(make: (language: Language, digits?: number) => T) {
  const made = new Map<string, T>()
  return (language: Language, digits?: number): T => {
    const key = `${language} ${digits ?? ''}`
    const found = made.get(key) ?? make(language, digits)
    made.set(key, found)
    return found
  }
}
