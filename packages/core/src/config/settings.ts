/** The typed settings of one run: the meaning of catalogsync.env, with every default filled in. */
export interface Settings {
  /** The file that they are read from; it need not exist. */
  envFile: string
  /** Folder of the installed program (APP_HOME) and of the data (ROOT_DIR, `--data`). Absolute paths. */
  appHome: string
  rootDir: string
  dbPath: string
  libraryDir: string
  /** Playlist files dropped here are a source named `input`. */
  inputDir: string
  logDir: string
  downloadLayout: string
  webHost: string
  webPort: number
  /** Names that the console may be called by, besides this machine's own. Lower case, without port. */
  webAllowedHosts: string[]
  /** IANA time zone, for what people read. */
  tz: string
  recoveryMode: 'pause' | 'resume'
  /** Permission bits of published files and created folders. */
  fileMode: number
  dirMode: number
  /** Owner of published files; null leaves it as it is. */
  puid: number | null
  pgid: number | null
  sources: SourceSettings[]
  /** Source ids in order of preference; empty: each song from its own source. */
  downloadSources: string[]
  backends: BackendSettings[]
  /** How many items of each stage one runner works on at once. */
  workers: { collect: number; sync: number; download: number; upload: number }
  /** Tries of a `transient` failure before the item fails. */
  retryAttempts: number
  /** First wait between tries, in milliseconds; it doubles, with full jitter, up to the maximum. */
  retryBaseMs: number
  retryMaxMs: number
}

/** `SOURCES=home` with `SOURCE_HOME_TYPE=folder`, `SOURCE_HOME_PATH=/music` → id `home`, values `{PATH}`. */
export interface SourceSettings {
  id: string
  type: string
  /** The rest of the family, by its suffix: `PATH`, `URL`, `USER`, `PASSWORD`, … Secrets included. */
  values: Record<string, string>
}

/** `BACKENDS=nas` likewise; `OBJECT_BACKEND_NAME`, `OBJECT_BUCKET`, `OBJECT_ENDPOINT` are one in short form. */
export interface BackendSettings {
  id: string
  type: string
  values: Record<string, string>
}

/** What a job remembers of the settings it was started with. Holds no secret. */
export interface ConfigSnapshot {
  library_root: string
  download_sources: string[]
  env_values: Record<string, string>
}
