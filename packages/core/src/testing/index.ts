export * from './wav.ts'
