/** Who said what a value is. */
export type Origin = 'flag' | 'process' | 'file' | 'default'

/** Where one value comes from: what later checks need to say which line is wrong. */
export interface Found {
  text: string
  origin: Origin
  line: number | null
}
