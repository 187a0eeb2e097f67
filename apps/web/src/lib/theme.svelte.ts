import { remember, remembered } from './storage.ts'

export type Theme = 'system' | 'light' | 'dark'

const current = $state({ theme: initial() })

export const theme = (): Theme => current.theme

export function chooseTheme(next: Theme): void {
  current.theme = next
  remember('theme', next === 'system' ? null : next)
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
}

function initial(): Theme {
  const chosen = remembered('theme')
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}
