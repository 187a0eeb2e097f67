/**
 * Chinese, Japanese and Korean are written without spaces, and FTS5's tokenizer cuts at spaces. So each such
 * character becomes a word of its own, in the index and in what is looked for, and what stood together is looked for
 * as a phrase: 杰伦 finds 周杰伦.
 */
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々〆〇]/gu

/** Text as the index takes it. Full-width letters and ligatures become their plain forms. */
export function searchText(text: string): string {
  return text.normalize('NFKC').replace(cjk, ' $& ')
}

/**
 * What a person typed, as an FTS5 expression: every word must be there, the last one may go on. Nothing that is
 * typed is syntax. Null: there is nothing in it to look for.
 */
export function searchExpression(typed: string): string | null {
  const words = typed
    .normalize('NFKC')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
  if (words.length === 0) return null
  const phrases = words.map((word) => `"${searchText(word).replaceAll('"', ' ')}"`)
  return `${phrases.join(' ')}*`
}
