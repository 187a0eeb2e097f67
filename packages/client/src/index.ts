export { createClient, type Client, type ClientOptions } from './client.ts'
export { errorOf, type ClientError } from './errors.ts'
