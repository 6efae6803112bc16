import { SENDERS } from '../roles.ts';
import { fitsOneBatch } from './batches.ts';
import type { Fence } from './fence.ts';
import { readFenceRecords } from './fence.ts';
import { invariant } from './invariant.ts';
import type { CellScope } from './owned-names.ts';
import { cellOfFence, endpointLabels, endpointOfLabels, fenceName, parseOwnedName } from './owned-names.ts';
import { pointsInside } from './plain-records.ts';
import type { Change, RecordSet } from './records.ts';
import { recordKey, sameRecord } from './records.ts';
import { pointedTree } from './zone-view.ts';

/** What a batch is for; each kind may contain only what {@link assertBatch} says. */
export type FencedKind =
  | 'fence'
  | 'stage'
  | 'repair'
  | 'flip'
  | 'retire'
  | 'freeze'
  /** Offers of endpoints to other cells of the zone come and go. */
  | 'offer'
  /** A flip that takes endpoints from another cell, whose fence it moves too. */
  | 'handover'
  /** Roots become plain records, and rollback roots go. */
  | 'plain'
  /** What nothing points at any more goes: trees, and whatever else is below the cell's own names. */
  | 'clear'
  /** The fence itself goes. */
  | 'end';

/** Every sender in the table of roles that may send any batch. A janitor never flips, a planner never writes. */
export type WriterRole = Exclude<(typeof SENDERS)[number], { readonly batches: readonly [] }>['name'];

const KINDS_OF_ROLE: ReadonlyMap<string, readonly FencedKind[]> = new Map(
  SENDERS.map(({ name, batches }) => [name, batches] as const),
);

/** The batch's changes in two parts: those of the fence, and the rest. */
interface Parts {
  readonly fenceDeletes: readonly RecordSet[];
  readonly fenceCreates: readonly RecordSet[];
  readonly rest: readonly Change[];
}

/**
 * Asserts that a batch holds only what its kind and its sender's role may hold. The workflow asserts it first; the
 * guarded zone asserts it again before every write.
 *
 * @throws InvariantViolated naming the change that does not belong.
 */
export function assertBatch(
  kind: FencedKind,
  role: WriterRole,
  changes: readonly Change[],
  scope: CellScope,
): void {
  invariant(KINDS_OF_ROLE.get(role)?.includes(kind) === true, `the ${role} may not send a ${kind} batch`);
  invariant(fitsOneBatch(changes), `a ${kind} batch is larger than a request may be`);
  const parts = partsOf(changes, scope);
  if (kind === 'end') {
    assertEnd(parts, scope);
    return;
  }
  invariant(parts.fenceCreates.length === 1, `a ${kind} batch must leave one fence`);
  const [created] = parts.fenceCreates;
  const after = readFenceRecords(created === undefined ? [] : [created]);
  invariant(after.type === 'fence', `a ${kind} batch must leave a fence that can be read`);
  if (kind === 'fence') assertFenceOnly(parts, kind);
  else if (kind === 'freeze') assertFreeze(parts, after.fence);
  else assertFenced(kind, role, parts, after.fence, scope);
}

function assertFenced(
  kind: Exclude<FencedKind, 'fence' | 'freeze' | 'end'>,
  role: WriterRole,
  parts: Parts,
  after: Fence,
  scope: CellScope,
): void {
  const before = readFenceRecords(parts.fenceDeletes);
  invariant(before.type === 'fence', `a ${kind} batch must delete the exact fence that was read`);
  assertAdvance(kind, before.fence, after, role);
  switch (kind) {
    case 'stage':
      assertTreesOnly(parts.rest, scope, { reassertOnly: true });
      break;
    case 'repair':
      assertTreesOnly(parts.rest, scope, { reassertOnly: false });
      break;
    case 'flip':
      assertRootsOnly(parts.rest, scope);
      break;
    case 'retire':
      assertRetirement(parts.rest, scope);
      break;
    case 'plain':
      assertPlain(parts.rest, scope);
      break;
    case 'clear':
      assertCleared(parts.rest, scope);
      break;
    case 'offer':
      assertOffersOnly(parts.rest, scope);
      break;
    case 'handover':
      assertHandover(parts.rest, scope);
      break;
  }
}

function partsOf(changes: readonly Change[], scope: CellScope): Parts {
  const name = fenceName(scope);
  const atFence = changes.filter(({ record }) => record.name === name);
  const leading = changes.slice(0, atFence.length);
  invariant(
    atFence.length > 0 && leading.every(({ record }) => record.name === name),
    'a batch must begin with its fence',
  );
  return {
    fenceDeletes: atFence.filter(({ action }) => action === 'DELETE').map(({ record }) => record),
    fenceCreates: atFence.filter(({ action }) => action === 'CREATE').map(({ record }) => record),
    rest: changes.slice(atFence.length),
  };
}

function assertFenceOnly({ rest }: Parts, kind: FencedKind): void {
  invariant(
    rest.length === 0,
    `a ${kind} batch holds nothing but the fence, not ${rest[0] === undefined ? '' : recordKey(rest[0].record)}`,
  );
}

