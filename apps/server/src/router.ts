import { configRouter } from './routers/config.ts'
import { eventsRouter } from './routers/events.ts'
import { gatesRouter } from './routers/gates.ts'
import { itemsRouter } from './routers/items.ts'
import { jobsRouter } from './routers/jobs.ts'
import { liveRouter } from './routers/live.ts'
import { logsRouter } from './routers/logs.ts'
import { playlistsRouter } from './routers/playlists.ts'
import { songsRouter } from './routers/songs.ts'
import { systemRouter } from './routers/system.ts'
import { workersRouter } from './routers/workers.ts'
import { router } from './trpc.ts'

/** The whole door, by noun. */
export const appRouter = router({
  jobs: jobsRouter,
  items: itemsRouter,
  playlists: playlistsRouter,
  songs: songsRouter,
  logs: logsRouter,
  events: eventsRouter,
  config: configRouter,
  workers: workersRouter,
  gates: gatesRouter,
  system: systemRouter,
  live: liveRouter,
})

export type AppRouter = typeof appRouter
