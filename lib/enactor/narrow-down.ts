import type { FencedKind } from '../plan/batch-kinds.ts';
import type { BatchPart } from '../plan/batches.ts';
import { canonicalJson, sha256 } from '../plan/canonical.ts';
import type { FenceReading } from '../plan/fence.ts';
import type { RejectedBatch, Run } from './enactor.ts';

/** Parts that Route 53 refuses together, in its own words. */
export interface RefusedParts {
  readonly parts: readonly BatchPart[];
  readonly reason: string;
}

/**
 * Culprits with the same words that a run looks for one by one. From then on what is refused together in these very
 * words is left out together: it is a limit that all of them meet, rather than a record of each.
 */
const SAME_WORDS_MAX = 8;

/** Equal for equal fences. No fence value ever returns, so a fence that stands twice has not moved in between. */
export function fenceKey(reading: FenceReading): string {
  return reading.type === 'fence' ? reading.fence.nonce : canonicalJson(reading.records);
}

/** Remembers a batch that was rejected. */
export function remember(
  run: Run,
  reading: FenceReading,
  {
    kind,
    beside,
    parts,
    reason,
  }: Pick<RejectedBatch, 'kind' | 'beside' | 'reason'> & { readonly parts: readonly BatchPart[] },
): void {
  const ids = parts.map(({ id }) => id);
  run.rejected = { kind, fence: fenceKey(reading), beside, ids, digest: digestOf(parts), reason };
}

/** Counts the batch that was rejected as a lost race when the fence has moved since. */
export function countRace(run: Run, reading: FenceReading): void {
  if (run.rejected === undefined || run.rejected.fence === fenceKey(reading)) return;
  run.rejected = undefined;
  run.lost += 1;
}

/**
 * Says whether the batch that was rejected was refused: a pass that has read everything anew has decided the same
 * changes under the same fence. So nothing moved, and to send it again would be in vain. If it decided anything else,
 * the batch lost a race.
 *
 * @param parts what this pass has decided to send, all of it.
 * @param beside the other cell's fence that it rests on; see {@link fenceKey}.
 * @returns the parts of the batch that was refused; undefined when no batch was.
 */
export function refusedParts(
  run: Run,
  reading: FenceReading,
  kind: FencedKind,
  parts: readonly BatchPart[],
  beside?: string,
): RefusedParts | undefined {
  const { rejected } = run;
  if (rejected === undefined) return undefined;
  run.rejected = undefined;
  const again = parts.filter(({ id }) => rejected.ids.includes(id));
  const isSame =
    rejected.kind === kind &&
    rejected.fence === fenceKey(reading) &&
    rejected.beside === beside &&
    rejected.ids.length === again.length &&
    rejected.digest === digestOf(again);
  if (isSame) return { parts: again, reason: rejected.reason };
  run.lost += 1;
  return undefined;
}

/**
 * Narrows the search for the culprit down to the parts that were refused.
 *
 * @returns true when they cannot be narrowed down further.
 */
export function isCulprit(run: Run, { parts, reason }: RefusedParts): boolean {
  const ids = parts.map(({ id }) => id);
  if (run.suspects.length === 0) run.landed = false;
  const isWhole = ids.length === run.suspects.length && ids.every((id) => run.suspects.includes(id));
  run.suspects = ids;
  const known = [...run.refused.values()].filter((refusal) => refusal.reason === reason);
  return ids.length === 1 || isWhole || known.length >= SAME_WORDS_MAX;
}

/**
 * The parts to send next: all of them, or the first half of those among which is the culprit.
 *
 * @param parts everything that is decided, the most urgent first.
 * @param sendable which of some parts can be sent without the others.
 */
export function nextParts<Part extends BatchPart>(
  run: Run,
  parts: readonly Part[],
  sendable: (parts: readonly Part[]) => readonly Part[],
): readonly Part[] {
  const suspects = parts.filter(({ id }) => run.suspects.includes(id));
  run.suspects = suspects.map(({ id }) => id);
  if (suspects.length === 0) return parts;
  const half = Math.ceil(suspects.length / 2);
  const others = parts.filter((part) => !suspects.includes(part));
  for (const candidates of [suspects.slice(0, half), suspects.slice(half), others]) {
    const chosen = sendable(candidates);
    if (chosen.length > 0) return chosen;
  }
  return suspects;
}

function digestOf(parts: readonly BatchPart[]): string {
  const sorted = [...parts].sort((a, b) => (a.id < b.id ? -1 : 1));
  return sha256(canonicalJson(sorted));
}
