import type { FenceReading } from './fence.ts';
import { readFenceRecords } from './fence.ts';
import type { CellName, DnsName } from './names.ts';
import { isWithin } from './names.ts';
import type { Offer } from './offers.ts';
import { isOffer } from './offers.ts';
import type { CellScope } from './owned-names.ts';
import {
  cellOfName,
  endpointLabels,
  fenceName,
  offerName,
  ownedSubtree,
  parseOwnedName,
  rollbackName,
} from './owned-names.ts';
import type { RecordSet } from './records.ts';
import type { ZoneView } from './zone-view.ts';
import { pointedTree, recordsAtName } from './zone-view.ts';

// See docs/adr/0072-an-endpoint-is-handed-over.md.

/** Record types of a root. */
const ROOT_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/** The fence of the cell that gives, as it was read. */
export type GiverFence = Extract<FenceReading, { readonly type: 'fence' }>;

/** What the batch that takes an endpoint from another cell holds besides its own records. */
export interface Take {
  /** The cell that gives. */
  readonly giver: CellScope;
  /** Its fence, which the batch compares and advances. */
  readonly fence: GiverFence;
  /** The offer, and the rollback root that the giver has at the endpoint: both go. */
  readonly deletes: readonly RecordSet[];
}

/** The other cell of this zone whose tree a record points at; undefined where it points at nothing of Pawl's. */
function cellPointedAt({ alias }: RecordSet, scope: CellScope): CellName | undefined {
  if (alias === undefined || alias.zoneId !== scope.zoneId) return undefined;
  const cell = cellOfName(alias.name, scope);
  return cell === scope.cell ? undefined : cell;
}

/**
 * The other cell whose root stands at a name: one of its trees is pointed at, and its fence stands. Where no fence
 * stands the cell is gone, and its root is anybody's.
 */
export function otherCellsRoot(name: DnsName, view: ZoneView, scope: CellScope): CellScope | undefined {
  for (const record of recordsAtName(view, name)) {
    if (!ROOT_TYPES.has(record.type)) continue;
    const cell = cellPointedAt(record, scope);
    if (cell === undefined) continue;
    const other: CellScope = { ...scope, cell };
    if (recordsAtName(view, fenceName(other)).length > 0) return other;
  }
  return undefined;
}

/**
 * The cell that has to give an awaited endpoint at whose name no root stands, because a hand has deleted it: that cell
 * makes it again, and nobody else does without that cell's fence. Undefined where something stands there, and where no
 * fence of that cell does: then the cell is gone.
 */
export function giverOfMissing(
  name: DnsName,
  awaited: Taker['awaited'],
  view: ZoneView,
  scope: CellScope,
): CellScope | undefined {
  const cell = awaited.get(name);
  if (cell === undefined || recordsAtName(view, name).some(({ type }) => ROOT_TYPES.has(type)))
    return undefined;
  const giver: CellScope = { ...scope, cell };
  return recordsAtName(view, fenceName(giver)).length > 0 ? giver : undefined;
}

/** Why an endpoint cannot be taken from another cell yet, as data. */
export type NotTaken =
  | 'not awaited'
  | 'not offered'
  | 'frozen'
  | 'without a fence'
  | 'something else stands there';

/** Who takes, and what its log says. */
export interface Taker {
  readonly scope: CellScope;
  /** The identity of the ledger of the cell that takes. */
  readonly ledger: string;
  /** The endpoints that its log awaits, each with the cell that gives it. */
  readonly awaited: ReadonlyMap<DnsName, CellName>;
}

/**
 * What it takes to take an endpoint from the cell whose root stands there: both logs want it, which the offer and
 * `awaited` show, and nothing but roots of the giver stands at the name. Every record that this rests on is deleted by
 * the batch, the giver's fence with them, so that the batch fails as a whole once anything of it has changed. Pure.
 */
export function takeOf(name: DnsName, giver: CellScope, taker: Taker, view: ZoneView): Take | NotTaken {
  const { scope, ledger, awaited } = taker;
  if (awaited.get(name) !== giver.cell) return 'not awaited';
  const offer: Offer = { name, to: scope.cell, ledger };
  const offers = recordsAtName(view, offerName(name, giver));
  if (!offers.some((record) => isOffer(record, offer, giver))) return 'not offered';
  const fence = readFenceRecords(recordsAtName(view, fenceName(giver)));
  if (fence.type !== 'fence') return 'without a fence';
  if (fence.fence.frozen) return 'frozen';
  const roots = recordsAtName(view, name).filter(({ type }) => ROOT_TYPES.has(type));
  if (!roots.every((root) => pointedTree(root, giver) !== undefined)) return 'something else stands there';
  const rollbacks = recordsAtName(view, rollbackName(name, giver));
  return { giver, fence, deletes: [...offers, ...rollbacks] };
}

/**
 * Whether a root points at anything of a cell, whatever a hand has done to it since: both cells must see the same owner, who
 * then repairs it.
 */
function pointsInto({ type, alias }: RecordSet, scope: CellScope): boolean {
  return ROOT_TYPES.has(type) && alias !== undefined && isWithin(alias.name, ownedSubtree(scope));
}

/**
 * The endpoints that another cell has taken by the zone: the log offers them to it, and their root points at its trees.
 * Nobody but that cell's enactor makes such a root, and it does so by the batch that advances both fences. Pure.
 */
export function takenByOthers(
  offers: readonly Pick<Offer, 'name' | 'to'>[],
  view: ZoneView,
  scope: CellScope,
): ReadonlyMap<DnsName, CellName> {
  const taken = offers.filter(({ name, to }) =>
    recordsAtName(view, name).some((record) => pointsInto(record, { ...scope, cell: to })),
  );
  return new Map(taken.map(({ name, to }) => [name, to]));
}

/**
 * What the log says was given, and whose root points at a tree of this cell all the same, or is not there while trees of
 * the other cell wait for it: a hand was at work, or the zone went back. It is offered again, because the other cell, which owns it, takes nothing without an offer. The ledger
 * is the one that the other cell's fence names. Pure.
 */
export function offersOfReturned(
  given: readonly Pick<Offer, 'name' | 'to'>[],
  view: ZoneView,
  scope: CellScope,
): readonly Offer[] {
  return given.flatMap(({ name, to }) => {
    const roots = recordsAtName(view, name).filter(({ type }) => ROOT_TYPES.has(type));
    const isBack =
      roots.some((record) => pointsInto(record, scope)) ||
      (roots.length === 0 && hasTree(name, view, { ...scope, cell: to }));
    const fence = readFenceRecords(recordsAtName(view, fenceName({ ...scope, cell: to })));
    return isBack && fence.type === 'fence' ? [{ name, to, ledger: fence.fence.ledger }] : [];
  });
}

function hasTree(name: DnsName, view: ZoneView, scope: CellScope): boolean {
  const labels = endpointLabels(name, scope);
  return [...view.keys()].some((candidate) => {
    const owned = parseOwnedName(candidate, scope);
    return owned?.kind === 'tree' && owned.endpoint === labels;
  });
}

/** The endpoints that this cell has taken by the zone, of those that its log awaits, each with who gave it. Pure. */
export function takenByUs(
  awaited: ReadonlyMap<DnsName, CellName>,
  view: ZoneView,
  scope: CellScope,
): ReadonlyMap<DnsName, CellName> {
  const isOurs = (name: DnsName): boolean =>
    recordsAtName(view, name).some((record) => pointsInto(record, scope));
  return new Map([...awaited].filter(([name]) => isOurs(name)));
}
