import type { Writer } from '../cell/fenced-write.ts';
import { fencedWrite } from '../cell/fenced-write.ts';
import type { PendingChange } from '../cell/insync.ts';
import { fenceAfter, renewedFence } from '../cell/next-fence.ts';
import { creationParts, inOrder, packBesideFence, packTrees, replacement } from '../cell/packing.ts';
import type { Fence } from '../plan/fence.ts';
import { RESCUE_PREFIX, writtenReading } from '../plan/fence.ts';
import { nextSeq } from '../plan/generation.ts';
import type { Plan } from '../plan/plan.ts';
import { shortDigest } from '../plan/plan.ts';
import type { RecordSet } from '../plan/records.ts';
import type { NameChanges } from '../plan/roots.ts';
import { nodeRecords } from '../plan/tree-nodes.ts';
import type { Clock } from '../runtime/clock.ts';
import type { RescueReading } from './rescue-reading.ts';

/** A batch that did not surely go through: everything must be read again. */
export interface Unwritten {
  readonly type: 'lost' | 'unknown';
  readonly reason: string;
  /** What the batch replaced at the fence's name. */
  readonly replaced: readonly RecordSet[];
}

export type Written<T> = { readonly type: 'written'; readonly value: T } | Unwritten;

const FENCE_NAME_CHARS_MAX = 32;

/** The writer under the name that signs a rescue's fences; by it automation distinguishes a rescue from a freeze. */
export function rescuer(writer: Writer): Writer {
  if (writer.name.startsWith(RESCUE_PREFIX)) return writer;
  const name = `${RESCUE_PREFIX}${writer.name}`.slice(0, FENCE_NAME_CHARS_MAX).replace(/-+$/, '');
  return { ...writer, name };
}

/** A fence of this writer's own, and the change that made it. */
export interface WrittenFence {
  readonly fence: Fence;
  readonly changeId: string;
}

/** Freezes the fence that was read: from then on no role's batch goes through. */
export async function freezeForRescue(
  writer: Writer,
  { reading, generation, seq, ledger }: RescueReading,
  digest: string,
): Promise<Written<WrittenFence>> {
  // No ledger was read, so the fence goes on naming the head that it named.
  const mark =
    reading.type === 'fence' && reading.fence.head !== undefined ? { head: reading.fence.head } : {};
  const outcome = await fencedWrite(writer, {
    kind: reading.type === 'fence' ? 'freeze' : 'fence',
    reading,
    next: { generation, seq: nextSeq(seq), plan: shortDigest(digest), frozen: true, ledger, ...mark },
    changes: [],
    comment: `pawl rescue freeze ${writer.scope.cell} by ${writer.name}`,
  });
  if (outcome.type !== 'applied') return { ...outcome, replaced: reading.records };
  return { type: 'written', value: { fence: outcome.fence, changeId: outcome.changeId } };
}

/**
 * Creates every tree of the plan.
 *
 * @returns the changes to wait for, and the fence that stands then: each batch writes it anew.
 */
export async function stageForRescue(
  writer: Writer,
  clock: Clock,
  fence: Fence,
  plan: Plan,
): Promise<Written<{ readonly pending: readonly PendingChange[]; readonly fence: Fence }>> {
  const trees = plan.endpoints.map((endpoint) =>
    creationParts(endpoint.tree, nodeRecords(endpoint, writer.scope)),
  );
  const pending: PendingChange[] = [];
  let current = fence;
  for (const batch of packTrees(trees)) {
    const reading = writtenReading(current, writer.scope);
    const outcome = await fencedWrite(writer, {
      kind: 'stage',
      reading,
      next: renewedFence(current),
      changes: inOrder(batch),
      comment: `pawl rescue stage ${writer.scope.cell} by ${writer.name}`,
    });
    if (outcome.type !== 'applied') return { ...outcome, replaced: reading.records };
    pending.push({ changeId: outcome.changeId, at: clock.now() });
    current = outcome.fence;
  }
  return { type: 'written', value: { pending, fence: current } };
}

/** Moves the roots, in one batch unless garbage makes it too large, each advancing a fence that stays frozen. */
export async function flipForRescue(
  writer: Writer,
  from: WrittenFence,
  groups: readonly NameChanges[],
): Promise<Written<WrittenFence>> {
  const parts = groups.map((group) => replacement(group.name, group));
  let { fence: current, changeId } = from;
  for (const batch of packBesideFence(parts)) {
    const reading = writtenReading(current, writer.scope);
    const outcome = await fencedWrite(writer, {
      kind: 'flip',
      reading,
      next: fenceAfter(current, undefined, { frozen: true }),
      changes: inOrder(batch),
      comment: `pawl rescue flip ${writer.scope.cell} by ${writer.name}`,
    });
    if (outcome.type !== 'applied') return { ...outcome, replaced: reading.records };
    ({ fence: current, changeId } = outcome);
  }
  return { type: 'written', value: { fence: current, changeId } };
}
