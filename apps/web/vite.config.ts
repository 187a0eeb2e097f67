import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** Where `vite dev` finds a running `catalogsync serve`. */
const door = 'http://127.0.0.1:8421'

const source = (name: string) =>
  fileURLToPath(new URL(`../../packages/${name}/src/index.ts`, import.meta.url))

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ fallback: 'index.html', precompress: true }),
      compilerOptions: { runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true) },
    }),
  ],
  // Our packages are bundled from their sources, so that the page needs no build but its own.
  resolve: {
    alias: { '@catalogsync/client': source('client'), '@catalogsync/contract': source('contract') },
  },
  server: {
    proxy: { '/trpc': { target: door, ws: true }, '/session': door },
  },
})
