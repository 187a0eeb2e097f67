import { AppError } from '@catalogsync/contract'
import type * as z from 'zod/mini'

/** @throws AppError `invalid_input` that names the field */
export function parseInput<T extends z.ZodMiniType>(what: string, schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = issue && issue.path.length > 0 ? `${what}, ${issue.path.map(String).join('.')}` : what
  throw new AppError('invalid_input', { what: where, problem: issue?.message ?? 'not as it should be' })
}
