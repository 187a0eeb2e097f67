import type { Language } from '@catalogsync/contract'

/** `2026-03-01 14:05:09`, in the time zone of the settings. */
export function clockTime(at: number | null, tz: string): string {
  if (at === null) return ''
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: tz,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`
}

const units = {
  en: { d: ' d', h: ' h', min: ' min', s: ' s' },
  'zh-CN': { d: ' 天', h: ' 小时', min: ' 分', s: ' 秒' },
} as const satisfies Record<Language, Record<string, string>>

/** `42 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`: two units at most. */
export function duration(ms: number, language: Language): string {
  const unit = units[language]
  const seconds = Math.max(0, Math.round(ms / 1000))
  const steps = [
    [Math.floor(seconds / 86_400), unit.d],
    [Math.floor(seconds / 3600) % 24, unit.h],
    [Math.floor(seconds / 60) % 60, unit.min],
    [seconds % 60, unit.s],
  ] as const
  const first = steps.findIndex(([n]) => n > 0)
  if (first === -1) return `0${unit.s}`
  return steps
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, name]) => `${n}${name}`)
    .join(' ')
}

/** `1,234` in both languages. */
export const count = (n: number): string => n.toLocaleString('en-US')

/** `512 B`, `4.2 MB`: decimal units, as disks are sold. */
export function bytes(n: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = n
  let at = 0
  while (value >= 999.5 && at < names.length - 1) {
    value /= 1000
    at++
  }
  return `${at === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${names[at] ?? ''}`
}
