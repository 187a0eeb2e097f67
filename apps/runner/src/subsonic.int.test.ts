import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { audit, closedGates, gateView } from '@catalogsync/core'
import type { SourceAdapter, SourceSettings, Wiring } from '@catalogsync/core/ports'
import { givenMachine, givenSupysonic, until, type Machine, type Supysonic } from '@catalogsync/core/testing'
import { sourceTypes } from '@catalogsync/sources'
import { backendTypes } from '@catalogsync/storage'

const mustRun = process.env['CI'] !== undefined
const server = await givenSupysonic({ mustRun })
afterAll(() => server?.end())

if (server) real(server)
else test.skip('SUPYSONIC IS NOT INSTALLED: nothing of this file has run', () => undefined)

function real(server: Supysonic): void {
  const machines: Machine[] = []
  afterEach(async () => {
    for (const machine of machines.splice(0)) await machine.end()
    await server.kill()
    await server.start()
  })

  const settingsOf = (password: string) => ({
    sources: [
      { id: 'home', type: 'subsonic', values: { URL: server.url, USER: server.user, PASSWORD: password } },
    ],
  })

  /** A machine whose only source is the server, and whose backend is a folder. */
  async function given(password = server.password) {
    const machine = await givenMachine({ settings: settingsOf(password) })
    machines.push(machine)
    const objects = path.join(machine.folder, 'objects')
    await mkdir(objects)
    machine.settings.backends = [{ id: 'nas', type: 'filesystem', values: { PATH: objects } }]
    return { ...machine, objects }
  }

  const wiring: Wiring = { sources: sourceTypes, backends: backendTypes }
  const full = { jobType: 'full' } as const
  const everything = 10

  const audited = async ({ database, settings, lockFolder }: Machine) => {
    const report = await audit({ database, settings, lockFolder, bytes: 'all' })
    expect(report.findings.filter(({ severity }) => severity === 'violation')).toEqual([])
    expect(report.checked['files']).not.toBe(0)
  }

  describe('a full job over a real server', () => {
    test('brings both playlists, byte for byte what the server holds, and stores them', async () => {
      const machine = await given()
      await machine.start({ wiring })
      const job = await machine.job(full)
      const view = await machine.jobIs(job, 'completed')
      const counts = Object.fromEntries(view.stages.map((stage) => [stage.stageType, stage.counts.succeeded]))
      expect(counts).toEqual({ collect: 2, sync: 2, download: everything, upload: everything })

      const held = await hashesIn(server.libraryDir)
      const ours = await hashesIn(machine.libraryDir)
      expect(Object.values(ours).toSorted()).toEqual(Object.values(held).toSorted())
      expect(Object.values(await hashesIn(machine.objects)).toSorted()).toEqual(
        Object.values(held).toSorted(),
      )
      expect(Object.keys(ours)).toContain('Manolo Camp/Café & Ночь 夜/01 - Morning Coffee.flac')
      expect(new Set(Object.keys(ours).map((name) => path.extname(name)))).toEqual(
        new Set(['.flac', '.ogg', '.wav']),
      )
      await audited(machine)
    })

    test('and another server reads the same tags from our library', async () => {
      const machine = await given()
      await machine.start({ wiring })
      await machine.jobIs(await machine.job(full), 'completed')
      const reader = await givenSupysonic({ mustRun, libraryDir: machine.libraryDir })
      if (!reader) throw new Error('it was there a moment ago')
      try {
        const tags = async (from: Supysonic) =>
          (await songsOf(from)).map(({ title, artist, album, track, discNumber, duration, size }) =>
            JSON.stringify({
              title: title.replace(/\.\w{3,4}$/, ''),
              artist,
              album,
              track,
              discNumber,
              duration,
              size,
            }),
          )
        expect((await tags(reader)).toSorted()).toEqual((await tags(server)).toSorted())
        expect(await songsOf(reader)).toHaveLength(everything)
      } finally {
        await reader.end()
      }
    })

    test('a wrong password closes the gate, costs no attempt, and the right one opens it', async () => {
      const machine = await given('wrong-password')
      const runner = await machine.start({ wiring })
      const job = await machine.job(full)
      const [closed] = await until('the gate to close', async () => {
        const events = await machine.events('gate_closed')
        return events.length > 0 && events
      })
      expect(closed?.payload).toMatchObject({
        gate: 'source',
        ref: 'home',
        class: 'auth',
        reason: `${server.url} says: Wrong username or password. (error 40)`,
        until: null,
      })
      const [item] = await machine.items(job)
      expect(item).toMatchObject({ status: 'pending', attempts: 0 })
      expect((await machine.jobView(job)).status).toBe('running')
      expect(JSON.stringify(await machine.events('item_settled'))).not.toContain('wrong-password')

      await runner.stop('the password is mended')
      machine.settings.sources = settingsOf(server.password).sources
      await machine.start({ wiring })
      await machine.jobIs(job, 'completed')
      expect(await closedGates(machine.database.db)).toEqual([])
    })

    test('a server that stops in the middle closes the gate; when it is back, nothing is lost', async () => {
      const machine = await given()
      let resolved = 0
      const stopsAtFifth = (adapter: SourceAdapter): SourceAdapter => ({
        ...adapter,
        resolve: async (song, ctx) => {
          const where = await adapter.resolve(song, ctx)
          resolved += 1
          if (resolved === 5) await server.kill()
          return where
        },
      })
      const sources = {
        ...sourceTypes,
        subsonic: (s: SourceSettings) => stopsAtFifth(sourceTypes.subsonic(s)),
      }
      await machine.start({ wiring: { ...wiring, sources } })
      const job = await machine.job(full)
      await until('the gate to close', async () => (await machine.events('gate_closed')).length > 0)
      await machine.quiet()

      const [gate] = (await closedGates(machine.database.db)).map(gateView)
      expect(gate).toMatchObject({ kind: 'source', ref: 'home', class: 'blocked' })
      expect(gate?.reason).toMatch(/cannot be reached: connection refused|went away in the middle/)
      expect((await machine.jobView(job)).status).toBe('running')
      const waiting = (await machine.items(job)).filter(({ status }) => status === 'pending')
      expect(waiting.length).toBeGreaterThan(0)
      for (const item of waiting) expect(item.attempts).toBe(0)

      // Still away when the gate lets one through: it closes again, for longer.
      machine.clock.advance(31_000)
      await until('the probe to fail', async () =>
        (await closedGates(machine.database.db)).some(({ strikes }) => strikes > 0),
      )
      await server.start()
      machine.clock.advance(15 * 60_000)
      await machine.jobIs(job, 'completed')
      expect((await machine.events('gate_opened')).map(({ payload }) => payload.ref)).toContain('home')
      for (const item of await machine.items(job)) {
        expect(item).toMatchObject({ status: 'succeeded', attempts: 1 })
      }
      const [ours, held] = [await hashesIn(machine.libraryDir), await hashesIn(server.libraryDir)]
      expect(Object.values(ours).toSorted()).toEqual(Object.values(held).toSorted())
      await audited(machine)
    })
  })
}

/** SHA-256 of every audio file below a folder, by its path. */
async function hashesIn(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true })
  const audio = names.filter((name) => /\.(flac|ogg|wav)$/.test(name))
  const hashes = audio.map(async (name): Promise<[string, string]> => {
    const bytes = await readFile(path.join(folder, name))
    return [name.normalize('NFC'), createHash('sha256').update(bytes).digest('hex')]
  })
  return Object.fromEntries(await Promise.all(hashes))
}

interface ServedSong {
  title: string
  artist: string
  album: string
  track: number
  discNumber: number
  duration: number
  size: number
}

/** What a server reads from its files, asked without any code of ours. */
async function songsOf({ url, user, password }: Supysonic): Promise<ServedSong[]> {
  const query = new URLSearchParams({ u: user, p: password, v: '1.10.2', c: 'test', f: 'json', size: '500' })
  const answer = await fetch(`${url}/rest/getRandomSongs.view?${query.toString()}`)
  const json = (await answer.json()) as { 'subsonic-response': { randomSongs: { song: ServedSong[] } } } // as it is documented
  return json['subsonic-response'].randomSongs.song
}
