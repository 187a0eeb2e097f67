import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '@catalogsync/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type LoadOptions, loadSettings } from './load.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'catalogsync-load-'))))
afterEach(() => rmSync(dir, { recursive: true }))

const load = (options: Partial<LoadOptions> = {}) =>
  loadSettings({
    flags: {},
    processEnv: {},
    dataDir: dir,
    cwd: '/somewhere',
    appHome: '/opt/catalogsync',
    ...options,
  })

const envFile = (...lines: string[]): void =>
  writeFileSync(join(dir, 'catalogsync.env'), lines.join('\n') + '\n')

function problemsOf(act: () => unknown): string[] {
  try {
    act()
  } catch (error) {
    if (error instanceof AppError && error.code === 'env_invalid') {
      const { problems } = error.facts as AppError<'env_invalid'>['facts'] // the code says which facts
      return problems.map((p) => `${p.line ?? '-'} ${p.key ?? '-'} ${p.problem}`)
    }
    throw error
  }
  return []
}

describe('paths', () => {
  test('--data sets the defaults of them all, with no file needed', () => {
    const { settings, origin, notices } = load({ dataDir: 'data', cwd: dir })
    const root = join(dir, 'data')
    expect(settings).toMatchObject({
      rootDir: root,
      envFile: join(root, 'catalogsync.env'),
      dbPath: join(root, 'catalogsync.sqlite'),
      libraryDir: join(root, 'library'),
      inputDir: join(root, 'input'),
      logDir: join(root, 'logs'),
      appHome: '/opt/catalogsync',
    })
    expect(origin).toMatchObject({ ROOT_DIR: 'flag', DB_PATH: 'default', LIBRARY_DIR: 'default' })
    expect(notices).toEqual([])
  })

  test('without --data the data folder is beside the program', () => {
    expect(load({ dataDir: null, appHome: dir }).settings.dbPath).toBe(
      join(dir, 'data', 'catalogsync.sqlite'),
    )
  })

  test('relative ones are below the data folder in the file, below the working folder elsewhere', () => {
    envFile('LIBRARY_DIR=music/songs', 'SOURCES=home', 'SOURCE_HOME_TYPE=folder', 'SOURCE_HOME_PATH=home')
    const { settings } = load({ flags: { DB_PATH: 'db.sqlite' }, processEnv: { LOG_DIR: 'logs' } })
    expect(settings.libraryDir).toBe(join(dir, 'music/songs'))
    expect(settings.sources[0]?.values).toEqual({ PATH: join(dir, 'home') })
    expect(settings.dbPath).toBe('/somewhere/db.sqlite')
    expect(settings.logDir).toBe('/somewhere/logs')
  })

  test('ROOT_DIR in the file moves all the others', () => {
    mkdirSync(join(dir, 'etc'))
    const path = join(dir, 'etc', 'my.env')
    writeFileSync(path, 'ROOT_DIR=../moved\nDB_PATH=a.sqlite\n')
    const { settings, origin } = load({ dataDir: null, flags: { ENV_FILE: path } })
    expect(settings).toMatchObject({
      rootDir: join(dir, 'moved'),
      dbPath: join(dir, 'moved', 'a.sqlite'),
      libraryDir: join(dir, 'moved', 'library'),
      envFile: path,
    })
    expect(origin['ROOT_DIR']).toBe('file')
    expect(load({ flags: { ENV_FILE: path } }).settings.libraryDir).toBe(join(dir, 'library'))
  })
})

describe('precedence', () => {
  test('is flag, then process environment, then file, then default', () => {
    envFile('WEB_PORT=1', 'WEB_HOST=file.lan', 'RETRY_ATTEMPTS=7')
    const { settings, origin, values } = load({
      flags: { WEB_PORT: '3' },
      processEnv: { WEB_PORT: '2', WEB_HOST: 'process.lan', HOME: '/root' },
    })
    expect(settings).toMatchObject({
      webPort: 3,
      webHost: 'process.lan',
      retryAttempts: 7,
      retryMaxMs: 300_000,
    })
    expect(origin).toMatchObject({
      WEB_PORT: 'flag',
      WEB_HOST: 'process',
      RETRY_ATTEMPTS: 'file',
      RETRY_MAX_MS: 'default',
    })
    expect(values).toMatchObject({ WEB_PORT: '3', WEB_HOST: 'process.lan', RETRY_MAX_MS: '300000' })
    expect(values).not.toHaveProperty('HOME')
  })

  test('an empty value counts as not given', () => {
    envFile('WEB_PORT=9000', 'RECOVERY_MODE=')
    const { settings, origin } = load({ flags: { WEB_PORT: '' }, processEnv: { WEB_PORT: '' } })
    expect(settings).toMatchObject({ webPort: 9000, recoveryMode: 'pause' })
    expect(origin).toMatchObject({ WEB_PORT: 'file', RECOVERY_MODE: 'default' })
  })

  test('a source takes a secret from the process environment, and nothing else that only looks like its family', () => {
    envFile('SOURCES=home', 'SOURCE_HOME_TYPE=subsonic', 'SOURCE_HOME_PASSWORD=old')
    const { settings, values, origin, notices } = load({
      processEnv: {
        SOURCE_HOME_PASSWORD: 'new',
        SOURCE_DATE_EPOCH: '1',
        NODE_OPTIONS: '--inspect',
        PATH: '/bin',
      },
    })
    expect(settings.sources[0]).toEqual({ id: 'home', type: 'subsonic', values: { PASSWORD: 'new' } })
    expect(origin['SOURCE_HOME_PASSWORD']).toBe('process')
    expect(Object.keys(values)).not.toEqual(expect.arrayContaining(['SOURCE_DATE_EPOCH']))
    expect(Object.keys(values).filter((key) => ['NODE_OPTIONS', 'PATH'].includes(key))).toEqual([])
    expect(notices).toEqual([])
  })

  test('a TZ of the process that names no time zone is passed over; one in the file is a problem', () => {
    expect(load({ processEnv: { TZ: ':/etc/localtime' } }).origin['TZ']).toBe('default')
    expect(load({ processEnv: { TZ: 'Asia/Shanghai' } }).settings.tz).toBe('Asia/Shanghai')
    envFile('TZ=Asia/Nowhere')
    expect(problemsOf(load)).toEqual(['1 TZ must be a time zone such as Asia/Shanghai or UTC'])
  })
})

