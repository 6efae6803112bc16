import type { RequestedChange } from './requested-changes.ts';

/** ResourceRecord elements a request may hold, an UPSERT's counted twice (Route 53 quotas, API requests). */
const BATCH_ELEMENTS_MAX = 1_000;
/** Characters of all values of a request, an UPSERT's counted twice, quotes included. */
const BATCH_CHARACTERS_MAX = 32_000;

/** The first limit of a request that a batch breaks, in Route 53's words; undefined when it breaks none. */
export function brokenBatchLimit(changes: readonly RequestedChange[]): string | undefined {
  let elements = 0;
  let characters = 0;
  for (const { action, record } of changes) {
    const times = action === 'UPSERT' ? 2 : 1;
    elements += times * (record.values?.length ?? 1);
    for (const value of record.values ?? []) characters += times * value.length;
  }
  if (elements > BATCH_ELEMENTS_MAX) return `Number of records limit of ${BATCH_ELEMENTS_MAX} exceeded.`;
  if (characters > BATCH_CHARACTERS_MAX) return `RDATA character limit of ${BATCH_CHARACTERS_MAX} exceeded.`;
  return undefined;
}
