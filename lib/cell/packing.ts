import type { BatchPart, BatchSize } from '../plan/batches.ts';
import { fitsOneBatch, packBatches } from '../plan/batches.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import { create, remove } from '../plan/records.ts';

/** Room that the fence's own two changes need in every batch: no fence value is longer. */
export const FENCE_ROOM: BatchSize = { elements: 2, characters: 400 };

/** One part of a batch: it deletes some records and creates others in their place. */
export function replacement(
  id: string,
  { deletes, creates }: { readonly deletes: readonly RecordSet[]; readonly creates: readonly RecordSet[] },
): BatchPart {
  return { id, changes: [...deletes.map(remove), ...creates.map(create)] };
}

/** Whether the changes fit into one batch beside its fence. */
export function fitsBesideFence(changes: readonly Change[]): boolean {
  return fitsOneBatch(changes, FENCE_ROOM);
}

/**
 * Packs the parts into few batches, each with room for its fence.
 *
 * @throws InvariantViolated when one part alone is too large.
 */
export function packBesideFence<Part extends BatchPart>(
  parts: readonly Part[],
): readonly (readonly Part[])[] {
  return packBatches(parts, FENCE_ROOM);
}

/**
 * The parts that create the nodes of one tree, the innermost first: one, or as few as fit each into a batch. They are
 * sent in this order, because Route 53 creates no alias of a name that is not there (ChangeResourceRecordSets, API
 * reference). The last one has the tree itself, and its id.
 *
 * @throws InvariantViolated when one node alone is too large.
 */
export function creationParts(
  id: string,
  nodes: readonly { readonly records: readonly RecordSet[] }[],
): readonly BatchPart[] {
  const chunks: Change[][] = [[]];
  for (const { records } of nodes) {
    const changes = records.map(create);
    const last = chunks.at(-1) ?? [];
    if (last.length > 0 && !fitsBesideFence([...last, ...changes])) chunks.push(changes);
    else last.push(...changes);
  }
  return chunks.map((changes, index) => ({
    id: index === chunks.length - 1 ? id : `${id} (part ${index + 1})`,
    changes,
  }));
}

/**
 * Packs parts of trees into few batches. Parts of one tree stay in their order, wherever a tree has several.
 *
 * @throws InvariantViolated when one part alone is too large.
 */
export function packTrees<Part extends BatchPart>(
  trees: readonly (readonly Part[])[],
): readonly (readonly Part[])[] {
  const large = trees.filter((parts) => parts.length > 1);
  const first = large.flatMap((parts) => parts.slice(0, -1).map((part) => [part]));
  const rest = trees.flatMap((parts) => parts.slice(-1));
  return [...first, ...packBesideFence(rest)];
}

/**
 * As many of the candidates, in their order, as fit into one batch beside its fence; a candidate that does not fit any
 * more is skipped.
 *
 * @param changesOf what the batch would hold for these candidates together.
 */
export function firstBatch<T>(
  candidates: readonly T[],
  changesOf: (chosen: readonly T[]) => readonly Change[],
): readonly T[] {
  const chosen: T[] = [];
  for (const candidate of candidates) {
    if (fitsBesideFence(changesOf([...chosen, candidate]))) chosen.push(candidate);
  }
  return chosen;
}

/** The parts' changes, deletes before the creates that would conflict (Route 53 applies a batch in order). */
export function inOrder(parts: readonly BatchPart[]): readonly Change[] {
  const changes = parts.flatMap((part) => part.changes);
  return [
    ...changes.filter(({ action }) => action === 'DELETE'),
    ...changes.filter(({ action }) => action === 'CREATE'),
  ];
}
