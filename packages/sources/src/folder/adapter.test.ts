import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describeSourceAdapter, tinyWav } from '@catalogsync/core/testing'
import { folderSource } from './adapter.ts'

const coldDay = tinyWav({ seconds: 0.2, hz: 200, title: 'Cold Day', artist: 'Macroform' })
const yequ = tinyWav({ seconds: 0.1, hz: 300, title: '夜曲', artist: '周杰伦' })
const plain = tinyWav({ seconds: 0.1, hz: 400 })
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const tree: Record<string, Buffer | string> = {
  'Macroform/Sampler/01 - Cold Day.wav': coldDay,
  'Macroform/Sampler/10 - Café.wav': plain,
  '周杰伦/夜曲.wav': yequ,
  'lists/everything.m3u8': [
    '#EXTM3U',
    '#PLAYLIST:Everything 全部',
    '../Macroform/Sampler/01 - Cold Day.wav',
    '#EXTINF:1,周杰伦 - 夜曲',
    '../周杰伦/夜曲.wav',
    '#EXTINF:200,Nobody - Lost Song',
    '../Nobody/lost.mp3',
    '../Macroform/Sampler/01 - Cold Day.wav',
    '#EXTINF:1,Some - Stream',
    'http://radio.example/stream',
    '../Macroform/Sampler/10 - Cafe\u0301.wav',
  ].join('\r\n'),
  'lists/empty.m3u': '#EXTM3U\n',
  '@eaDir/lists/everything.m3u8': 'nothing.mp3',
}

describeSourceAdapter(
  'folder',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'catalogsync-source-'))
    for (const [path, content] of Object.entries(tree)) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), content)
    }
    const make = () => folderSource({ id: 'home', type: 'folder', values: { PATH: root, ALBUMS: 'yes' } })
    return { adapter: make(), again: make, dispose: () => rm(root, { recursive: true }) }
  },
  {
    pools: ['Playlists', 'Albums'],
    playlists: {
      'Everything 全部': ['Cold Day', '夜曲', 'Lost Song', 'Cold Day', '10 - Café'],
      empty: [],
      Sampler: ['Cold Day', '10 - Café'],
      周杰伦: ['夜曲'],
    },
    unavailable: { 'Everything 全部': ['Stream'] },
    sha256: { 'Cold Day': sha256(coldDay), 夜曲: sha256(yequ), '10 - Café': sha256(plain) },
    gone: 'Lost Song',
  },
)
