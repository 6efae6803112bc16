import type { FenceReading } from './fence.ts';
import { readFenceRecords } from './fence.ts';
import type { CellName, DnsName } from './names.ts';
import { isWithin } from './names.ts';
import type { Offer } from './offers.ts';
import { isOffer } from './offers.ts';
import type { CellScope } from './owned-names.ts';
import { cellOfName, fenceName, offerName, ownedSubtree, rollbackName } from './owned-names.ts';
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
 * The endpoints that another cell has taken by the zone: the log offers them to it, and their root points at its trees.
 * Nobody but that cell's enactor makes such a root, and it does so by the batch that advances both fences. Pure.
 */
export function takenByOthers(
  offers: readonly Pick<Offer, 'name' | 'to'>[],
  view: ZoneView,
  scope: CellScope,
): ReadonlyMap<DnsName, CellName> {
  const taken = offers.filter(({ name, to }) => {
    const subtree = ownedSubtree({ ...scope, cell: to });
    return recordsAtName(view, name).some(
      ({ type, alias }) => ROOT_TYPES.has(type) && alias !== undefined && isWithin(alias.name, subtree),
    );
  });
  return new Map(taken.map(({ name, to }) => [name, to]));
}

/** The endpoints that this cell has taken by the zone, of those that its log awaits, each with who gave it. Pure. */
export function takenByUs(
  awaited: ReadonlyMap<DnsName, CellName>,
  view: ZoneView,
  scope: CellScope,
): ReadonlyMap<DnsName, CellName> {
  const isOurs = (name: DnsName): boolean =>
    recordsAtName(view, name).some((record) => pointedTree(record, scope) !== undefined);
  return new Map([...awaited].filter(([name]) => isOurs(name)));
}
