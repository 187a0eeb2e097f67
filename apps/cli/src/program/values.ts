import { AppError, type Language } from '@catalogsync/contract'
import { commonText } from '../messages/common.ts'

/** Readers of option values. Each throws AppError `invalid_input` that names the option. */
export function valuesIn(language: Language) {
  const text = commonText(language)
  const refuse = (what: string, problem: string): never => {
    throw new AppError('invalid_input', { what, problem })
  }
  const whole = (what: string, least: number) => (given: string) => {
    const n = Number(given)
    return /^-?\d+$/.test(given) && Number.isSafeInteger(n) && n >= least
      ? n
      : refuse(what, text.notANumber(given, least))
  }
  return {
    whole,
    wholes: (what: string) => (given: string, before: number[] | undefined) => [
      ...(before ?? []),
      whole(what, 1)(given),
    ],
    words: (given: string, before: string[] | undefined) => [...(before ?? []), given],
    oneOf:
      <T extends string>(what: string, known: readonly T[]) =>
      (given: string): T =>
        known.find((word) => word === given) ?? refuse(what, text.notOneOf(given, known)),
  }
}
