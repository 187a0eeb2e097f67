export { startServer, type Server, type ServerOptions } from './start.ts'
export { adminToken } from './access/token.ts'
export type { Machine } from './machine.ts'
export type { AppRouter } from './router.ts'
