import { fitsBesideFence, replacement } from '../cell/packing.ts';
import type { BatchPart } from '../plan/batches.ts';
import type { Take } from '../plan/handover.ts';
import type { DnsName } from '../plan/names.ts';
import type { NameChanges, RootChanges } from '../plan/roots.ts';
import { conflictSentence, pointedConflicts } from '../plan/roots.ts';
import type { ZoneView } from '../plan/zone-view.ts';

/** What stands in the zone and forbids to send an endpoint's changes. */
export interface Obstacle {
  readonly name: DnsName;
  /** The record sets that stand in the way, each `name type`. */
  readonly records: readonly string[];
  readonly reason: string;
}

/** The root changes of a goal: those that can be sent, and what is left out. */
export interface RootWork {
  readonly groups: readonly NameChanges[];
  /** Names that differ from the goal, and whose changes are not among the groups. */
  readonly leftOut: readonly DnsName[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * Leaves out what was refused and what stands in the way, and then whatever may not go while these stay: a record that
 * is deleted for good while an alias that is left out points at it. Pure.
 */
export function rootWork(
  { groups, conflicts }: RootChanges,
  isRefused: (name: DnsName) => boolean,
  view: ZoneView,
): RootWork {
  const obstacles = new Map<DnsName, Obstacle>();
  for (const conflict of conflicts) {
    const { name, types } = conflict;
    const records = types.map((type) => `${name} ${type}`);
    if (!obstacles.has(name)) obstacles.set(name, { name, records, reason: conflictSentence([conflict]) });
  }
  for (const group of groups.filter((each) => !fitsBesideFence(partOf(each).changes)))
    obstacles.set(group.name, tooMuchAt(group.name));
  const differing = [...groups.map(({ name }) => name), ...obstacles.keys()];
  let kept = groups.filter(({ name }) => !isRefused(name) && !obstacles.has(name));
  for (
    let pointed = pointedConflicts(kept, view);
    pointed.length > 0;
    pointed = pointedConflicts(kept, view)
  ) {
    for (const conflict of pointed) {
      const records = conflict.types.map((type) => `${conflict.name} ${type}`);
      obstacles.set(conflict.name, { name: conflict.name, records, reason: conflictSentence([conflict]) });
    }
    kept = kept.filter(({ name }) => !obstacles.has(name));
  }
  const sent = new Set(kept.map(({ name }) => name));
  return {
    groups: kept,
    leftOut: [...new Set(differing)].filter((name) => !sent.has(name)),
    obstacles: [...obstacles.values()],
  };
}

/**
 * The names among these groups that can go without the others: nothing is deleted for good at them that an alias of the
 * others still points at. Pure.
 */
export function withoutPointed(groups: readonly NameChanges[], view: ZoneView): ReadonlySet<string> {
  let kept = groups;
  for (
    let pointed = pointedConflicts(kept, view);
    pointed.length > 0;
    pointed = pointedConflicts(kept, view)
  ) {
    const names = new Set(pointed.map(({ name }) => name));
    kept = kept.filter(({ name }) => !names.has(name));
  }
  return new Set(kept.map(({ name }) => name));
}

/** What one batch flips of the roots of a goal: those that are the cell's own, or those that one other cell gives. */
export interface FlipShare {
  readonly groups: readonly NameChanges[];
  /** The other cell and its fence; absent where nothing is taken. */
  readonly take?: Take;
  /** Nothing is left to flip after it. */
  readonly isLast: boolean;
}

/**
 * The first share of what is to be flipped. What the cell owns comes first and by itself: it must not wait for another
 * cell's fence, which any write of that cell moves. Pure.
 */
export function firstShare(groups: readonly NameChanges[]): FlipShare {
  const own = groups.filter(({ take }) => take === undefined);
  const take = groups.find((group) => group.take !== undefined)?.take;
  if (take === undefined) return { groups: own, isLast: true };
  if (own.length > 0) return { groups: own, isLast: false };
  const given = groups.filter((group) => group.take?.giver.cell === take.giver.cell);
  return { groups: given, take, isLast: given.length === groups.length };
}

/** The part of a flip that makes one name right. */
export function partOf(group: NameChanges): BatchPart {
  return replacement(group.name, group);
}

/** Only a hand can have put so much at one name, and only a hand can take it away again. */
export function tooMuchAt(name: DnsName, at: DnsName = name): Obstacle {
  const reason = `More stands at ${at} than one batch can replace: remove by hand what is not Pawl's there, then sweep again.`;
  return { name, records: [at], reason };
}
