/** One way to narrow a list: an address, and what it is called. */
export interface Tab {
  value: string
  label: string
  href: string
  count?: string | undefined
}
