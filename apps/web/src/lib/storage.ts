/** What this browser remembers of a person's choices. Storage may be switched off: then nothing is remembered. */
type Choice = 'language' | 'theme'

export function remembered(choice: Choice): string | null {
  try {
    return localStorage.getItem(`catalogsync.${choice}`)
  } catch {
    return null
  }
}

export function remember(choice: Choice, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`catalogsync.${choice}`)
    else localStorage.setItem(`catalogsync.${choice}`, value)
  } catch {
    // A choice that cannot be kept still holds for this visit.
  }
}
