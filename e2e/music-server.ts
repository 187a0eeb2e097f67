import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface MusicServer {
  url: string
  /** From now on a song that is asked for stops half-way, until `release`. */
  hold: () => void
  release: () => void
  /** The song that was gone is there again. */
  mend: () => void
  close: () => Promise<void>
}

const titles = ['夜', 'Étude', 'Ночь', 'Ebb', 'Flood', 'Salt', 'Kelp', 'Gone']
const gone = titles.length

/** A small server that speaks Subsonic: one playlist, whose last song is gone, and downloads that can be held up. */
export async function musicServer(): Promise<MusicServer> {
  let held = false
  let mended = false
  const waiting: (() => void)[] = []

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://music')
    const method = /^\/rest\/(\w+)/.exec(pathname)?.[1]
    if (method === 'getPlaylists') reply(response, { playlists: { playlist: [playlist] } })
    else if (method === 'getPlaylist') reply(response, { playlist: { ...playlist, entry: titles.map(song) } })
    else if (method === 'download') download(Number(searchParams.get('id')), response)
    else reply(response, {})
  })

  function download(id: number, response: ServerResponse): void {
    if (id === gone && !mended) {
      reply(response, { status: 'failed', error: { code: 70, message: 'The requested data was not found' } })
      return
    }
    const file = wav(id)
    response.writeHead(200, { 'content-type': 'audio/x-wav', 'content-length': String(file.length) })
    response.write(file.subarray(0, file.length / 2))
    const finish = () => response.end(file.subarray(file.length / 2))
    if (held) waiting.push(finish)
    else finish()
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // listening on TCP, so never a pipe's name
  return {
    url: `http://127.0.0.1:${port}`,
    hold: () => void (held = true),
    release: () => {
      held = false
      for (const finish of waiting.splice(0)) finish()
    },
    mend: () => void (mended = true),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** The settings that make it a source, with a folder for the copies. */
export function settingsFor({ url }: MusicServer, dataDir: string): string {
  return `SOURCES=home
SOURCE_HOME_TYPE=subsonic
SOURCE_HOME_URL=${url}
SOURCE_HOME_USER=listener
SOURCE_HOME_PASSWORD=secret-of-the-listener
BACKENDS=copy
BACKEND_COPY_TYPE=filesystem
BACKEND_COPY_PATH=${dataDir}/copy
WORKERS_DOWNLOAD=2
RECOVERY_MODE=resume
`
}

const playlist = { id: '1', name: '夜行 · Night', songCount: titles.length, changed: '2024-05-01T10:00:00Z' }

const song = (title: string, at: number) => ({
  id: String(at + 1),
  title,
  artist: '林夜',
  album: 'Night Lines',
  track: at + 1,
  duration: 2,
  suffix: 'wav',
  size: wav(at + 1).length,
  path: `Night Lines/${at + 1}.wav`,
})

function reply(response: ServerResponse, content: Record<string, unknown>): void {
  response.setHeader('content-type', 'application/json')
  response.end(
    JSON.stringify({ 'subsonic-response': { status: 'ok', version: '1.16.1', type: 'e2e', ...content } }),
  )
}

/** Two seconds of a quiet tone, another one for each song, as PCM in a WAV file (8,000 samples a second, 16 bits). */
function wav(id: number): Buffer {
  const samples = Buffer.alloc(32_000)
  for (let i = 0; i < 16_000; i += 1)
    samples.writeInt16LE(Math.round(4_000 * Math.sin((i * (200 + 40 * id) * 2 * Math.PI) / 8_000)), i * 2)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(36 + samples.length, 4)
  head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8_000, 24)
  head.writeUInt32LE(16_000, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36, 'latin1')
  head.writeUInt32LE(samples.length, 40)
  return Buffer.concat([head, samples])
}
