// What the person chose, or what the system says. Kept apart from the bundle because it must run before the first paint.
;(() => {
  let chosen
  try {
    chosen = localStorage.getItem('catalogsync.theme')
  } catch {
    chosen = null // storage is switched off: follow the system
  }
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
})()
