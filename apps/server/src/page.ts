import { createHash } from 'node:crypto'
import type { Language } from '@catalogsync/contract'

/** The page that stands where the console will be. */
export function page(acceptLanguage: string | undefined, version: string): string {
  const language = preferred(acceptLanguage)
  const text = texts[language]
  const rows = commands.map(
    (command, at) => `<dt><code>${command}</code></dt><dd>${text.commands[at] ?? ''}</dd>`,
  )
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Catalogsync</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>Catalogsync</h1>
<p>${text.soon}</p>
<p>${text.meanwhile}</p>
<dl>${rows.join('')}</dl>
<p><small>${text.version} ${version} · <a href="/healthz">/healthz</a></small></p>
</main>
</body>
</html>
`
}

const style =
  ':root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}main{max-width:40rem;margin:10vh auto;padding:0 1rem}' +
  'code{font:.95em ui-monospace,monospace}dd{margin:0 0 .75rem 0}'

export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; ` +
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  vary: 'accept-language',
}

const commands = [
  'scripts/catalogsync job start --type full --watch',
  'scripts/catalogsync job list',
  'scripts/catalogsync job watch 1',
  'scripts/catalogsync item list 1 --status failed',
  'scripts/catalogsync --help',
] as const

interface Text {
  soon: string
  meanwhile: string
  version: string
  /** What each of `commands` does. */
  commands: readonly [string, string, string, string, string]
}

const texts = {
  en: {
    soon: 'The server is running. Its console is on its way and will open here.',
    meanwhile: 'Until then, everything can be done on the command line:',
    version: 'Version',
    commands: [
      'fetches what is missing, and shows how far it is',
      'shows the jobs',
      'follows job 1 to its end',
      'shows which items of job 1 failed, and why',
      'explains every command',
    ],
  },
  'zh-CN': {
    soon: '服务正在运行。控制台即将推出，届时会在此打开。',
    meanwhile: '在此之前，一切都可以用命令行完成：',
    version: '版本',
    commands: [
      '获取缺少的内容，并显示进度',
      '显示任务',
      '跟踪任务 1 直到结束',
      '显示任务 1 中失败的条目及原因',
      '说明每个命令',
    ],
  },
} as const satisfies Record<Language, Text>

/** The first language of an Accept-Language header (RFC 9110, 12.5.4), by weight, that the page is written in. */
function preferred(header = ''): Language {
  const wanted = header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/)
      const weight = parameters.find((parameter) => parameter.startsWith('q='))
      return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) || 0 }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  const found = wanted.find(({ tag }) => /^(en|zh)\b/.test(tag))
  return found?.tag.startsWith('zh') ? 'zh-CN' : 'en'
}
