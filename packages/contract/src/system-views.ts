import type { GateView } from './views.ts'

export interface RunnerView {
  id: string
  host: string
  pid: number
  version: string
  startedAt: number
  /** It holds its lock: known for the runners of this machine's data folder. */
  alive: boolean
}

export interface SystemInfo {
  version: string
  epoch: string
  /** Where the events stand: as `lastEventId` it gives the stream from here on. */
  cursor: string
  /** The server's time, and when it was started. */
  at: number
  startedAt: number
  hostname: string
  platform: string
  node: string
  runners: RunnerView[]
  envFile: string
  dbPath: string
  dbBytes: number
  libraryDir: string
  /** Bytes free to this program on the disk; null: the folder cannot be read. */
  libraryFreeBytes: number | null
  dataFreeBytes: number | null
  songs: { here: number; missing: number; capped: boolean }
}

export interface ConfigEntry {
  key: string
  /** In place of a secret stands a mark. */
  value: string
  origin: 'flag' | 'process' | 'file' | 'default'
  group: 'paths' | 'library' | 'sources' | 'backends' | 'runner' | 'console' | 'system'
  secret: boolean
  takesEffect: 'now' | 'next job' | 'restart'
  description: { en: string; 'zh-CN': string } | null
}

export interface ConfigView {
  envFile: string
  /** In the order of the documentation, groups together. */
  entries: ConfigEntry[]
  /** Keys of the file that have no effect, and the like. */
  notices: string[]
}

export interface PlaceView {
  id: string
  type: string
  /** The gate that is closed, if it is. */
  gate: GateView | null
}

export interface SourceView extends PlaceView {
  lastCollectedAt: number | null
  pools: number
  playlists: number
}

export type BackendView = PlaceView

export interface PlacesView {
  sources: SourceView[]
  backends: BackendView[]
}
