import type { BackendView, GateView, PlacesView, SourceView } from '@catalogsync/contract'
import type { Queries } from '../db/open.ts'
import { closedGates, gateView } from './gates.ts'

/** The configured sources and backends with what the machine knows of them. */
export async function listPlaces(
  db: Queries,
  configured: {
    sources: readonly { id: string; type: string }[]
    backends: readonly { id: string; type: string }[]
  },
): Promise<PlacesView> {
  const gates = (await closedGates(db)).map(gateView)
  const gate = (kind: GateView['kind'], ref: string) =>
    gates.find((closed) => closed.kind === kind && closed.ref === ref) ?? null
  const sources: SourceView[] = []
  for (const { id, type } of configured.sources) {
    const known = await db
      .selectFrom('sources')
      .select('collected_at')
      .where('id', '=', id)
      .executeTakeFirst()
    const pools = await count(db, 'playlist_pools', id)
    const playlists = await count(db, 'playlists', id)
    sources.push({
      id,
      type,
      gate: gate('source', id),
      lastCollectedAt: known?.collected_at ?? null,
      pools,
      playlists,
    })
  }
  const backends: BackendView[] = []
  for (const { id, type } of configured.backends) {
    backends.push({ id, type, gate: gate('backend', id) })
  }
  return { sources, backends }
}

async function count(db: Queries, table: 'playlist_pools' | 'playlists', sourceId: string): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('source_id', '=', sourceId)
    .executeTakeFirstOrThrow()
  return row.n
}