function assertFreeze(parts: Parts, after: Fence): void {
  assertFenceOnly(parts, 'freeze');
  const before = readFenceRecords(parts.fenceDeletes);
  if (before.type !== 'fence') return;
  invariant(after.generation >= before.fence.generation, 'a freeze may not lower the generation');
  invariant(after.seq > before.fence.seq, 'a freeze must advance the fence');
}

/** I1: the generation never goes down, and each seq is above its predecessor's. Only a batch that applies nothing keeps the seq. */
function assertAdvance(kind: FencedKind, before: Fence, after: Fence, role: WriterRole): void {
  invariant(before.ledger === after.ledger, 'a batch may not change whose fence it is');
  if (role === 'give-back') {
    invariant(
      before.frozen && after.frozen,
      `a ${kind} batch goes through a frozen fence alone, and leaves it frozen`,
    );
  } else invariant(!before.frozen || role === 'rescue', `a ${kind} batch may not go through a frozen fence`);
  invariant(after.nonce !== before.nonce, `a ${kind} batch needs a nonce of its own`);
  if (kind === 'stage' || kind === 'offer') {
    invariant(after.seq === before.seq, `a ${kind} batch keeps the seq`);
    invariant(after.frozen === before.frozen, `a ${kind} batch neither freezes nor thaws`);
  } else invariant(after.seq > before.seq, `a ${kind} batch must advance the fence`);
  invariant(after.generation >= before.generation, `a ${kind} batch may not lower the generation`);
  const applies = kind === 'flip' || kind === 'handover';
  invariant(applies || after.generation === before.generation, `a ${kind} batch keeps the generation`);
  invariant(applies || after.plan === before.plan, `a ${kind} batch keeps the plan`);
}

function assertTreesOnly(
  rest: readonly Change[],
  scope: CellScope,
  { reassertOnly }: { reassertOnly: boolean },
): void {
  const creates = rest.filter(({ action }) => action === 'CREATE');
  for (const { action, record } of rest) {
    const owned = parseOwnedName(record.name, scope);
    invariant(owned?.kind === 'tree' || owned?.kind === 'node', `${recordKey(record)} is not part of a tree`);
    if (action === 'CREATE') continue;
    const again = creates.some(({ record: made }) =>
      reassertOnly ? sameRecord(made, record) : made.name === record.name,
    );
    invariant(again, `${recordKey(record)} would be deleted and not come back`);
  }
}

function assertRootsOnly(rest: readonly Change[], scope: CellScope): void {
  for (const { action, record } of rest) {
    const owned = parseOwnedName(record.name, scope);
    invariant(owned === undefined || owned.kind === 'rollback', `a flip may not touch ${recordKey(record)}`);
    if (action === 'CREATE') {
      invariant(
        pointedTree(record, scope) !== undefined,
        `${recordKey(record)} would not point at a tree of the cell`,
      );
    } else if (owned === undefined) {
      invariant(['A', 'AAAA', 'CNAME'].includes(record.type), `${recordKey(record)} is not a root`);
    }
  }
}

function assertRetirement(rest: readonly Change[], scope: CellScope): void {
  const created = rest.filter(({ action }) => action === 'CREATE').map(({ record }) => record);
  for (const record of created) {
    const proof = rest.some((change) => change.action === 'DELETE' && sameRecord(change.record, record));
    invariant(proof, `a janitor may not create ${recordKey(record)}`);
  }
  const proven = new Set(created.map(({ alias }) => alias?.name));
  for (const { action, record } of rest) {
    if (action === 'CREATE' || created.some((made) => sameRecord(made, record))) continue;
    const owned = parseOwnedName(record.name, scope)?.kind;
    const isPart = owned === 'tree' || owned === 'node' || owned === 'stray';
    invariant(isPart, `a janitor may not delete ${recordKey(record)}`);
    invariant(!proven.has(record.name), `a janitor may not delete ${recordKey(record)}: a root points at it`);
  }
}

function assertOffersOnly(rest: readonly Change[], scope: CellScope): void {
  for (const { action, record } of rest) {
    // Whatever a hand has put at the name of an offer is the cell's to delete.
    const isMade = action === 'DELETE' || record.type === 'TXT';
    const isOffer = parseOwnedName(record.name, scope)?.kind === 'offer' && isMade;
    invariant(isOffer, `${recordKey(record)} is no offer of the cell`);
  }
}

/**
 * A flip that takes endpoints from one other cell: after the own fence come the other cell's, compared and advanced, and
 * with each root that goes over the offer of it. What is created points at trees of the own cell, as in any flip.
 */
