import { audit as auditData, type AuditReport } from '@catalogsync/core'
import type { Settings } from '@catalogsync/core/config'
import type { StorageBackend } from '@catalogsync/core/ports'
import { lockFolderOf } from '@catalogsync/runner'
import { backendTypes } from '@catalogsync/storage'
import { withDatabase, type Context } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { auditText } from '../messages/audit.ts'
import { count } from '../text/format.ts'
import { plain } from '../text/width.ts'

export interface AuditOptions {
  bytes: 'none' | 'sample' | 'all'
}

/** With `--json`: the report `{ok, findings, checked}`. */
export function audit(ctx: Context, options: AuditOptions): Promise<ExitCode> {
  return withDatabase(ctx, 'readonly', async (database, { settings }) => {
    const backends = backendsOf(settings)
    const report = await auditData({
      database,
      settings,
      lockFolder: lockFolderOf(settings.dbPath),
      bytes: options.bytes,
      backends: backends.get,
      signal: ctx.io.stop,
    }).finally(backends.close)
    ctx.out.give(report)
    ctx.out.say(...reportLines(report, ctx))
    return report.ok ? exitCodes.fine : exitCodes.auditViolations
  })
}

function reportLines({ ok, findings, checked }: AuditReport, { out, language }: Context): string[] {
  const text = auditText(language)
  const lines = findings.map(({ check, severity, message }) =>
    severity === 'violation'
      ? out.paint('bad', text.violation(check, plain(message)))
      : text.notice(check, plain(message)),
  )
  const numbers = Object.entries(checked).map(([what, n]) => text.checked(what, count(n)))
  const violations = findings.filter(({ severity }) => severity === 'violation').length
  return [...lines, ok ? text.clean(numbers.join(', ')) : text.broken(count(violations), numbers.join(', '))]
}

/** The backends of the settings, each made when it is first asked for. */
function backendsOf(settings: Settings) {
  const made = new Map<string, StorageBackend>()
  const types: Partial<Record<string, (typeof backendTypes)[keyof typeof backendTypes]>> = backendTypes
  return {
    get: (id: string): StorageBackend | null => {
      const known = made.get(id)
      if (known) return known
      const configured = settings.backends.find((backend) => backend.id === id)
      const backend = configured && types[configured.type]?.(configured)
      if (backend) made.set(id, backend)
      return backend ?? null
    },
    close: async (): Promise<void> => {
      for (const backend of made.values()) await backend.close()
    },
  }
}
