import type { ErrorCode } from '@catalogsync/contract'

/** What the exit code of the command line means; the same list is in --help and docs/catalogsync.md. */
export const exitCodes = {
  fine: 0,
  unexpected: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  environment: 5,
  jobFailed: 6,
  jobWithErrors: 7,
  auditViolations: 8,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const { unexpected, usage, notFound, refused, environment } = exitCodes

export const exitCodeOf = {
  invalid_input: usage,
  job_not_found: notFound,
  item_not_found: notFound,
  command_not_found: notFound,
  playlist_not_found: notFound,
  song_not_found: notFound,
  unknown_source: usage,
  unknown_backend: usage,
  unknown_source_type: environment,
  unknown_backend_type: environment,
  nothing_configured: environment,
  env_file_missing: environment,
  env_invalid: environment,
  folder_not_writable: environment,
  database_newer: environment,
  database_unusable: environment,
  port_in_use: environment,
  cannot_listen: environment,
  node_too_old: environment,
  no_data: environment,
  library_marker_missing: environment,
  runner_id_taken: refused,
  runner_ousted: refused,
  not_signed_in: refused,
  wrong_token: refused,
  role_needed: refused,
  too_many: refused,
  foreign_origin: refused,
  not_json: usage,
  internal: unexpected,
} as const satisfies Record<ErrorCode, ExitCode>