function assertHandover(rest: readonly Change[], scope: CellScope): void {
  const giver = giverOf(rest, scope);
  invariant(giver !== undefined, 'a handover batch must hold the fence of the cell that gives');
  const { fenceDeletes, fenceCreates, rest: others } = partsOf(rest, giver);
  const before = readFenceRecords(fenceDeletes);
  const after = readFenceRecords(fenceCreates);
  invariant(
    before.type === 'fence' && after.type === 'fence',
    'a handover batch must delete the exact fence of the cell that gives, and create the next',
  );
  assertAdvance('repair', before.fence, after.fence, 'enactor');
  invariant(!after.fence.frozen, 'a handover batch may not freeze the cell that gives');
  const offered = new Set<string>();
  const own: Change[] = [];
  for (const change of others) {
    const { action, record } = change;
    const theirs = parseOwnedName(record.name, giver);
    if (theirs === undefined) {
      own.push(change);
      continue;
    }
    const isGoing = action === 'DELETE' && (theirs.kind === 'offer' || theirs.kind === 'rollback');
    invariant(isGoing, `a handover batch may not touch ${recordKey(record)}`);
    if (theirs.kind === 'offer') offered.add(theirs.endpoint);
  }
  invariant(offered.size > 0, 'a handover batch must hold an offer of the cell that gives');
  for (const { record } of own) {
    const endpoint = parseOwnedName(record.name, scope) ?? { endpoint: endpointLabels(record.name, scope) };
    const isOffered = 'endpoint' in endpoint && offered.has(endpoint.endpoint);
    invariant(isOffered, `a handover batch may not touch ${recordKey(record)}, which is not offered`);
  }
  const made = new Set(own.flatMap(({ action, record }) => (action === 'CREATE' ? [record.name] : [])));
  for (const endpoint of offered) {
    const name = endpointOfLabels(endpoint, scope);
    invariant(made.has(name), `a handover batch must leave a root at ${name}`);
  }
  assertRootsOnly(own, scope);
}

/** The cell whose fence comes first among these changes. */
function giverOf(rest: readonly Change[], scope: CellScope): CellScope | undefined {
  const [first] = rest;
  const cell = first === undefined ? undefined : cellOfFence(first.record.name, scope);
  return cell === undefined ? undefined : { ...scope, cell };
}

/** I2 within the batch: a root goes only where records of its name and type come, and none of them needs the cell's trees. */
function assertPlain(rest: readonly Change[], scope: CellScope): void {
  const key = ({ name, type }: RecordSet) => `${name} ${type}`;
  const keysOf = (action: Change['action']) =>
    new Set(rest.filter((change) => change.action === action).map(({ record }) => key(record)));
  const [gone, made] = [keysOf('DELETE'), keysOf('CREATE')];
  for (const { action, record } of rest) {
    if (action === 'DELETE' && parseOwnedName(record.name, scope)?.kind === 'rollback') continue;
    invariant(isOutside(record, scope), `a plain batch may not touch ${recordKey(record)}`);
    if (action === 'DELETE') {
      invariant(pointedTree(record, scope) !== undefined, `${recordKey(record)} is not a root of the cell`);
      invariant(
        made.has(key(record)),
        `${recordKey(record)} would be deleted, and nothing come in its place`,
      );
    } else {
      invariant(!pointsInside(record, scope), `${recordKey(record)} would still point at a tree of the cell`);
      invariant(gone.has(key(record)), `${recordKey(record)} takes the place of no root`);
    }
  }
}

/** What is created was deleted as it is, and points at nothing of the cell's; what goes is the cell's alone. */
function assertCleared(rest: readonly Change[], scope: CellScope): void {
  const creates = rest.filter(({ action }) => action === 'CREATE').map(({ record }) => record);
  assertReasserted(creates, rest, scope);
  for (const { action, record } of rest) {
    if (action === 'CREATE' || creates.some((made) => sameRecord(made, record))) continue;
    const owned = parseOwnedName(record.name, scope)?.kind;
    invariant(owned !== undefined && owned !== 'fence', `a clear batch may not delete ${recordKey(record)}`);
  }
}

function assertEnd({ fenceDeletes, fenceCreates, rest }: Parts, scope: CellScope): void {
  invariant(fenceCreates.length === 0, 'an end batch leaves no fence');
  const before = readFenceRecords(fenceDeletes);
  invariant(
    before.type === 'fence' && before.fence.frozen,
    'an end batch must delete the exact fence that was read, which is frozen',
  );
  const creates = rest.filter(({ action }) => action === 'CREATE').map(({ record }) => record);
  assertReasserted(creates, rest, scope);
  invariant(rest.length === 2 * creates.length, 'an end batch deletes nothing but the fence');
}

function assertReasserted(creates: readonly RecordSet[], rest: readonly Change[], scope: CellScope): void {
  for (const record of creates) {
    const isSame = rest.some((change) => change.action === 'DELETE' && sameRecord(change.record, record));
    invariant(isSame && isOutside(record, scope), `${recordKey(record)} may not be created`);
    invariant(!pointsInside(record, scope), `${recordKey(record)} still points at a tree of the cell`);
  }
}

/** Whether it is an answer at a name of its own, outside of what is Pawl's. */
function isOutside({ name, type }: RecordSet, scope: CellScope): boolean {
  return parseOwnedName(name, scope) === undefined && ['A', 'AAAA', 'CNAME'].includes(type);
}
