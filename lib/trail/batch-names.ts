import type { DnsName } from '../plan/names.ts';
import type { BatchParts } from './batch-parts.ts';
import { targetOf } from './batch-parts.ts';
import type { ZoneModel } from './zone-model.ts';
import type { ZoneTrail } from './zone-trail.ts';
import { placeOf } from './zone-trail.ts';

/** The names of which a guard can say anything about a batch that is not so of all others. */
export interface BatchNames {
  readonly nodes: ReadonlySet<string>;
  /** With where each pointed before, as far as that is known. */
  readonly roots: Map<string, string | undefined>;
}

const TYPES = ['A', 'AAAA', 'CNAME'] as const;

/**
 * What a hand has touched, and no batch since, is left out: of it nothing is said, and what is left out makes no guard that
 * is asked any harder to hold.
 */
export function namesOf(trail: ZoneTrail, { makes, drops, moves, leads }: BatchParts): BatchNames {
  const nodes = new Set<string>([...makes, ...drops]);
  const roots = new Map<string, string | undefined>();
  for (const [root, target] of moves) {
    noteRoot(trail, roots, nodes, root);
    if (target !== undefined) nodes.add(target);
  }
  for (const node of drops) notePointers(trail, roots, nodes, node);
  if (leads.size > 0) for (const node of makes) for (const each of ledTo(trail, leads, node)) nodes.add(each);
  if (trail.touched.size === 0) return { nodes, roots };
  const isTouched = (name: string): boolean => trail.touched.has(nameOfRoot(name));
  for (const node of nodes) if (isTouched(node)) nodes.delete(node);
  for (const root of roots.keys()) if (isTouched(root)) roots.delete(root);
  return { nodes, roots };
}

/** The name of a root, which is `name type`; that of a node is all of it. */
export function nameOfRoot(root: string): DnsName {
  const end = root.indexOf(' ');
  return (end < 0 ? root : root.slice(0, end)) as DnsName;
}

function noteRoot(
  trail: ZoneTrail,
  roots: Map<string, string | undefined>,
  nodes: Set<string>,
  root: string,
): void {
  if (roots.has(root)) return;
  const standing = trail.model.sets.get(root);
  const target = standing === undefined ? undefined : targetOf(trail, root, standing);
  roots.set(root, target);
  if (target !== undefined) nodes.add(target);
}

/** What leads to a name, at once or further up: it is walked by the aliases that are known to need it. */
function notePointers(
  trail: ZoneTrail,
  roots: Map<string, string | undefined>,
  nodes: Set<string>,
  node: string,
): void {
  for (const type of TYPES)
    for (const pointer of trail.model.pointers.get(`${node} ${type}`) ?? []) {
      const name = nameOfRoot(pointer);
      const { kind } = placeOf(trail, name);
      if (kind === 'root' || kind === 'rollback') noteRoot(trail, roots, nodes, pointer);
      else if (!nodes.has(name)) {
        nodes.add(name);
        notePointers(trail, roots, nodes, name);
      }
    }
}

/** A node, and all to which its aliases lead: those of the batch where it makes them, or else those that stand. */
export function ledTo({ model }: ZoneTrail, leads: BatchParts['leads'], node: string): ReadonlySet<string> {
  const found = new Set([node]);
  for (const each of found) {
    const made = leads.get(each);
    if (made !== undefined) for (const target of made) found.add(target);
    else
      for (const type of TYPES)
        for (const { alias } of model.sets.get(`${each} ${type}`) ?? [])
          if (alias !== undefined) found.add(alias.name);
  }
  return found;
}

/** Whether anything that answers stands at a name; undefined where nobody can say. */
export function standsAt({ sets, whole, fromStart }: ZoneModel, name: string): boolean | undefined {
  if (TYPES.some((type) => sets.has(`${name} ${type}`))) return true;
  return fromStart || TYPES.some((type) => whole.has(`${name} ${type}`)) ? false : undefined;
}
