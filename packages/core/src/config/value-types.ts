import { z } from 'zod'
import { layoutPresets } from '../library/layout.ts'
import { parseTemplate } from '../library/layout-template.ts'

/** A sentence or a name in both languages of the console. */
export interface Words {
  en: string
  'zh-CN': string
}

/** How the text of a setting is read. The name decides how a form shows it. */
export interface ValueType<T> {
  name:
    'path' | 'text' | 'url' | 'choice' | 'integer' | 'mode' | 'ids' | 'layout' | 'host' | 'hosts' | 'timezone'
  /** From the text after `KEY=` (unquoted, never empty unless empty is the default) to the value. */
  schema: z.ZodType<T, string>
  /** What may be written, for the documentation. */
  accepts: Words
  options?: readonly string[]
}

/** Ids of sources and backends, as they are written in SOURCES and BACKENDS. */
export const idPattern = /^[a-z0-9][a-z0-9_-]{0,31}$/

/** A folder or file; a relative one has been resolved before it comes here. */
export const path: ValueType<string> = {
  name: 'path',
  schema: z.string(),
  accepts: { en: 'a path', 'zh-CN': '路径' },
}

export const text: ValueType<string> = {
  name: 'text',
  schema: z.string(),
  accepts: { en: 'text', 'zh-CN': '文本' },
}

export const url: ValueType<string> = {
  name: 'url',
  schema: z.string(),
  accepts: { en: 'a URL', 'zh-CN': '网址' },
}

export const host: ValueType<string> = {
  name: 'host',
  schema: z.string().regex(/^[A-Za-z0-9._:-]+$/, 'must be a host name or an IP address'),
  accepts: { en: 'a host name or an IP address', 'zh-CN': '主机名或 IP 地址' },
}

/** Names or addresses, without port. */
export const hosts: ValueType<string[]> = {
  name: 'hosts',
  schema: z.string().transform((list, ctx) => {
    const names = list.split(',').flatMap((name) => name.trim().toLowerCase() || [])
    for (const name of names) {
      if (!/^[a-z0-9._:-]+$/.test(name) || /^[^:]+:\d+$/.test(name)) {
        ctx.addIssue(`holds "${name}"; host names or IP addresses without a port are expected`)
      }
    }
    return names
  }),
  accepts: { en: 'host names with commas between them', 'zh-CN': '以逗号分隔的主机名' },
}

export const timezone: ValueType<string> = {
  name: 'timezone',
  schema: z.string().refine(isTimeZone, 'must be a time zone such as Asia/Shanghai or UTC'),
  accepts: { en: 'a time zone name', 'zh-CN': '时区名' },
}

/** A preset's name or a template of the library's paths. */
export const layout: ValueType<string> = {
  name: 'layout',
  schema: z.string().superRefine((template, ctx) => {
    if (Object.hasOwn(layoutPresets, template)) return
    const read = parseTemplate(template)
    if ('problem' in read) ctx.addIssue(`${read.problem} (at character ${read.position + 1})`)
  }),
  accepts: {
    en: `${Object.keys(layoutPresets).join(', ')}, or a template`,
    'zh-CN': '或模板',
  },
  options: Object.keys(layoutPresets),
}

/** Permission bits in octal, as chmod takes them. */
export const mode: ValueType<number> = {
  name: 'mode',
  schema: z
    .string()
    .regex(/^0?[0-7]{3}$/, 'must be three octal digits, such as 0644')
    .transform((digits) => Number.parseInt(digits, 8)),
  accepts: { en: 'octal permissions', 'zh-CN': '八进制权限' },
}

export const ids: ValueType<string[]> = {
  name: 'ids',
  schema: z.string().transform((list, ctx) => {
    const names = list.split(',').flatMap((name) => name.trim() || [])
    for (const name of names) if (!idPattern.test(name)) ctx.addIssue(`holds "${name}"; ${idRule()}`)
    for (const name of names.filter((name, at) => names.indexOf(name) < at)) {
      ctx.addIssue(`names "${name}" twice`)
    }
    return names
  }),
  accepts: { en: 'ids with commas between them', 'zh-CN': '以逗号分隔的标识' },
}

export const id: ValueType<string> = {
  name: 'text',
  schema: z.string().refine((name) => name === '' || idPattern.test(name), `cannot be used: ${idRule()}`),
  accepts: { en: 'an id', 'zh-CN': '标识' },
}

export function integer(min: number, max: number): ValueType<number> {
  return {
    name: 'integer',
    schema: z
      .string()
      .refine((digits) => isInteger(digits, min, max), `must be a whole number from ${min} to ${max}`)
      .transform(Number),
    accepts: { en: `${min} to ${max}`, 'zh-CN': `${min} 至 ${max}` },
  }
}

/** An integer, or nothing at all. */
export function optionalInteger(min: number, max: number): ValueType<number | null> {
  const given = integer(min, max)
  return {
    ...given,
    schema: z
      .string()
      .refine(
        (digits) => digits === '' || isInteger(digits, min, max),
        `must be a whole number from ${min} to ${max}`,
      )
      .transform((digits) => (digits === '' ? null : Number(digits))),
  }
}

export function choice<const T extends string>(...options: [T, ...T[]]): ValueType<T> {
  const list = options.join(', ')
  return {
    name: 'choice',
    schema: z.string().pipe(z.enum(options, { error: `must be one of: ${list}` })),
    accepts: { en: list, 'zh-CN': list },
    options,
  }
}

function isInteger(digits: string, min: number, max: number): boolean {
  return /^\d{1,15}$/.test(digits) && Number(digits) >= min && Number(digits) <= max
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function idRule(): string {
  return 'an id is 1 to 32 lower-case letters, digits, "_" and "-", and begins with a letter or digit'
}