describe('sources and backends', () => {
  test('each has the keys of its family; - is _ in them, and the longer id takes a key that two could have', () => {
    envFile(
      'SOURCES= my-home , my',
      'SOURCE_MY_HOME_TYPE=subsonic',
      'SOURCE_MY_HOME_URL=http://nas:4533',
      'SOURCE_MY_HOME_API_KEY=k',
      'SOURCE_MY_TYPE=feed',
      'SOURCE_MY_URL=',
      'BACKENDS=bucket',
      'BACKEND_BUCKET_TYPE=filesystem',
      'BACKEND_BUCKET_PATH=/mnt/bucket',
      'DOWNLOAD_SOURCES=my,input',
    )
    const { settings, notices } = load()
    expect(settings.sources).toEqual([
      { id: 'my-home', type: 'subsonic', values: { URL: 'http://nas:4533', API_KEY: 'k' } },
      { id: 'my', type: 'feed', values: {} },
      { id: 'input', type: 'folder', values: { PATH: join(dir, 'input') } },
    ])
    expect(settings.backends).toEqual([{ id: 'bucket', type: 'filesystem', values: { PATH: '/mnt/bucket' } }])
    expect(settings.downloadSources).toEqual(['my', 'input'])
    expect(notices).toEqual([])
  })

  test('an operator may have a source of their own named input', () => {
    envFile('SOURCES=input', 'SOURCE_INPUT_TYPE=feed')
    expect(load().settings.sources).toEqual([{ id: 'input', type: 'feed', values: {} }])
  })

  test.each([
    [['OBJECT_ENDPOINT=/mnt/b'], { id: 'objects', type: 'filesystem', values: { PATH: '/mnt/b' } }],
    [
      ['OBJECT_ENDPOINT=file:///mnt/my%20b', 'OBJECT_BUCKET=music', 'OBJECT_BACKEND_NAME=nas'],
      { id: 'nas', type: 'filesystem', values: { PATH: '/mnt/my b/music' } },
    ],
    [
      ['OBJECT_ENDPOINT=https://oss.example', 'OBJECT_BUCKET=music', 'BACKEND_OBJECTS_SECRET=s'],
      {
        id: 'objects',
        type: 's3',
        values: { ENDPOINT: 'https://oss.example', BUCKET: 'music', SECRET: 's' },
      },
    ],
  ])('OBJECT_ keys are one backend in short: %j', (lines, backend) => {
    envFile(...lines)
    const { settings, notices } = load()
    expect(settings.backends).toEqual([backend])
    expect(notices).toEqual([])
  })

  test('the short form stands beside the long one', () => {
    envFile('BACKENDS=a', 'BACKEND_A_TYPE=filesystem', 'OBJECT_ENDPOINT=/mnt/b')
    expect(load().settings.backends.map((backend) => backend.id)).toEqual(['a', 'objects'])
  })
})

