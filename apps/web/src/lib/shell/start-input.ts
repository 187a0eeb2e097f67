import type { StartJobInput } from '@catalogsync/contract'
import type { StartChoices } from '../dialogs.svelte.ts'

/** What the dialog's choices ask for; only what has to do with the job's type is sent. */
export function startInput({ jobType, sources, backends, mode }: StartChoices): StartJobInput {
  const uploads = jobType === 'full' || jobType === 'upload_only'
  return {
    jobType,
    sources: jobType === 'upload_only' ? [] : [...sources],
    backends: uploads ? [...backends] : [],
    scope: { mode },
  }
}
