export { createDemo, demoFolders } from './create.ts'
export type { DemoLibrary } from './create.ts'
export { demoEnv, writeDemoEnv } from './env.ts'
