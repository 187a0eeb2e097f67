import { adapterSettings } from './schema-adapters.ts'
import { placeSettings } from './schema-places.ts'
import { processSettings } from './schema-process.ts'

/**
 * Every key that stands by itself, once, in the order in which people see them. Parser, snapshot, example file,
 * docs and form are made from this table and from `familyTable`.
 */
export const settingTable = { ...placeSettings, ...adapterSettings, ...processSettings }

export type SettingKey = keyof typeof settingTable
export const settingKeys = Object.keys(settingTable) as SettingKey[] // the keys of a const object

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(settingTable, key)
