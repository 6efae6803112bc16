import type { FencedKind, WriterRole } from '../plan/batch-kinds.ts';
import { assertBatch } from '../plan/batch-kinds.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import { fenceRecord } from '../plan/fence.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Change } from '../plan/records.ts';
import { create, remove } from '../plan/records.ts';
import type { Randomness } from '../runtime/ids.ts';
import type { ChangeOutcome, Zone } from '../zone/zone.ts';
import type { NextFence } from './next-fence.ts';

/** Who writes, where. */
export interface Writer {
  readonly zone: Zone;
  readonly scope: CellScope;
  readonly randomness: Randomness;
  readonly role: WriterRole;
  /** Goes into the fence: 1 to 32 of `a-z0-9-`. */
  readonly name: string;
}

/** What one fenced write came to. `lost`: refused as a whole, because something had moved since it was read. */
export type WriteOutcome =
  | { readonly type: 'applied'; readonly changeId: string; readonly fence: Fence }
  | { readonly type: 'lost'; readonly reason: string }
  | { readonly type: 'unknown'; readonly reason: string };

/** Another cell's fence as it was read, and the one after it. */
export interface BesideFence {
  readonly scope: CellScope;
  readonly reading: FenceReading;
  readonly next: NextFence;
}

export interface FencedWrite {
  readonly kind: FencedKind;
  /** The fence as it was read, before everything else that `changes` rests on. */
  readonly reading: FenceReading;
  readonly next: NextFence;
  /** The fence of the cell that gives, which a handover compares and advances too. */
  readonly beside?: BesideFence | undefined;
  readonly changes: readonly Change[];
  /** The batch's comment in Route 53's own change log. */
  readonly comment: string;
}

/**
 * The one way to write to a cell's zone: DELETE the exact fence that was read and CREATE the next one, then the
 * changes, in one batch that Route 53 applies whole or not at all. It is sent once. A writer that loses reads
 * everything again; it never sends the same content twice.
 *
 * Route 53 applies a batch's changes in order to a working copy and commits them together (Route 53 API reference,
 * ChangeResourceRecordSets).
 *
 * @throws InvariantViolated before anything is sent, when the batch holds what its kind may not contain.
 */
export async function fencedWrite(writer: Writer, write: FencedWrite): Promise<WriteOutcome> {
  const fence: Fence = { ...write.next, by: writer.name, nonce: writer.randomness.nonce() };
  const changes = [
    ...write.reading.records.map(remove),
    create(fenceRecord(fence, writer.scope)),
    ...(write.beside === undefined ? [] : besideChanges(writer, write.beside)),
    ...write.changes,
  ];
  assertBatch(write.kind, writer.role, changes, writer.scope);
  const outcome = await writer.zone.change({ kind: write.kind, changes, comment: write.comment });
  switch (outcome.type) {
    case 'accepted':
      return { type: 'applied', changeId: outcome.changeId, fence };
    case 'rejected':
      return { type: 'lost', reason: outcome.reason };
    case 'unknown':
      return { type: 'unknown', reason: outcome.reason };
  }
}

function besideChanges(
  { name, randomness }: Writer,
  { scope, reading, next }: BesideFence,
): readonly Change[] {
  const fence: Fence = { ...next, by: name, nonce: randomness.nonce() };
  return [...reading.records.map(remove), create(fenceRecord(fence, scope))];
}

/** The write after which a cell has no fence any more. */
export interface LastWrite extends Pick<FencedWrite, 'reading' | 'changes' | 'comment'> {}

/**
 * Deletes the exact fence that was read, and creates none: the last batch of a cell that is given back. It is sent once.
 *
 * @throws InvariantViolated before anything is sent, when the batch holds what it may not contain.
 */
export async function lastWrite(
  writer: Writer,
  { reading, changes: more, comment }: LastWrite,
): Promise<ChangeOutcome> {
  const changes = [...reading.records.map(remove), ...more];
  assertBatch('end', writer.role, changes, writer.scope);
  return await writer.zone.change({ kind: 'end', changes, comment });
}
