import { errnoText } from '../library/errno.ts'
import { markerName, readMarker } from '../library/marker.ts'
import { libraryId } from '../repositories/meta.ts'
import type { AuditContext } from './check.ts'

/**
 * Why the library's files cannot be judged now; null: they can. Only an unmounted share is told apart here:
 * a library that may not be written to can be audited all the same.
 */
export async function whyUnreadable({ database, settings }: AuditContext): Promise<string | null> {
  const root = settings.libraryDir
  try {
    const [known, found] = [await libraryId(database.db), await readMarker(root)]
    if (found === null) return `the marker ${markerName} is missing in "${root}"; is it mounted?`
    if (known !== null && known !== found)
      return `"${root}" is another library: its marker holds ${found}, not ${known}`
    return null
  } catch (error) {
    return `the library "${root}" cannot be read: ${errnoText(error)}`
  }
}
