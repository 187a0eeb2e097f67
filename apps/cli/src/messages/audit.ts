import { translated } from '../language.ts'

const en = {
  violation: (check: string, message: string) => `VIOLATION  ${check}: ${message}`,
  notice: (check: string, message: string) => `notice     ${check}: ${message}`,
  checked: (what: string, n: string) => `${what} ${n}`,
  clean: (checked: string) => `Clean. Checked: ${checked}.`,
  broken: (n: string, checked: string) => `Violations: ${n}. Checked: ${checked}.`,
}

const zh: typeof en = {
  violation: (check, message) => `违规  ${check}：${message}`,
  notice: (check, message) => `提示  ${check}：${message}`,
  checked: (what, n) => `${what} ${n}`,
  clean: (checked) => `没有发现问题。已检查：${checked}。`,
  broken: (n, checked) => `发现违规 ${n} 处。已检查：${checked}。`,
}

export const auditText = translated(en, zh)
