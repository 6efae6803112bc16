import { canonicalJson } from '../../plan/canonical.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { RememberedChanges } from './refined-changes.ts';
import { changesKey } from './refined-changes.ts';
import { nodeOf } from './refined-event.ts';
import type { CellFences } from './refined-fence-memory.ts';
import { fenceMemoryKey, NO_FENCES } from './refined-fence-memory.ts';
import type { LogKnowledge } from './refined-log.ts';
import { coversKnowledge, knowledgeKey, usefulKnowledge } from './refined-log.ts';
import type { RefinedZone } from './refined-zone.ts';
import { targetOf } from './refined-zone.ts';

/** What writers may have read of one cell since its fence stood. What the log says now is not in it. */
export interface RefinedMemory {
  /** What the log said earlier, and does not say any more. */
  readonly logs: readonly LogKnowledge[];
  /** The same of whoever wrote the fence, which goes on under it without reading the log again. */
  readonly carried: { readonly by: string; readonly logs: readonly LogKnowledge[] } | undefined;
  /** The seq of the fence by which a root was moved last. */
  readonly movedAt: number | undefined;
  /** The listings before the changes that hands have made. */
  readonly listings: readonly (readonly RecordSet[])[];
  /** A fence that has returned may have been read at any time. */
  readonly isReturned: boolean;
  /** Roots and nodes that a hand has changed, or that went back, and that no batch has changed as a whole since. */
  readonly touched: ReadonlySet<string>;
  /** Endpoints whose roots a hand has ever moved, or a person who gives them back. */
  readonly handled: ReadonlySet<string>;
  /** Batches of which somebody may tell the log. */
  readonly changes: RememberedChanges;
  /** Endpoints that logs let be offered which were read since the fence stood, where the log lets them no more. */
  readonly offerable: readonly ReadonlySet<string>[];
  readonly fences: CellFences;
}

export const NOTHING_REMEMBERED: RefinedMemory = {
  ...{ logs: [], carried: undefined, movedAt: undefined, listings: [] },
  ...{ isReturned: false, touched: new Set(), handled: new Set(), changes: new Map(), offerable: [] },
  fences: NO_FENCES,
};

/** What of the present decides which knowledge is of use. */
export interface Present {
  readonly scope: CellScope;
  readonly zone: RefinedZone;
  /** What the log says. */
  readonly now: LogKnowledge;
  readonly isInsync: (change: string) => boolean;
}

/**
 * Equal for memories that no batch and no event can tell apart.
 *
 * @param present where neither a hand nor a return will come. Then the zone stays as it is until the fence moves, so that
 * what was known is left out where it cannot help: a search would keep states apart that nothing tells apart.
 */
export function memoryKey(memory: RefinedMemory, present: Present | undefined): string {
  const { logs, carried, movedAt, listings, isReturned, touched, handled, changes, offerable } = memory;
  const isQuiet = touched.size + handled.size + listings.length === 0 && !isReturned;
  const keysOf = (known: readonly LogKnowledge[]): readonly string[] =>
    present === undefined || !isQuiet ? known.map(knowledgeKey) : helpfulKeys(known, movedAt, present);
  const own = keysOf(carried?.logs ?? []);
  return [
    isReturned ? 'returned' : '',
    [...touched].sort().join('+'),
    [...handled].sort().join('+'),
    movedAt ?? '',
    changesKey(changes),
    fenceMemoryKey(memory.fences),
    ...offerable.map((endpoints) => [...endpoints].sort().join('+')),
    ...keysOf(logs),
    ...(carried === undefined || own.length === 0 ? [] : [carried.by, ...own]),
    // Not a fingerprint: a search reads names of actors in it.
    ...listings.map((listing) => listing.map((record) => canonicalJson(record)).join()),
  ].join();
}

/** What is known beyond what the log says now, without what cannot help, each once. */
function helpfulKeys(
  known: readonly LogKnowledge[],
  movedAt: number | undefined,
  present: Present,
): readonly string[] {
  if (known.length === 0) return [];
  const now = helpful(present.now, movedAt, present);
  const beyond = known
    .map((each) => helpful(each, movedAt, present))
    .filter((each) => !coversKnowledge(now, each));
  return [...new Set(beyond.map(knowledgeKey))].sort();
}

/**
 * What of a log that was read can make a guard hold while the zone stays as it is. Nobody makes a tree that stands; a tree
 * at which a root points needs no staging to be pointed at; and of the changes after the last move of a root each says as
 * much as another that is INSYNC.
 */
function helpful(
  known: LogKnowledge,
  movedAt: number | undefined,
  { scope, zone, isInsync }: Present,
): LogKnowledge {
  const { settled, listed, staged, ...others } = usefulKnowledge(known, movedAt);
  const isStanding = (tree: string): boolean => zone.nodes.has(nodeOf(tree, scope));
  const isPointedAt = (tree: string): boolean => {
    const node = nodeOf(tree, scope);
    return [...(zone.pointers.get(node) ?? [])].some((root) => targetOf(zone, root, scope) === node);
  };
  const [, change = ''] = settled.split(' ');
  return {
    ...others,
    listed: new Set([...listed].filter((tree) => !isStanding(tree))),
    staged: new Set([...staged].filter((entry) => !isPointedAt(entry.slice(entry.indexOf(' ') + 1)))),
    // Without a last move it matters which fence the log names.
    settled: movedAt === undefined ? settled : change !== '' && isInsync(change) ? 'INSYNC' : change,
  };
}