describe('what cannot be used', () => {
  test('a file that was named and is missing', () => {
    const path = join(dir, 'none.env')
    expect(() => load({ flags: { ENV_FILE: path } })).toThrow(new AppError('env_file_missing', { path }))
    expect(() => load({ processEnv: { ENV_FILE: path } })).toThrow(new AppError('env_file_missing', { path }))
    expect(load().settings.envFile).toBe(join(dir, 'catalogsync.env'))
  })

  test('is told all at once, with the numbers of the lines', () => {
    envFile(
      '# settings',
      'WEB_PORT=http',
      'no equals sign',
      'FILE_MODE=rw-r--r--',
      'RECOVERY_MODE=maybe',
      'SOURCES=Home,a,a',
      'PUID=-1',
      'WEB_PORT=1',
      'DOWNLOAD_LAYOUT={nothing}',
    )
    expect(problemsOf(load)).toEqual([
      '2 WEB_PORT must be a whole number from 0 to 65535',
      '3 - has no "="; a line is KEY=value, a # comment, or empty',
      '4 FILE_MODE must be three octal digits, such as 0644',
      '5 RECOVERY_MODE must be one of: pause, resume',
      expect.stringMatching(/^6 SOURCES holds "Home"; an id is 1 to 32 lower-case letters/),
      '6 SOURCES names "a" twice',
      expect.stringMatching(/^7 PUID must be a whole number/),
      '8 WEB_PORT is set twice, on line 2 and on line 8; keep one of them',
      expect.stringMatching(/^9 DOWNLOAD_LAYOUT there is no token "nothing"/),
    ])
  })

  test.each([
    [
      ['SOURCES=home'],
      ['1 SOURCE_HOME_TYPE is missing: SOURCES names "home", so SOURCE_HOME_TYPE must say what type it is'],
    ],
    [
      ['BACKENDS=b', 'BACKEND_B_TYPE='],
      ['1 BACKEND_B_TYPE is missing: BACKENDS names "b", so BACKEND_B_TYPE must say what type it is'],
    ],
    [
      ['SOURCES=a-b,a_b', 'SOURCE_A_B_TYPE=folder'],
      ['1 SOURCES "a-b" and "a_b" would share the keys SOURCE_A_B_…; rename one'],
    ],
    [['DOWNLOAD_SOURCES=qq'], ['1 DOWNLOAD_SOURCES names "qq", which is not in SOURCES']],
    [['OBJECT_BUCKET=b'], ['1 OBJECT_BUCKET needs OBJECT_ENDPOINT, which says where the bucket is']],
    [
      ['OBJECT_ENDPOINT=/b', 'OBJECT_BUCKET=../c'],
      ['2 OBJECT_BUCKET must be 1 to 63 letters, digits, ".", "_" and "-"'],
    ],
    [
      ['OBJECT_ENDPOINT=ftp://b'],
      ['1 OBJECT_ENDPOINT must be an absolute path, file:///folder, or an http(s) URL'],
    ],
    [
      ['BACKENDS=b', 'BACKEND_B_TYPE=filesystem', 'OBJECT_ENDPOINT=/b', 'OBJECT_BACKEND_NAME=b'],
      ['4 OBJECT_BACKEND_NAME "b" is already in BACKENDS; give the short form another name'],
    ],
    [
      ['RETRY_BASE_MS=5000', 'RETRY_MAX_MS=10'],
      ['1 RETRY_BASE_MS RETRY_BASE_MS must not be more than RETRY_MAX_MS'],
    ],
    [['INPUT_DIR=library'], ['1 INPUT_DIR must not be the folder of LIBRARY_DIR']],
  ])('%j', (lines, problems) => {
    envFile(...lines)
    expect(problemsOf(load)).toEqual(problems)
  })

  test('a bad value says where it was given', () => {
    expect(problemsOf(() => load({ flags: { WEB_PORT: 'x' }, processEnv: { RETRY_ATTEMPTS: 'y' } }))).toEqual(
      [
        '- RETRY_ATTEMPTS must be a whole number from 1 to 100 (given in the process environment)',
        '- WEB_PORT must be a whole number from 0 to 65535 (given on the command line)',
      ],
    )
  })

  test('an error and a notice never hold a secret', () => {
    envFile(
      'SOURCES=home',
      'SOURCE_HOME_PASSWORD=canary-1',
      'SOURCE_OLD_TOKEN=canary-2',
      'PASWORD=canary-3',
      'BACKEND_X_SECRET="canary-4',
      'canary-5',
      'WEB_PORT=canary-6',
    )
    let text = ''
    try {
      load()
    } catch (error) {
      text = String(error) + JSON.stringify(error)
    }
    expect(text).toContain('line 5 BACKEND_X_SECRET')
    expect(text).not.toContain('canary')
  })
})

test('a key that nobody knows is a notice and no error', () => {
  envFile('LIBARY_DIR=/music', 'SOURCE_OLD_PASSWORD=x', 'EDITOR=vi', 'web_port=1', 'ENV_FILE=/x')
  const { settings, notices, values } = load()
  expect(notices).toEqual([
    'line 1: LIBARY_DIR is not a setting; it is kept and has no effect. Did you mean LIBRARY_DIR?',
    'line 2: SOURCE_OLD_PASSWORD belongs to no source named in SOURCES; it is kept and has no effect',
    'line 3: EDITOR is not a setting; it is kept and has no effect',
    'line 4: web_port is not a setting; it is kept and has no effect. Did you mean WEB_PORT?',
    'line 5: ENV_FILE has no effect in the file itself; give it as a flag or in the process environment',
  ])
  expect(settings.envFile).toBe(join(dir, 'catalogsync.env'))
  expect(Object.keys(values)).not.toContain('EDITOR')
})
