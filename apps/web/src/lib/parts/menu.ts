/** One choice of a menu. */
export interface MenuChoice {
  id: string
  title: string
  /** One of several of which one holds now. */
  chosen?: boolean
  danger?: boolean
  run: () => void
}

export interface MenuGroup {
  title?: string
  choices: readonly MenuChoice[]
}
