// is-installed.mjs ROOT: exits 0 if node_modules already holds exactly what package-lock.json asks for, as after an
// `npm install` by hand. Runs on whatever old Node the system has, so: no TypeScript here.
import { readFileSync } from 'node:fs'

const root = process.argv[2]
const wanted = packages('package-lock.json')
const present = packages('node_modules/.package-lock.json')
const same = (path) => (wanted[path] || {}).integrity === (present[path] || {}).integrity
const missing = Object.keys(wanted).filter((path) => !wanted[path].optional && !(path in present))
const different = Object.keys(present).filter((path) => !(path in wanted) || !same(path))
process.exit(missing.length + different.length === 0 && Object.keys(present).length > 0 ? 0 : 1)

/** The installed packages of one of npm's lock files, without the links to our own workspaces. */
function packages(file) {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(`${root}/${file}`, 'utf8')).packages)
    return Object.fromEntries(entries.filter(([path, entry]) => /node_modules\//.test(path) && !entry.link))
  } catch {
    return {}
  }
}
