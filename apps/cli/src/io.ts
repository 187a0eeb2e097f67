/** Where text goes; a TTY has columns. */
export interface Screen {
  write(text: string): void
  isTTY: boolean
  columns: () => number
}

/** Everything that the command line takes from its process, as values. */
export interface Io {
  argv: readonly string[]
  env: Record<string, string | undefined>
  cwd: string
  out: Screen
  err: Screen
  /** The file that started this process: what the runner is forked from. */
  entry: string
  /** Folder of the install. */
  appHome: string
  version: string
  /** Aborts with the name of what asked for the end: SIGTERM, SIGINT, or a parent that has gone. */
  stop: AbortSignal
}
