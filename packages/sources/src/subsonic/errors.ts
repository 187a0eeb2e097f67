import type { FailureClass } from '@catalogsync/contract'
import { PortError } from '@catalogsync/core/ports'

export interface Failure {
  code: number | null
  message: string
}

/**
 * A failure that a server spoke of, by its code (Subsonic API 1.16.1, OpenSubsonic). `clean` takes secrets
 * out of the server's words, which may repeat what was asked.
 */
export function failureOf(failure: Failure, origin: string, clean: (text: string) => string): PortError {
  const { code, message } = failure
  const said =
    clean(message) || (code === null ? 'the request failed' : (meanings[code] ?? 'the request failed'))
  return new PortError(classOf(failure), `${origin} says: ${said}${code === null ? '' : ` (error ${code})`}`)
}

/** The server does not take this way of logging in, or not so that it would say so: another may do. */
export const isLoginUnknown = ({ code, message }: Failure): boolean =>
  code === null ? isAboutLogin(message) : [10, 20, 30, 41, 42, 43].includes(code)

function classOf({ code, message }: Failure): FailureClass {
  if (code === null) return isAboutLogin(message) ? 'auth' : classOfWords(message)
  if (code === 0) return classOfWords(message)
  return classes[code] ?? 'transient'
}

/** Code 0 is for everything without a code: an id that means nothing does not get better by waiting. */
const classOfWords = (message: string): FailureClass =>
  /not found|no such|unknown|invalid|malformed|badly formed|valueerror/i.test(message)
    ? 'permanent'
    : 'transient'

const isAboutLogin = (message: string): boolean => /credential|authenticat|login|password/i.test(message)

const classes: Record<number, FailureClass> = {
  10: 'permanent',
  20: 'permanent',
  30: 'permanent',
  40: 'auth',
  41: 'auth',
  42: 'auth',
  43: 'auth',
  44: 'auth',
  50: 'permanent',
  60: 'auth',
  70: 'permanent',
}

const meanings: Record<number, string> = {
  10: 'a parameter is missing',
  20: 'this client is too old for it',
  30: 'it is too old for this client',
  40: 'wrong user name or password',
  41: 'it takes no token login for this user',
  42: 'it does not take this way of logging in',
  43: 'two ways of logging in were used at once',
  44: 'the API key is not valid',
  50: 'the user may not do this',
  60: 'the trial of the server is over',
  70: 'not found',
}
