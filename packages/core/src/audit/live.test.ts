import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sendCommand } from '../commands/send.ts'
import { startJob } from '../commands/start-job.ts'
import { getJob } from '../repositories/jobs.ts'
import { startRunner } from '../runner/runner.ts'
import { audited } from '../testing/audited.ts'
import { tempDatabase, type TempDatabase } from '../testing/database.ts'
import { fakeBackend, fakeSong, fakeSource } from '../testing/fakes.ts'
import { tinyWav } from '../testing/wav.ts'

let home: TempDatabase
beforeEach(async () => {
  home = await tempDatabase()
})
afterEach(() => home.remove())

const songs = Array.from({ length: 120 }, (_, i) =>
  fakeSong(`s${i}`, { title: `Song ${i}`, artists: [`Artist ${i % 7}`], suffix: 'wav' }),
)

test(
  'a runner at work is clean at every moment, and so is what it leaves',
  { timeout: 120_000 },
  async () => {
    const source = path.join(home.folder, 'source')
    await mkdir(source)
    for (const { remoteId } of songs) {
      await writeFile(path.join(source, remoteId), tinyWav({ seconds: 0.2 }))
    }
    const places = {
      sources: [{ id: 'home', type: 'fake', values: {} }],
      backends: [{ id: 'nas', type: 'fake', values: {} }],
    }
    const settings = { ...home.settings, ...places, workers: { collect: 1, sync: 1, download: 4, upload: 2 } }
    const playlist = {
      remoteId: 'p1',
      name: 'All',
      songCount: songs.length,
      changeToken: null,
      locator: null,
    }
    // The last song waits until the machine was looked at while it ran.
    let look = (): void => undefined
    const looked = new Promise<void>((resolve) => (look = resolve))
    const runner = await startRunner({
      database: home.database,
      settings,
      lockFolder: home.lockFolder,
      version: '0',
      wiring: {
        sources: {
          fake: () =>
            fakeSource({
              id: 'home',
              pools: [{ remoteId: 'a', name: 'A' }],
              playlists: [playlist],
              songs: { p1: songs },
              resolve: async ({ remoteId }) => {
                if (remoteId === songs.at(-1)?.remoteId) await looked
                return { kind: 'file', path: path.join(source, remoteId), size: null }
              },
            }),
        },
        backends: { fake: () => fakeBackend({ id: 'nas' }) },
      },
    })
    const snapshot = { library_root: '', download_sources: [], env_values: {} }
    const ctx = { settings, snapshot, by: null, now: Date.now() }
    const jobId = await startJob(home.database, { jobType: 'full' }, ctx)

    try {
      for (let looks = 0; looks < 500; looks++) {
        const report = await audited(home, { bytes: looks % 3 === 0 ? 'all' : 'none' })
        expect(report.findings.filter(({ severity }) => severity === 'violation')).toEqual([])
        const { status, stages } = await getJob(home.database.db, jobId)
        if (stages.some(({ counts }) => counts.running > 0)) look()
        if (looks === 2)
          await sendCommand(home.database, { type: 'pause', jobRunId: jobId }, { by: null, now: Date.now() })
        if (status === 'paused') {
          await sendCommand(home.database, { type: 'resume', jobRunId: jobId }, { by: null, now: Date.now() })
        }
        if (status === 'completed') break
      }
    } finally {
      look()
      await runner.stop('the test is over')
    }
    const report = await audited(home, { bytes: 'all' })
    expect(report.findings).toEqual([])
    expect(report.checked).toMatchObject({
      jobs: 1,
      files: songs.length,
      files_hashed: songs.length,
      objects: songs.length,
    })
  },
)
