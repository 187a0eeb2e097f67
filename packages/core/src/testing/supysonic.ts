import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const script = path.resolve(import.meta.dirname, '../../../../scripts/testing/supysonic.sh')

export interface Supysonic {
  url: string
  user: string
  password: string
  /** Folder of the audio that it serves. */
  libraryDir: string
  /** Ends the process at once; it can be started again, on the same port. */
  kill(): Promise<void>
  start(): Promise<void>
  end(): Promise<void>
}

/**
 * A real supysonic on 127.0.0.1 with ten tracks and two playlists, or over `libraryDir`. null, with a loud line,
 * where its packages cannot be installed; on CI (`mustRun`) that is an error.
 */
export async function givenSupysonic(
  options: { mustRun: boolean; libraryDir?: string } = { mustRun: true },
): Promise<Supysonic | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'supysonic-'))
  const port = await freePort()
  const [user, password] = ['admin', 'pa&ss wörd']
  const own = options.libraryDir
  const call = (...args: string[]) =>
    run('sh', [script, ...args], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', SUBSONIC_PASSWORD: password },
    })
  const start = async () => {
    await call('start', folder, String(port), ...(own === undefined ? [] : [own]))
  }
  try {
    await start()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    if (options.mustRun || (error as { code?: number }).code !== exitCannotInstall) throw error // execFile's
    process.stderr.write(
      '\n!!!! NO SUPYSONIC: its tests DO NOT RUN. It needs root and apt-get once. !!!!\n\n',
    )
    return null
  }
  const kill = async () => {
    const pid = Number(await readFile(path.join(folder, 'pid'), 'utf8'))
    if (await isAlive(pid)) process.kill(pid, 'SIGKILL')
    for (let looks = 0; (await isAlive(pid)) && looks < 2_000; looks += 1)
      await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return {
    url: `http://127.0.0.1:${port}`,
    user,
    password,
    libraryDir: own ?? path.join(folder, 'library'),
    kill,
    start,
    async end() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const exitCannotInstall = 3

/** A zombie that nobody has waited for serves nobody. */
const isAlive = (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !/\) [ZX] /.test(stat),
    () => false,
  )

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  await new Promise((resolve) => server.close(resolve))
  return port
}
