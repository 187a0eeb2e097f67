import { createHash } from 'node:crypto'
import { PortError } from '@catalogsync/core/ports'
import type { CallContext, Listing, SongListing, SourcePlaylist } from '@catalogsync/core/ports'
import type { Api } from './api.ts'
import { idOf, list, text, whole } from './fields.ts'
import { isRecord } from './reply.ts'
import { toSong } from './songs.ts'

/** Every playlist that the user sees. */
export async function findPlaylists(api: Api, ctx: CallContext): Promise<Listing<SourcePlaylist>> {
  const reply = await api.call('getPlaylists', {}, ctx)
  const entries = childrenOf(reply, 'playlists', 'playlist', api).flatMap((each): SourcePlaylist[] => {
    const remoteId = isRecord(each) ? idOf(each['id']) : null
    if (!isRecord(each) || remoteId === null) return []
    return [
      {
        remoteId,
        name: text(each['name']) ?? remoteId,
        // Zero is a count here, not "not known".
        songCount: each['songCount'] === 0 ? 0 : whole(each['songCount']),
        changeToken: text(each['changed']),
        locator: null,
      },
    ]
  })
  return { entries, complete: true }
}

export async function listPlaylist(api: Api, id: string, ctx: CallContext): Promise<SongListing> {
  const reply = await api.call('getPlaylist', { id }, ctx)
  const changed = isRecord(reply['playlist']) ? text(reply['playlist']['changed']) : null
  return listing(childrenOf(reply, 'playlist', 'entry', api), changed)
}

/** Songs and what cannot be had, in order. Without a date of change, the entries are their own token. */
export function listing(children: unknown[], changed: string | null): SongListing {
  const result: SongListing = { entries: [], unavailable: [], complete: true, changeToken: changed }
  for (const [position, child] of children.entries()) {
    const song = toSong(child)
    if ('reason' in song) result.unavailable.push({ position, ...song })
    else result.entries.push(song)
  }
  result.changeToken ??= createHash('sha256').update(JSON.stringify(result.entries)).digest('hex')
  return result
}

/** The children of a reply's one element. An element that is missing is no empty one: nothing is concluded. */
export function childrenOf(reply: Record<string, unknown>, name: string, child: string, api: Api): unknown[] {
  if (!(name in reply)) throw new PortError('invalid', `${api.origin} answers without "${name}"`)
  const element = reply[name]
  return isRecord(element) ? list(element[child]) : []
}
