/**
 * Copies text. The clipboard interface is there only over HTTPS, and a console in a LAN mostly has plain HTTP: then a
 * hidden field is selected and copied as browsers did before.
 */
export async function copyText(text: string): Promise<boolean> {
  if ('clipboard' in navigator) {
    const written = navigator.clipboard.writeText(text)
    if (await written.then(() => true).catch(() => false)) return true
  }
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'sr-only'
  document.body.append(field)
  field.select()
  // Deprecated, but nothing newer works without HTTPS.
  const done = document.execCommand('copy')
  field.remove()
  return done
}
