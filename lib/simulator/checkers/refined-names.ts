import type { CellState } from '../../ledger/decider/state.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { endpointOfLabels, rollbackName } from '../../plan/owned-names.ts';
import type { StoodFences } from './refined-fences.ts';
import type { LogKnowledge, RefinedPlan } from './refined-log.ts';
import type { ToldByLogs } from './refined-told.ts';
import type { RefinedZone, ZoneChange } from './refined-zone.ts';
import { cellOf, endpointOf, ledToBy, rootOf, targetOf } from './refined-zone.ts';

/** A batch of one writer, and all that the theory asks about it. */
export interface RefinedBatch {
  /** Of the cell that the writer is at work on. */
  readonly scope: CellScope;
  readonly scopes: readonly CellScope[];
  readonly before: RefinedZone;
  readonly after: RefinedZone;
  readonly change: ZoneChange;
  /** What every name server has. */
  readonly everywhere: RefinedZone;
  /** The cell's log when the batch commits. */
  readonly state: CellState;
  readonly peekAt: (cell: CellName) => CellState;
  readonly planOf: (digest: string) => RefinedPlan | undefined;
  readonly isInsync: (change: string) => boolean;
  /** The seq of the fence by which a root was moved last; undefined where a hand has been at the fence since. */
  readonly movedAt: number | undefined;
  /** Roots and nodes that a hand has changed, or that went back with the zone, and that no batch has changed since. */
  readonly touched: ReadonlySet<string>;
  /** Endpoints whose roots a hand has ever moved, or a person who gave them back: a tree that they pointed at may be known by nothing else. */
  readonly handled: ReadonlySet<string>;
  /** The fences that stood in the cell. */
  readonly stood: StoodFences;
  /** What logs told that its writer can have read. */
  readonly told: ToldByLogs;
  /** The fence on which a person who thaws has decided; undefined for everybody else. */
  readonly decided: string | undefined;
  /** The fence under which a freeze began that has returned, and no thaw has ended. */
  readonly promised: string | undefined;
}

/** What the writer of a batch may have read since the fence stood that it deletes. */
export interface Read {
  /** Absent: anything, because the zone went back, and with it a fence under which somebody read an earlier log. */
  readonly log: LogKnowledge | undefined;
  readonly zone: RefinedZone;
}

const TYPES = ['A', 'AAAA', 'CNAME'] as const;

/** A node, and all to which its aliases lead. */
export function ledTo({ before, after, scope }: RefinedBatch, node: string): ReadonlySet<string> {
  const found = new Set([node]);
  for (const each of found)
    for (const zone of [before, after]) for (const next of ledToBy(zone, each, scope)) found.add(next);
  return found;
}

/**
 * The names of which a guard can say anything that is not so of all others.
 *
 * @param trees of the plan that the next fence names.
 */
export function namesOf(
  batch: RefinedBatch,
  { zone }: Read,
  trees: ReadonlyMap<string, string>,
): { readonly nodes: ReadonlySet<string>; readonly roots: ReadonlySet<string> } {
  const { scope, before, after, change } = batch;
  const nodes = new Set([...change.makes, ...change.drops, ...change.mends]);
  const roots = new Set(change.moves);
  for (const [root, tree] of planRoots(batch, trees)) {
    roots.add(root);
    // It may be that nothing points there, and that it does not stand.
    nodes.add(tree);
  }
  for (const offer of change.offers) for (const root of offeredRoots(batch, offer)) roots.add(root);
  for (const node of change.drops)
    for (const root of rootsOf(endpointOf(node, scope), scope)) roots.add(root);
  for (const node of nodes) {
    for (const each of [before, zone])
      for (const pointer of each.pointers.get(node) ?? [])
        (pointer.includes(' ') ? roots : nodes).add(pointer);
  }
  // A root that stays may be how its writer knows that a tree is everywhere.
  for (const root of change.moves) {
    const target = targetOf(after, root, scope) ?? '';
    for (const each of [before, zone])
      for (const pointer of each.pointers.get(target) ?? []) if (pointer.includes(' ')) roots.add(pointer);
  }
  for (const root of roots)
    for (const each of [before, after, zone]) {
      const target = targetOf(each, root, scope);
      if (target !== undefined) nodes.add(target);
    }
  for (const node of [...nodes]) for (const each of ledTo(batch, node)) nodes.add(each);
  return { nodes, roots };
}

/** The roots that the plan at the next fence has, and that do not stand as it says, each with where it has them. */
function planRoots(
  { change, before, scope }: RefinedBatch,
  trees: ReadonlyMap<string, string>,
): readonly (readonly [root: string, tree: string])[] {
  return [...trees].filter(
    ([root, tree]) => !change.moves.has(root) && targetOf(before, root, scope) !== tree,
  );
}

/** The roots of an endpoint that is offered; where none stands, one stands for the endpoint. */
function offeredRoots({ before, after, scope }: RefinedBatch, offer: DnsName): readonly string[] {
  const all = rootsOf(endpointOf(offer, scope), scope).filter((root) => cellOf(root, scope) === undefined);
  const standing = all.filter((root) => before.roots.has(root) || after.roots.has(root));
  return standing.length > 0 ? standing : all.slice(0, 1);
}

const allRoots = new WeakMap<CellScope, Map<string, readonly string[]>>();

/** The roots that an endpoint may have, its rollback roots included. */
function rootsOf(endpoint: string | undefined, scope: CellScope): readonly string[] {
  if (endpoint === undefined) return [];
  const known = allRoots.get(scope) ?? new Map<string, readonly string[]>();
  allRoots.set(scope, known);
  const there = known.get(endpoint);
  if (there !== undefined) return there;
  const name: DnsName = endpointOfLabels(endpoint, scope);
  const roots = TYPES.flatMap((type) => [rootOf(name, type), rootOf(rollbackName(name, scope), type)]);
  known.set(endpoint, roots);
  return roots;
}
