import type { SavedView } from '../../geo/view/saved.ts'
import type { Tx } from '../database/connect.ts'

export interface SavedViewRow extends SavedView {
  removedAt: string | null
}

/** A person's views in their own order. */
export async function savedViews(tx: Tx, account: string): Promise<SavedView[]> {
  return [...(await tx<SavedView[]>`select id, name, query from saved_view where account = ${account} and removed_at is null order by place, id`)]
}

/** One of a person's views, also one that was taken away; held until the transaction ends. */
export async function holdSavedView(tx: Tx, account: string, id: number): Promise<SavedViewRow | null> {
  const [row] = await tx<SavedViewRow[]>`select id, name, query, removed_at from saved_view where account = ${account} and id = ${id} for update`
  return row ?? null
}

/** The last in the row. */
export async function insertSavedView(tx: Tx, account: string, view: { name: string; query: string; at: string }): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into saved_view (account, name, query, saved_at, place)
    select ${account}, ${view.name}, ${view.query}, ${view.at}, coalesce(max(place), 0) + 1 from saved_view where account = ${account}
    returning id`
  return row!.id
}

export async function updateSavedView(tx: Tx, id: number, view: { name: string; query: string }): Promise<void> {
  await tx`update saved_view set name = ${view.name}, query = ${view.query} where id = ${id}`
}

export async function orderSavedViews(tx: Tx, account: string, ids: readonly number[]): Promise<void> {
  await tx`
    update saved_view v set place = o.place from unnest(${[...ids]}::int[]) with ordinality as o (id, place)
    where v.id = o.id and v.account = ${account}`
}

export async function setSavedViewRemoved(tx: Tx, id: number, at: string | null): Promise<void> {
  await tx`update saved_view set removed_at = ${at} where id = ${id}`
}
