import type { ZoneFacts } from '../ledger/decider/events.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { isSince4 } from '../ledger/decider/state.ts';
import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { ownedSubtree, parseOwnedName } from '../plan/owned-names.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedTree, recordsAtName } from '../plan/zone-view.ts';

/** Record types that Pawl replaces at an endpoint's name, once the name is its own. */
const ROOT_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);
/** The position of the minimum in a SOA's value: after the two names and four numbers (RFC 1035, 3.3.13). */
const SOA_MINIMUM = 6;

export interface FactsInput {
  readonly scope: CellScope;
  readonly state: CellState;
  readonly view: ZoneView;
  readonly count: number;
  readonly recordLimit: number;
  readonly declared: ReadonlySet<DnsName>;
}

/** The facts of the zone that the planner needs and may not read itself. Pure. */
export function zoneFacts({ scope, state, view, count, recordLimit, declared }: FactsInput): ZoneFacts {
  return {
    records: count,
    ...(isSince4(state) ? { ours: ownRecords(view, scope) } : {}),
    recordLimit,
    negativeTtlS: negativeTtl(view, scope),
    delegations: delegationsIn(view, scope),
    conflicts: conflictsAt(declared, view, state, scope),
  };
}

/** Records that are the cell's own: everything in its subtree, and every root that points there. */
function ownRecords(view: ZoneView, scope: CellScope): number {
  const subtree = ownedSubtree(scope);
  const all = [...view].flatMap(([name, records]) =>
    isWithin(name, subtree) ? records : records.filter((record) => pointedTree(record, scope) !== undefined),
  );
  return all.length;
}

/** Records of the zone without the cell's trees that no root points at, which a janitor deletes once room is needed. Pure. */
export function stayingRecords(view: ZoneView, scope: CellScope): number {
  const subtree = ownedSubtree(scope);
  const live = new Set(
    [...view].flatMap(([name, records]) =>
      isWithin(name, subtree) ? [] : records.flatMap((record) => pointedTree(record, scope)?.name ?? []),
    ),
  );
  const isYielding = (name: DnsName): boolean =>
    isWithin(name, subtree) && parseOwnedName(name, scope)?.kind === 'tree' && !live.has(name);
  return [...view].reduce((sum, [name, records]) => (isYielding(name) ? sum : sum + records.length), 0);
}

/** Seconds that resolvers cache "no such name": the SOA's minimum or its TTL, whichever is less (RFC 2308, section 5). */
function negativeTtl(view: ZoneView, scope: CellScope): number {
  const soa = recordsAtName(view, scope.zone).find(({ type }) => type === 'SOA');
  const minimum = Number(soa?.values?.[0]?.trim().split(/\s+/)[SOA_MINIMUM]);
  return Number.isSafeInteger(minimum) ? Math.min(minimum, soa?.ttl ?? minimum) : 0;
}

function delegationsIn(view: ZoneView, scope: CellScope): readonly DnsName[] {
  return [...view]
    .filter(([name, records]) => name !== scope.zone && records.some(({ type }) => type === 'NS'))
    .map(([name]) => name)
    .sort();
}

/** Declared names with a foreign record: nothing can be enacted there before they are adopted. */
function conflictsAt(
  declared: Iterable<DnsName>,
  view: ZoneView,
  { owned, adopted }: Pick<CellState, 'owned' | 'adopted'>,
  scope: CellScope,
): readonly DnsName[] {
  const ours = new Set([...owned, ...adopted]);
  return [...declared]
    .filter((name) => !ours.has(name))
    .filter((name) =>
      recordsAtName(view, name).some(
        (record) => ROOT_TYPES.has(record.type) && pointedTree(record, scope) === undefined,
      ),
    )
    .sort();
}
