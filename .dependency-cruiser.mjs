/**
 * The arrows between the rooms (docs/decisions/0002-boundaries.md). `npm run boundaries` checks the tree,
 * test/boundaries.test.ts plants a bad import for each rule. Paths are matched after resolving, so an import by
 * package name and one by relative path are the same.
 */

const test = String.raw`\.test\.ts$`
const testing = '^(packages|apps)/[^/]+/src/testing/'
const notTests = [test, testing]
const core = (...folders) => `^packages/core/src/(${folders.join('|')})/`

const everywhere = [
  {
    name: 'no-cycles',
    comment:
      'Files that need each other can only be read, moved and loaded together. Loops of `import type` alone count ' +
      'too: the shared type wants a file of its own, below both.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolvable',
    comment:
      "An import that leads nowhere fails on the operator's box, not here. SvelteKit makes its own up at build.",
    from: {},
    to: { couldNotResolve: true, pathNot: String.raw`^(\$app/|\./\$types$)` },
  },
  {
    name: 'no-undeclared-package',
    comment:
      'What src imports at run time stands under "dependencies" of its own package.json: a dev-dependency, or one ' +
      'that another workspace happens to install, is missing where only production packages are.',
    from: { path: '^(packages|apps)/[^/]+/src/', pathNot: notTests },
    to: {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional'],
      dependencyTypesNot: ['type-only'],
      pathNot: '^(packages|apps)/',
    },
  },
  {
    name: 'packages-by-name',
    comment: 'A relative path into another package goes around its exports, and is not there in its build.',
    from: { path: '^(packages|apps)/([^/]+)/' },
    to: { path: '^(packages|apps)/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
  },
  {
    name: 'no-test-code-in-src',
    comment: 'Fake adapters and factories speak state that no running system may invent.',
    from: { path: '^(packages|apps)/[^/]+/src/', pathNot: notTests },
    to: { path: notTests },
  },
]

const packages = [
  {
    name: 'contract-imports-zod-mini-only',
    comment:
      'The words are read by the browser too: no node module, no other package, and zod/mini in place of zod, ' +
      'which weighs many times as much on the first page.',
    from: { path: '^packages/contract/src/', pathNot: test },
    to: { pathNot: ['^packages/contract/src/', '(^|/)node_modules/zod/mini/'] },
  },
  {
    name: 'core-imports-contract-only',
    comment:
      'The machine knows no transport and no concrete source or backend; the apps wire them in. Otherwise a new ' +
      'adapter would be a change of the machine.',
    from: { path: '^packages/core/' },
    to: { path: '^(packages|apps)/', pathNot: '^packages/(core|contract)/' },
  },
  {
    name: 'adapters-import-ports-and-contract-only',
    comment:
      "A source or a backend is written against the ports, which are all that a stranger's adapter could see. " +
      'What it would take from the rest of core belongs into the port.',
    from: { path: '^packages/(sources|storage)/', pathNot: test },
    to: { path: '^(packages|apps)/', pathNot: ['^packages/contract/', core('ports'), '^packages/$1/'] },
  },
  {
    name: 'adapter-tests-import-core-testing-only',
    comment: 'As above; the conformance suite and the fakes in core/testing are the only addition for tests.',
    from: { path: '^packages/(sources|storage)/.+' + test },
    to: {
      path: '^(packages|apps)/',
      pathNot: ['^packages/contract/', core('ports', 'testing'), '^packages/$1/'],
    },
  },
  {
    name: 'client-imports-contract-only',
    comment: "The client runs in browsers and in other people's scripts: of the server it takes types alone.",
    from: { path: '^packages/client/', pathNot: test },
    to: { path: '^(packages|apps)/', pathNot: '^(packages/(client|contract)|apps/server)/' },
  },
]

const apps = [
  {
    name: 'only-types-of-the-server',
    comment:
      'Types cross the wire as types (`import type { AppRouter }`): one value imported from the server would pull ' +
      'the database into the page.',
    from: { path: '^(packages/client|apps/web)/', pathNot: test },
    to: { path: '^apps/server/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'web-imports-contract-and-client-only',
    comment: 'The window talks to the machine over the wire and in no other way.',
    from: { path: '^apps/web/' },
    to: { path: '^(packages|apps)/', pathNot: '^(packages/(contract|client)|apps/(web|server))/' },
  },
  {
    name: 'packages-do-not-import-apps',
    comment: 'Arrows go down: an app opens, passes and closes; what two apps share is a package.',
    from: { path: '^packages/' },
    to: { path: '^apps/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'apps-do-not-import-each-other',
    comment:
      'Door, clock and window are processes that meet in the database. Only the CLI starts the others.',
    from: { path: '^apps/([^/]+)/', pathNot: '^apps/(cli|web)/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'cli-starts-server-and-runner-only',
    comment: 'The CLI is the one entry: it starts the door and the clock, and knows no page.',
    from: { path: '^apps/cli/' },
    to: { path: '^apps/', pathNot: '^apps/(cli|server|runner)/' },
  },
]

const insideCore = [
  {
    name: 'executors-know-no-database',
    comment: 'Executors tell, the runner writes: two writers of one row disagree one night (style 6).',
    from: { path: core('executors'), pathNot: test },
    to: { path: core('db', 'repositories', 'commands', 'runner', 'audit') },
  },
  {
    name: 'repositories-are-below',
    comment: 'A repository is SQL for one noun: it decides nothing, so it knows none of those who decide.',
    from: { path: core('repositories'), pathNot: test },
    to: { path: core('commands', 'runner') },
  },
  {
    name: 'commands-do-not-run',
    comment:
      'A command checks and writes one row in one transaction; the runner that obeys it may be elsewhere.',
    from: { path: core('commands'), pathNot: test },
    to: { path: core('runner', 'executors') },
  },
  {
    name: 'db-is-the-ground',
    comment: 'Opening, migrating and the table types serve everything above and depend on nothing of it.',
    from: { path: core('db'), pathNot: test },
    to: { path: core('repositories', 'commands', 'executors', 'runner', 'audit', 'library') },
  },
  {
    name: 'ports-stand-alone',
    comment: 'A port is a promise to outsiders: whatever it imports from core becomes part of that promise.',
    from: { path: core('ports'), pathNot: test },
    to: { path: '^packages/core/src/', pathNot: core('ports', 'config') },
  },
  {
    name: 'ports-take-only-types-of-config',
    comment: "As above: the settings' shapes are in the promise, reading and parsing them is not.",
    from: { path: core('ports'), pathNot: test },
    to: { path: core('config'), dependencyTypesNot: ['type-only'] },
  },
]

export default {
  forbidden: [...everywhere, ...packages, ...apps, ...insideCore].map((rule) => ({
    ...rule,
    severity: 'error',
  })),
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^(packages|apps)/[^/]+/(dist|build|\\.svelte-kit|\\.turbo)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      // `source` first, as in the tsconfigs: what is checked is src, and nothing has to be built.
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
}
