import { defaultServerConditions } from 'vite'
import { configDefaults, defineConfig } from 'vitest/config'

/** Packages find each other's src through the exports condition `source`, so that no test needs a build. */
const conditions = ['source', ...defaultServerConditions]

const everywhere = ['packages/*/src', 'apps/*/src', 'test', 'scripts']
const unit = everywhere.map((folder) => `${folder}/**/*.test.ts`)
const integration = everywhere.map((folder) => `${folder}/**/*.int.test.ts`)

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source'] } },
  test: {
    environment: 'node',
    // A process for each file: the SQLite addon and process.exit handlers do not share well in threads.
    pool: 'forks',
    maxWorkers: 2,
    restoreMocks: true,
    // Far above what any unit test takes: a busy machine must not make one fail.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: unit, exclude: [...configDefaults.exclude, '**/*.int.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'integration', include: integration, testTimeout: 300_000, hookTimeout: 120_000 },
      },
    ],
  },
})
