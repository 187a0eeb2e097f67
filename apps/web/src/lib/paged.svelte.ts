import type { Page } from '@catalogsync/contract'

type Fetch<Row> = (cursor: number | null) => Promise<Page<Row>>
type Change<Row> = (rows: Row[]) => Row[]
/** More pages than a reader scrolls through; a longer list is read again only at its begin. */
const mostRereads = 10

/** A keyset-paged list that grows as its end comes into view, and that events change while it is read. */
export class Paged<Row> {
  rows = $state.raw<Row[]>([])
  next = $state<number | null>(null)
  /** Why the last read failed; null: it did not. */
  problem = $state.raw<unknown>(null)
  readonly #fetch: Fetch<Row>
  #busy = false
  #again = false
  /** What has happened since the read that is under way was asked for: its answer may not know of it. */
  #meanwhile: Change<Row>[] = []

  constructor(first: Page<Row>, fetch: Fetch<Row>) {
    this.rows = first.rows
    this.next = first.next
    this.#fetch = fetch
  }

  /** Folds an event into the rows. It may be folded twice, in order, and must then come to the same. */
  change(change: Change<Row>): void {
    this.rows = change(this.rows)
    if (this.#busy) this.#meanwhile.push(change)
  }

  /** Reads the next page, unless something is being read already. */
  async more(): Promise<void> {
    if (this.#busy || this.next === null) return
    await this.#read(async () => {
      const page = await this.#fetch(this.next)
      return { rows: [...this.rows, ...page.rows], next: page.next }
    })
  }

  /** Reads again what is shown, from the begin; once more if it is asked for in the meantime. */
  async reread(): Promise<void> {
    if (this.#busy) {
      this.#again = true
      return
    }
    await this.#read(async () => {
      let page = await this.#fetch(null)
      const rows = [...page.rows]
      for (let n = 1; rows.length < this.rows.length && page.next !== null && n < mostRereads; n += 1) {
        page = await this.#fetch(page.next)
        rows.push(...page.rows)
      }
      return { rows, next: page.next }
    })
  }

  async #read(read: () => Promise<Page<Row>>): Promise<void> {
    this.#busy = true
    try {
      const { rows, next } = await read()
      this.rows = this.#meanwhile.reduce((all, change) => change(all), rows)
      this.next = next
      this.problem = null
    } catch (error) {
      this.problem = error
    } finally {
      this.#busy = false
      this.#meanwhile = []
    }
    if (!this.#again) return
    this.#again = false
    await this.reread()
  }
}
