import type { FencedKind, WriterRole } from '../plan/batch-kinds.ts';
import { assertBatch } from '../plan/batch-kinds.ts';
import type { FenceReading } from '../plan/fence.ts';
import { RESCUE_PREFIX, readFenceRecords } from '../plan/fence.ts';
import { InvariantViolated } from '../plan/invariant.ts';
import type { CellName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { parseOwnedName } from '../plan/owned-names.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import type { NamePlace } from './name-place.ts';
import { scopeIn } from './name-place.ts';
import type { TrailChange } from './trail-event.ts';
import type { KeyedChange } from './zone-model.ts';

/** What a batch does at the fence of one cell. */
export interface TrailedSwap {
  readonly scope: CellScope;
  readonly before: FenceReading;
  readonly after: FenceReading;
}

/** The fences that a batch replaces, in its order. */
export function fenceSwaps(
  changes: readonly KeyedChange[],
  zone: Omit<CellScope, 'cell'>,
): readonly TrailedSwap[] {
  const found = new Map<CellName, { readonly before: RecordSet[]; readonly after: RecordSet[] }>();
  for (const { action, record, place } of changes) {
    const { kind, cell } = place;
    if (kind !== 'fence' || cell === undefined) continue;
    const swap = found.get(cell) ?? { before: [], after: [] };
    found.set(cell, swap);
    (action === 'DELETE' ? swap.before : swap.after).push(record);
  }
  return [...found].map(([cell, { before, after }]) => ({
    scope: scopeIn(zone, cell),
    before: readFenceRecords(before),
    after: readFenceRecords(after),
  }));
}

/** What a batch of the protocol does, by which its steps are named: the door to a proof of the same protocol. */
export type TrailStep =
  | 'stage'
  | 'flip'
  | 'retire'
  | 'freeze'
  | 'thaw'
  | 'repair'
  | 'rescue'
  | 'handover'
  | 'offer'
  | 'fence'
  | 'give-back'
  | 'hand';

/**
 * What a batch that went through a fence does. What went through none is a hand's.
 *
 * @param kind of this batch.
 * @param swaps of this batch, the writer's own cell first.
 */
export function stepOf(kind: FencedKind, [own]: readonly TrailedSwap[]): TrailStep {
  if (own === undefined) return 'hand';
  const { before, after } = own;
  if (after.type !== 'fence') return before.type === 'fence' && before.fence.frozen ? 'give-back' : 'hand';
  if (after.fence.by.startsWith(RESCUE_PREFIX)) return 'rescue';
  const wasFrozen = before.type === 'fence' && before.fence.frozen;
  switch (kind) {
    case 'fence':
      return wasFrozen && !after.fence.frozen ? 'thaw' : 'fence';
    case 'plain':
    case 'clear':
    case 'end':
      return 'give-back';
    case 'flip':
      // A flip to the plan that the fence names already brings back what a hand has changed.
      return before.type === 'fence' && before.fence.plan === after.fence.plan ? 'repair' : 'flip';
    default:
      return kind;
  }
}

/** The one kind that a batch can be, by what is in it. Whether it holds nothing else is {@link contentsProblem}'s question. */
export function kindOf(
  changes: readonly KeyedChange[],
  [own, ...others]: readonly TrailedSwap[],
): FencedKind {
  if (own === undefined || own.after.type !== 'fence') return 'end';
  const { scope, before, after } = own;
  if (others.length > 0) return 'handover';
  const kindIn = ({ place }: KeyedChange): NameKind => (place.cell === scope.cell ? place.kind : undefined);
  const rest = changes.filter((change) => kindIn(change) !== 'fence');
  const isFrozen = before.type === 'fence' && before.fence.frozen;
  if (rest.length === 0) return kindOfFence(before, after.fence.frozen, isFrozen, after);
  if (rest.some((change) => kindIn(change) === 'offer')) return 'offer';
  if (takesNamesAway(rest.filter((change) => isTree(kindIn(change))))) return isFrozen ? 'clear' : 'retire';
  if (rest.every((change) => isTree(kindIn(change))))
    return after.fence.seq === seqOf(before) ? 'stage' : 'repair';
  const isPlain =
    isFrozen &&
    rest.some(
      (change) =>
        change.action !== 'DELETE' && kindIn(change) === undefined && !pointsAtTree(change.record, scope),
    );
  return isPlain ? 'plain' : 'flip';
}

/** Undefined for what is not below the cell's own names. */
type NameKind = NamePlace['kind'] | undefined;

/** Whether something is deleted at a name at which nothing is made. */
function takesNamesAway(changes: readonly KeyedChange[]): boolean {
  if (!changes.some(({ action }) => action === 'DELETE')) return false;
  const left = new Set(changes.filter(({ action }) => action !== 'DELETE').map(({ record }) => record.name));
  return changes.some(({ action, record }) => action === 'DELETE' && !left.has(record.name));
}

function isTree(kind: NameKind): boolean {
  return kind === 'tree' || kind === 'node' || kind === 'stray';
}

function kindOfFence(
  before: FenceReading,
  isFrozen: boolean,
  wasFrozen: boolean,
  after: Extract<FenceReading, { readonly type: 'fence' }>,
): FencedKind {
  if (isFrozen) return 'freeze';
  // A flip of which nothing had to be written but the fence.
  const isFlip = before.type === 'fence' && !wasFrozen && before.fence.plan !== after.fence.plan;
  if (isFlip) return 'flip';
  return before.type === 'fence' && before.fence.seq === after.fence.seq ? 'stage' : 'fence';
}

function seqOf(reading: FenceReading): number {
  return reading.type === 'fence' ? reading.fence.seq : 0;
}

function pointsAtTree({ alias }: RecordSet, scope: CellScope): boolean {
  return alias !== undefined && parseOwnedName(alias.name, scope)?.kind === 'tree';
}

/**
 * What a batch holds that no batch of Pawl's may hold, by the same assertion as before every write; undefined where there is
 * nothing.
 *
 * @param first what the batch looks like.
 */
export function contentsProblem(
  first: FencedKind,
  changes: readonly TrailChange[],
  [own]: readonly TrailedSwap[],
): string | undefined {
  if (own === undefined) return undefined;
  const blind = changes.find(({ action }) => action === 'UPSERT');
  if (blind !== undefined)
    return `an UPSERT of ${blind.record.name} ${blind.record.type}, which compares nothing`;
  const sent = changes.filter(isExact);
  const roles = rolesOf(own);
  let problem: string | undefined;
  for (const kind of [first, ...KINDS]) {
    for (const role of roles) {
      const found = problemAs(kind, role, sent, own.scope);
      if (found === undefined) return undefined;
      problem ??= found;
    }
  }
  return problem;
}

function isExact(change: TrailChange): change is Change {
  return change.action !== 'UPSERT';
}

/** What a batch may be besides what it looks like: records that are deleted and made again prove something in several kinds. */
const KINDS: readonly FencedKind[] = [
  'fence',
  'stage',
  'repair',
  'flip',
  'retire',
  'freeze',
  'offer',
  'handover',
  'plain',
  'clear',
  'end',
];

function problemAs(
  kind: FencedKind,
  role: WriterRole,
  changes: readonly Change[],
  scope: CellScope,
): string | undefined {
  try {
    assertBatch(kind, role, changes, scope);
    return undefined;
  } catch (error) {
    if (error instanceof InvariantViolated) return error.message;
    throw error;
  }
}

/** The roles that may have signed a fence, by the name in it. People's names say nothing of what they do. */
function rolesOf({ before, after }: TrailedSwap): readonly WriterRole[] {
  const by = after.type === 'fence' ? after.fence.by : '';
  if (by.startsWith(RESCUE_PREFIX)) return ['rescue'];
  if (/^enactor(-|$)/.test(by)) return ['enactor'];
  if (/^janitor(-|$)/.test(by)) return ['janitor'];
  const wasFrozen = before.type === 'fence' && before.fence.frozen;
  return wasFrozen ? ['operator', 'give-back'] : ['operator', 'enactor', 'janitor', 'give-back'];
}

/** A batch goes through a frozen fence only as a person's: a thaw, another freeze, a rescue, or a give-back. */
export function frozenProblem({ before, after }: TrailedSwap): string | undefined {
  if (before.type !== 'fence' || !before.fence.frozen || after.type !== 'fence') return undefined;
  const isRole = /^(enactor|janitor)(-|$)/.test(after.fence.by);
  return isRole ? `${after.fence.by} wrote through a fence that is frozen` : undefined;
}
