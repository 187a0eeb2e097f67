import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { PortError, SourcePlaylist } from '@catalogsync/core/ports'
import { callContext, describeSourceAdapter, givenSupysonic, rejection } from '@catalogsync/core/testing'
import { subsonicSource } from './adapter.ts'

const server = await givenSupysonic({ mustRun: process.env['CI'] !== undefined })
afterAll(() => server?.end())

if (server) real(server)
else test.skip('SUPYSONIC IS NOT INSTALLED: nothing of this file has run', () => undefined)

function real({ url, user, password, libraryDir }: NonNullable<typeof server>): void {
  const source = (values: Record<string, string> = {}) =>
    subsonicSource({
      id: 'home',
      type: 'subsonic',
      values: { URL: url, USER: user, PASSWORD: password, ALBUMS: 'yes', ...values },
    })

  const files = {
    'Cold Day': 'Macroform/Opsound Sampler/01 - Cold Day.flac',
    'Robot Dity': 'Macroform/Opsound Sampler/02 - Robot Dity.flac',
    'The Simplicity': 'Macroform/Opsound Sampler/CD2/01 - The Simplicity.flac',
    'Morning Coffee': 'Manolo Camp/Café & Ночь 夜/01 - Morning Coffee.flac',
    System: 'Reno Project/System/01 - System.ogg',
    bell: 'freedesktop/bell.ogg',
    complete: 'freedesktop/complete.ogg',
    message: 'freedesktop/message.ogg',
    'phone-incoming-call': 'freedesktop/phone-incoming-call.ogg',
    morning_coffee: 'untagged/morning_coffee.wav',
  }
  const sha256 = (path: string) =>
    createHash('sha256')
      .update(readFileSync(join(libraryDir, path)))
      .digest('hex')
  const titles = Object.keys(files)

  describeSourceAdapter(
    'subsonic (supysonic)',
    async () => ({ adapter: source(), again: () => source(), dispose: () => Promise.resolve() }),
    {
      pools: ['All playlists', 'All albums'],
      playlists: {
        'Everything 全部': titles,
        'Opsound FLAC': titles.slice(0, 4),
        'Macroform - Opsound Sampler': titles.slice(0, 3),
        'Manolo Camp - Café & Ночь 夜': titles.slice(3, 4),
        'Reno Project - System': titles.slice(4, 5),
        '[non-album tracks]': titles.slice(5).toSorted(),
      },
      sha256: Object.fromEntries(Object.entries(files).map(([title, path]) => [title, sha256(path)])),
      secrets: [password, Buffer.from(password).toString('hex')],
    },
  )

  describe('what supysonic is like', () => {
    const ctx = callContext()
    const playlists = async (): Promise<SourcePlaylist[]> =>
      (await source().listPlaylists({ remoteId: 'playlists', name: '' }, ctx)).entries
    const everything = async () => {
      const found = (await playlists()).find(({ name }) => name === 'Everything 全部')
      return (await source().listSongs(found ?? none, ctx)).entries
    }
    const none: SourcePlaylist = { remoteId: '', name: '', songCount: null, changeToken: null, locator: null }

    test('all files are of this test', async () => {
      const found = (await readdir(libraryDir, { recursive: true })).filter((name) => /\.\w+$/.test(name))
      expect(found.toSorted()).toEqual(Object.values(files).toSorted())
    })

    test('songs have their tags; a file without any has only its name', async () => {
      const songs = await everything()
      expect(songs.find(({ title }) => title === 'The Simplicity')).toMatchObject({
        artists: ['Macroform'],
        album: 'Opsound Sampler',
        trackNo: 1,
        discNo: 2,
        year: 2004,
        durationMs: 279_000,
        suffix: 'flac',
        locator: { path: files['The Simplicity'], kbps: 62 },
      })
      expect(songs.find(({ title }) => title === 'morning_coffee')).toMatchObject({
        artists: [],
        album: null,
      })
      for (const { title, locator } of songs) {
        expect(basename((locator as { path: string }).path)).toContain(title) // as toSong makes it
      }
    })

    test('a song is found by its tags', async () => {
      const wanted = (await everything()).find(({ title }) => title === 'Morning Coffee')
      const [found] = await source().findSong(
        { ...wanted!, remoteId: 'elsewhere', title: 'MORNING coffee' },
        ctx,
      )
      expect(found).toEqual(wanted)
    })

    test('a song that is gone is explained', async () => {
      const gone = { ...(await everything())[0]!, remoteId: '00000000-0000-0000-0000-000000000000' }
      const resolved = await source().resolve(gone, ctx)
      if (resolved.kind !== 'url') throw new Error('a file?')
      const answer = await fetch(resolved.url)
      const bodyStart = await answer.text()
      const { status } = answer
      expect(status).toBe(200)
      expect(resolved.explain?.({ status, contentType: 'application/json', bodyStart })).toMatchObject({
        class: 'permanent',
        reason: `${url} says: Track or Album not found (error 70)`,
      })
    })

    test('a wrong password closes the gate, in the words of the server', async () => {
      const error = (await rejection(source({ PASSWORD: 'wrong' }).listPools(ctx))) as PortError
      expect(error).toMatchObject({
        class: 'auth',
        reason: `${url} says: Wrong username or password. (error 40)`,
      })
    })

    test('a token alone is not taken, and that is said', async () => {
      const error = (await rejection(source({ LOGIN: 'token' }).listPools(ctx))) as PortError
      expect(error.class).toBe('auth')
      expect(error.reason).toContain('takes none of the logins that were tried (token)')
    })
  })
}
