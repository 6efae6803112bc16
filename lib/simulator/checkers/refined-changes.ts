import { fingerprint } from '../fingerprint.ts';
import type { RefinedZone } from './refined-zone.ts';

/** What a batch of the cell has done, as long as its writer may tell the log of it. */
export interface RememberedChange {
  /** The zone once it was accepted. */
  readonly zone: RefinedZone;
  /** What a hand had changed then, and no batch since: the writer has seen what was there before. */
  readonly touched: ReadonlySet<string>;
  /** Of the fence that it left; undefined where that cannot be read. */
  readonly seq: number | undefined;
  /** The seq of the fence by which a root was moved last, this batch counted. */
  readonly movedAt: number | undefined;
}

export type RememberedChanges = ReadonlyMap<string, RememberedChange>;

/** Steps of which nobody tells the log by which change they came. */
const NEVER_TOLD: ReadonlySet<string> = new Set([
  'make-fence',
  'tend-offers',
  ...['freeze', 'freeze-again', 'thaw'],
  ...['rescue-freezes', 'rescue-stages', 'rescue-flips'],
  ...['roots-become-plain', 'names-are-cleared', 'fence-ends'],
]);

/** The changes with one more, if somebody may tell the log of it. */
export function withChange(
  changes: RememberedChanges,
  change: string | undefined,
  step: string,
  remembered: RememberedChange,
): RememberedChanges {
  return change === undefined || NEVER_TOLD.has(step) ? changes : new Map([...changes, [change, remembered]]);
}

/** Whether one of these names stood once the change was accepted. */
export function stoodUpTo(changes: RememberedChanges, change: string, names: Iterable<string>): boolean {
  const known = changes.get(change);
  if (known === undefined) return false;
  for (const name of names) if (known.zone.nodes.has(name) || known.touched.has(name)) return true;
  return false;
}

/** Whether no root was moved between the fence of this seq and the change, whichever of them came first. */
export function isCalm(changes: RememberedChanges, mark: number, change: string): boolean {
  const known = changes.get(change);
  if (known === undefined) return false;
  if (known.seq === mark) return true;
  return [...changes.values()].some(({ seq, movedAt }) => seq === mark && movedAt === known.movedAt);
}

/** The changes of which somebody may tell the log still: a change is told once, and what the log goes on to say stays. */
export function untold(
  changes: RememberedChanges,
  told: ReadonlySet<string>,
  kept: string,
): RememberedChanges {
  if (told.size === 0) return changes;
  return new Map([...changes].filter(([change]) => !told.has(change) || change === kept));
}

const keys = new WeakMap<RememberedChange, string>();

export function changesKey(changes: RememberedChanges): string {
  return [...changes].map(([change, remembered]) => `${change}=${keyOf(remembered)}`).join(';');
}

function keyOf(remembered: RememberedChange): string {
  const { zone, touched, seq, movedAt } = remembered;
  // No names of actors are in it, which a search would look for.
  const names = () => fingerprint([...zone.nodes.keys(), '/', ...touched].sort().join('+'));
  const known = keys.get(remembered) ?? `${seq ?? ''} ${movedAt ?? ''} ${names()}`;
  keys.set(remembered, known);
  return known;
}
