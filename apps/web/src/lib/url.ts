/** What is read of an address: the page's own state hands out a read-only one. */
interface Address {
  readonly pathname: string
  readonly searchParams: { get: (key: string) => string | null; toString: () => string }
}

/** The same address with parameters set, or taken away where the value is null. */
export function withParams(url: Address, changes: Record<string, string | null>): string {
  const params = new URLSearchParams(url.searchParams.toString())
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === '') params.delete(key)
    else params.set(key, value)
  }
  const query = params.toString()
  return query === '' ? url.pathname : `${url.pathname}?${query}`
}

/** A parameter that is one of a closed set; anything else in the address counts as not given. */
export function oneOf<T extends string>(url: Address, key: string, values: readonly T[]): T | undefined {
  const given = url.searchParams.get(key)
  return values.find((value) => value === given)
}

/** A row's id in the address; undefined if it is none. */
export function idIn(text: string | null | undefined): number | undefined {
  return text != null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}
