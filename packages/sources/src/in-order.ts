/** `fn` over all values, at most `limit` at once; the answers in the values' order. The first error wins. */
export async function mapInOrder<T, R>(
  values: readonly T[],
  limit: number,
  fn: (value: T, i: number) => Promise<R>,
) {
  const results: R[] = []
  let next = 0
  const work = async () => {
    for (let i = next++; i < values.length; i = next++) results[i] = await fn(values[i] as T, i)
  }
  await Promise.all(Array.from({ length: Math.min(limit, values.length) }, work))
  return results
}
