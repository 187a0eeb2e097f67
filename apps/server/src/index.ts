export { startServer, type Server, type ServerOptions } from './start.ts'
