import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Script, gzip, that may be fetched before a page shows: design §9. */
const budget = 120_000
const built = join(import.meta.dirname, '../apps/web/build')
const immutable = join(built, '_app/immutable')

const entry = fileIn('entry', 'app.')
const always = [join(built, 'theme.js'), fileIn('entry', 'start.'), entry, nodeFile(0)]
// The words of a reader of Chinese are fetched before the first page too.
const chinese = filesIn('chunks').filter((file) => readFileSync(file, 'utf8').includes('任务中心'))

const weights = routes(readFileSync(entry, 'utf8'))
  .map(({ path, nodes }) => {
    const files = closure([...always, ...chinese, ...nodes.map(nodeFile)])
    return { path, files: files.size, bytes: [...files].reduce((sum, file) => sum + gzipped(file), 0) }
  })
  .sort((a, b) => b.bytes - a.bytes)

console.log('Script before the page shows, gzip, if it is the first to be opened:')
for (const { path, files, bytes } of weights) {
  console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${String(files).padStart(2)} files  ${path}`)
}
const heaviest = weights[0]
if (chinese.length !== 1 || heaviest === undefined)
  throw new Error('the build is not what this script can read')
console.log(`${(budget / 1000).toFixed(1).padStart(7)} kB            budget`)
if (heaviest.bytes > budget) {
  console.error(`${heaviest.path} is ${heaviest.bytes - budget} bytes over the budget.`)
  process.exitCode = 1
}

/** SvelteKit's own table of routes: `"/(app)/jobs":[7,[2],[3]]` is a page and the layouts around it. */
function routes(app: string): { path: string; nodes: number[] }[] {
  return [...app.matchAll(/"(\/[^"]*)":\[(\d+)(?:,\[([\d,]*)\])?/g)].map(
    ([, path = '', page, layouts = '']) => ({
      path: path.replaceAll(/\/\([^)]*\)/g, ''),
      nodes: [Number(page), ...layouts.split(',').filter(Boolean).map(Number)],
    }),
  )
}

/** The files and all that they import before they run. */
function closure(files: string[]): Set<string> {
  const all = new Set<string>()
  const open = [...files]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (all.has(file)) continue
    all.add(file)
    const text = readFileSync(file, 'utf8')
    for (const [, path = ''] of text.matchAll(
      /(?:^|[;}\s])(?:import|export)[^"'();]*["'](\.[^"']+\.js)["']/g,
    ))
      open.push(join(dirname(file), path))
  }
  return all
}

function gzipped(file: string): number {
  return gzipSync(readFileSync(file), { level: 9 }).length
}

function filesIn(folder: string): string[] {
  return readdirSync(join(immutable, folder))
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(immutable, folder, name))
}

function fileIn(folder: string, begin: string): string {
  const found = filesIn(folder).find((file) => file.startsWith(join(immutable, folder, begin)))
  if (found === undefined) throw new Error(`the console is not built: no ${folder}/${begin}…js`)
  return found
}

function nodeFile(node: number): string {
  return fileIn('nodes', `${node}.`)
}
