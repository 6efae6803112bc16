import type { DnsName } from './names.ts';
import { isWithin } from './names.ts';
import type { CellScope } from './owned-names.ts';
import { ownedSubtree } from './owned-names.ts';
import type { RecordSet } from './records.ts';
import { hasUnknownRouting } from './records.ts';
import type { ZoneView } from './zone-view.ts';
import { pointedTree, recordsAtName } from './zone-view.ts';

/**
 * What a root answers, as records at its own name that need nothing of Pawl's. `nested`: they would need names of their
 * own, because a branch has more than one record. `dangling`: the tree is not there. `unreadable`: a record has a routing
 * policy that this release cannot read.
 */
export type PlainAnswer =
  | { readonly type: 'plain'; readonly records: readonly RecordSet[] }
  | { readonly type: 'nested' | 'dangling' | 'unreadable'; readonly at: DnsName };

/** Whether a record is an alias of something below the cell's own names. */
export function pointsInside({ alias }: Pick<RecordSet, 'alias'>, scope: CellScope): boolean {
  return alias !== undefined && isWithin(alias.name, ownedSubtree(scope));
}

/**
 * The records of the tree that a root points at, moved to the root's own name. A branch of one record becomes that record
 * under the branch's routing: an alias that evaluates health answers while its target does, and so does a record with the
 * target's own health check. A single record without a health check needs no weight. Pure.
 *
 * @param root a record for which {@link pointedTree} finds a tree.
 */
export function plainAnswer(root: RecordSet, view: ZoneView, scope: CellScope): PlainAnswer {
  const tree = pointedTree(root, scope);
  const there = tree === undefined ? [] : ofType(view, tree.name, root.type);
  if (tree === undefined || there.length === 0) return { type: 'dangling', at: tree?.name ?? root.name };
  const moved: RecordSet[] = [];
  for (const record of there) {
    if (hasUnknownRouting(record)) return { type: 'unreadable', at: record.name };
    if (!pointsInside(record, scope)) {
      moved.push({ ...record, name: root.name });
      continue;
    }
    const at = record.alias?.name ?? record.name;
    const [leaf, ...others] = ofType(view, at, root.type);
    if (leaf === undefined) return { type: 'dangling', at };
    if (hasUnknownRouting(leaf)) return { type: 'unreadable', at };
    if (others.length > 0 || pointsInside(leaf, scope)) return { type: 'nested', at };
    const { alias: _, ...routed } = record;
    const { ttl, values, alias, healthCheckId } = leaf;
    moved.push({ ...routed, name: root.name, ttl, values, alias, healthCheckId });
  }
  return { type: 'plain', records: moved.length === 1 ? moved.map(simple) : moved };
}

/** A single weighted record without a health check answers always, as one without a routing policy does. */
function simple(record: RecordSet): RecordSet {
  const { setIdentifier: _, weight, ...plain } = record;
  return weight === undefined || record.healthCheckId !== undefined ? record : plain;
}

function ofType(view: ZoneView, name: DnsName, type: string): readonly RecordSet[] {
  return recordsAtName(view, name).filter((record) => record.type === type);
}
