import comments from '@eslint-community/eslint-plugin-eslint-comments'
import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import { defineConfig, globalIgnores } from 'eslint/config'
import ts from 'typescript-eslint'

/** The one file that may read process.env: it hands the environment on as a value. */
const readsEnvironment = ['apps/cli/src/main.ts', 'playwright.config.ts']

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Take the environment as an argument: only apps/cli/src/main.ts reads process.env (style 11).',
}
const importedEnvironment = {
  selector: "ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name='env']",
  message: environment.message,
}
const mocks = {
  selector: "MemberExpression[object.name='vi'][property.name=/^(mock|doMock)$/]",
  message: 'No mocks of our own modules: give the function what it needs, and use a fake adapter (style 16).',
}

export default defineConfig(
  globalIgnores([
    '**/dist',
    '**/build',
    '**/.svelte-kit',
    '**/coverage',
    'test-results',
    'node_modules',
    'apps/web/static',
  ]),
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  svelte.configs.recommended,
  {
    plugins: { comments },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      globals: globals.node,
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', '.dependency-cruiser.mjs'] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      'no-undef': 'off', // TypeScript knows better
      'no-control-regex': 'off', // file names and magic bytes are matched by control characters on purpose
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', environment, importedEnvironment, mocks],
      'comments/require-description': ['error', { ignore: ['eslint-enable'] }],
      'comments/no-unlimited-disable': 'error',
      'comments/disable-enable-pair': ['error', { allowWholeFile: true }],
      '@typescript-eslint/ban-ts-comment': ['error', { minimumDescriptionLength: 10 }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/require-await': 'off', // a port's method may be async with nothing to wait for
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, allowDefaultCaseForExhaustiveSwitch: false },
      ],
    },
  },
  {
    files: readsEnvironment,
    rules: { 'no-restricted-syntax': ['error', mocks] },
  },
  {
    // Printing is what the command line and the scripts are for.
    files: ['apps/cli/src/**', 'scripts/**', '**/*.test.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.test.ts', 'test/**', 'e2e/**'],
    rules: {
      // A child process in a test starts from the test's own environment.
      'no-restricted-syntax': ['error', mocks],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Kysely's expression builder is made to be taken apart: ({ not, exists }) => …
    files: ['packages/core/src/{db,repositories}/**'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  {
    // Playwright finds a fixture's needs by its parameter, so "none" is written {}.
    files: ['e2e/**'],
    rules: { 'no-empty-pattern': 'off' },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [ts.configs.disableTypeChecked] },
  { files: ['apps/web/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // The console lies at the root of its own port, so that a path needs no resolving.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    // Types of props and snippets are seen by svelte-check, which runs with the types; here they are all `any`, and
    // what a template writes to is taken for constant.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  prettier,
)
