import type { Look } from './states/look.ts'

export interface Toast {
  id: number
  look: Look
  text: string
}

const shown = $state<{ list: Toast[] }>({ list: [] })
let last = 0

export const toasts = (): readonly Toast[] => shown.list

/** Says something at the edge of the page; what went wrong stays until it is closed, the rest for some seconds. */
export function toast(look: Look, text: string): number {
  const id = ++last
  shown.list = [...shown.list.slice(-4), { id, look, text }]
  fade(id, look)
  return id
}

/** The same message, further on: "waits for a runner" becomes "paused". */
export function settleToast(id: number, look: Look, text: string): void {
  if (!shown.list.some((one) => one.id === id)) {
    toast(look, text)
    return
  }
  shown.list = shown.list.map((one) => (one.id === id ? { id, look, text } : one))
  fade(id, look)
}

export function dismiss(id: number): void {
  shown.list = shown.list.filter((one) => one.id !== id)
}

function fade(id: number, look: Look): void {
  if (look.tone === 'good' || look.tone === 'idle') setTimeout(() => dismiss(id), 6000)
}
