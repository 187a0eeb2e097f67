import type { Page } from '@catalogsync/contract'

type Fetch<Row> = (cursor: number | null) => Promise<Page<Row>>
/** More pages than a reader scrolls through; a longer list is read again only at its begin. */
const mostRereads = 10

/** A keyset-paged list that grows as its end comes into view. */
export class Paged<Row> {
  rows = $state.raw<Row[]>([])
  next = $state<number | null>(null)
  /** Why the last read failed; null: it did not. */
  problem = $state.raw<unknown>(null)
  readonly #fetch: Fetch<Row>
  #busy = false

  constructor(first: Page<Row>, fetch: Fetch<Row>) {
    this.rows = first.rows
    this.next = first.next
    this.#fetch = fetch
  }

  /** Reads the next page, unless it is being read already. */
  async more(): Promise<void> {
    if (this.#busy || this.next === null) return
    await this.#read(async () => {
      const page = await this.#fetch(this.next)
      this.rows = [...this.rows, ...page.rows]
      this.next = page.next
    })
  }

  /** Reads again what is shown, from the begin. */
  async reread(): Promise<void> {
    if (this.#busy) return
    await this.#read(async () => {
      let page = await this.#fetch(null)
      const rows = [...page.rows]
      for (let n = 1; rows.length < this.rows.length && page.next !== null && n < mostRereads; n += 1) {
        page = await this.#fetch(page.next)
        rows.push(...page.rows)
      }
      this.rows = rows
      this.next = page.next
    })
  }

  async #read(read: () => Promise<void>): Promise<void> {
    this.#busy = true
    try {
      await read()
      this.problem = null
    } catch (error) {
      this.problem = error
    } finally {
      this.#busy = false
    }
  }
}
