/** What an audit found. `violation`: a promise is broken. `notice`: worth knowing, nothing is wrong yet. */
export interface Finding {
  check: string
  severity: 'violation' | 'notice'
  message: string
  facts?: Record<string, unknown>
}

export interface AuditReport {
  /** No violation. */
  ok: boolean
  findings: Finding[]
  /** How many of each thing were looked at. */
  checked: Record<string, number>
}

export interface Reporter {
  violation(check: string, message: string, facts?: Record<string, unknown>): void
  notice(check: string, message: string, facts?: Record<string, unknown>): void
  checked(what: string, n?: number): void
  report(): AuditReport
}

/** Findings of one check and severity that are told one by one; a lost library has a million of them. */
const toldOneByOne = 100

export function createReporter(): Reporter {
  const findings: Finding[] = []
  const checked: Record<string, number> = {}
  const found = new Map<string, { check: string; severity: Finding['severity']; n: number }>()

  function add(finding: Finding): void {
    const { check, severity } = finding
    const key = `${severity} ${check}`
    const seen = found.get(key) ?? { check, severity, n: 0 }
    seen.n++
    found.set(key, seen)
    if (seen.n <= toldOneByOne) findings.push(finding)
  }

  return {
    violation: (check, message, facts) => add(finding(check, 'violation', message, facts)),
    notice: (check, message, facts) => add(finding(check, 'notice', message, facts)),
    checked: (what, n = 1) => {
      checked[what] = (checked[what] ?? 0) + n
    },
    report: () => ({
      ok: [...found.values()].every(({ severity }) => severity !== 'violation'),
      findings: [
        ...findings,
        ...[...found.values()].flatMap(({ check, severity, n }) =>
          n > toldOneByOne
            ? [
                finding(check, severity, `and ${n - toldOneByOne} more like these`, {
                  more: n - toldOneByOne,
                }),
              ]
            : [],
        ),
      ],
      checked,
    }),
  }
}

function finding(
  check: string,
  severity: Finding['severity'],
  message: string,
  facts?: Record<string, unknown>,
): Finding {
  return { check, severity, message, ...(facts ? { facts } : {}) }
}
