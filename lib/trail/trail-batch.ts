import type { FencedKind, WriterRole } from '../plan/batch-kinds.ts';
import { assertBatch } from '../plan/batch-kinds.ts';
import type { FenceReading } from '../plan/fence.ts';
import { RESCUE_PREFIX, readFenceRecords } from '../plan/fence.ts';
import { InvariantViolated } from '../plan/invariant.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { cellName } from '../plan/names.ts';
import type { CellScope, OwnedName } from '../plan/owned-names.ts';
import { cellOfFence, parseOwnedName } from '../plan/owned-names.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import type { TrailChange } from './trail-event.ts';
import { isFenceLike } from './waiting-events.ts';

/** What a batch does at the fence of one cell. */
export interface TrailedSwap {
  readonly scope: CellScope;
  readonly before: FenceReading;
  readonly after: FenceReading;
}

/** The fences that a batch replaces, in its order. */
export function fenceSwaps(
  changes: readonly TrailChange[],
  zone: Omit<CellScope, 'cell'>,
): readonly TrailedSwap[] {
  const found = new Map<CellName, { readonly before: RecordSet[]; readonly after: RecordSet[] }>();
  for (const { action, record } of changes) {
    const cell = isFenceLike(record.name) ? cellOfFence(record.name, scopeIn(zone, ANY_CELL)) : undefined;
    if (cell === undefined) continue;
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

/** The cell of a fence is found by its name: any scope of the zone does. */
const ANY_CELL = cellName('any');

const scopes = new WeakMap<Omit<CellScope, 'cell'>, Map<CellName, CellScope>>();

/** The scope of a cell of a zone, the same object each time: names are kept by it. */
export function scopeIn(zone: Omit<CellScope, 'cell'>, cell: CellName): CellScope {
  const ofZone = scopes.get(zone) ?? new Map<CellName, CellScope>();
  scopes.set(zone, ofZone);
  const scope = ofZone.get(cell) ?? { ...zone, cell };
  ofZone.set(cell, scope);
  return scope;
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
  changes: readonly TrailChange[],
  [own, ...others]: readonly TrailedSwap[],
): FencedKind {
  if (own === undefined || own.after.type !== 'fence') return 'end';
  const { scope, before, after } = own;
  if (others.length > 0) return 'handover';
  const rest: {
    readonly action: TrailChange['action'];
    readonly record: RecordSet;
    readonly kind: NameKind;
  }[] = [];
  const left = new Set<DnsName>();
  for (const { action, record } of changes) {
    const kind = parseOwnedName(record.name, scope)?.kind;
    if (kind === 'fence') continue;
    rest.push({ action, record, kind });
    if (action !== 'DELETE') left.add(record.name);
  }
  const isFrozen = before.type === 'fence' && before.fence.frozen;
  if (rest.length === 0) return kindOfFence(before, after.fence.frozen, isFrozen, after);
  if (rest.some(({ kind }) => kind === 'offer')) return 'offer';
  const isGone = rest.some(
    ({ action, record, kind }) => isTree(kind) && action === 'DELETE' && !left.has(record.name),
  );
  if (isGone) return isFrozen ? 'clear' : 'retire';
  if (rest.every(({ kind }) => isTree(kind))) return after.fence.seq === seqOf(before) ? 'stage' : 'repair';
  const isPlain =
    isFrozen &&
    rest.some(
      ({ action, record, kind }) => action !== 'DELETE' && kind === undefined && !pointsAtTree(record, scope),
    );
  return isPlain ? 'plain' : 'flip';
}

type NameKind = OwnedName['kind'] | undefined;

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
  const sent: Change[] = [];
  for (const { action, record } of changes) {
    if (action === 'UPSERT') return `an UPSERT of ${record.name} ${record.type}, which compares nothing`;
    sent.push({ action, record });
  }
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
