import type { Observation } from '../plan/fleet-model.ts';
import { invariant } from '../plan/invariant.ts';
import { steppedCapacity } from './capacity-steps.ts';
import type { HeardGroup, Hearing } from './hear-zone.ts';

/** A target that a group of the zone stands for. */
export interface LeasedTarget {
  readonly id: string;
  readonly group: string;
  /** As declared, 1 or more. */
  readonly capacity: number;
  /** Its last recorded observation; undefined for none. */
  readonly before: Observation | undefined;
}

/** What a hearing says of a zone's targets. */
export interface Judgement {
  /** Of every target. One of which nothing is said has its last observation; a new one is unhealthy. */
  readonly observations: Readonly<Record<string, Observation>>;
  /** Targets of which nothing can be said, each with why; a silent row between heard and lapsed is not among them. */
  readonly unseen: readonly { readonly id: string; readonly reason: string }[];
}

/** Of a zone that could not be heard, for this reason, nothing is said. */
export function unheardZone(targets: readonly LeasedTarget[], reason: string): Judgement {
  return {
    observations: Object.fromEntries(targets.map((target) => [target.id, stays(target)])),
    unseen: targets.map(({ id }) => ({ id, reason })),
  };
}

/**
 * What was heard, as health and capacity (docs/adr/0070-leases-are-a-source.md). Pure.
 *
 * A group that is heard serves with the capacity of its members. A lapsed one is out, and so is one whose members are all
 * out. Of a deaf zone nothing is said, and where more groups than may be missing would be out, nothing of those that
 * served until now: so many are not taken out by leases alone. Whoever was taken out counts until it serves again. A
 * target that did not serve before begins once its group was heard in two ticks.
 */
export function judgeZone(hearing: Hearing, targets: readonly LeasedTarget[]): Judgement {
  const isTooMany = outAfter(hearing, targets) > hearing.missingMax;
  const observations: Record<string, Observation> = {};
  const unseen: { id: string; reason: string }[] = [];
  for (const target of targets) {
    const heard = hearing.groups.get(target.group);
    invariant(heard !== undefined, `nobody listened for the group ${target.group}`);
    const reason = hearing.deaf
      ? deafness(hearing)
      : unsaid(heard, target, isTooMany ? hearing.missingMax : undefined);
    observations[target.id] = reason === undefined ? observed(heard, target) : stays(target);
    if (reason !== undefined) unseen.push({ id: target.id, reason });
  }
  return { observations, unseen };
}

/** How many groups would be out now, or do not serve yet again. Those that nobody has ever held took nothing out. */
function outAfter({ groups }: Hearing, targets: readonly LeasedTarget[]): number {
  const out = [...groups].filter(([, heard]) => isOut(heard)).map(([group]) => group);
  const waiting = targets.filter((target) => {
    const heard = groups.get(target.group);
    return heard !== undefined && heard.type !== 'never' && observed(heard, target).health === 'unhealthy';
  });
  return new Set([...out, ...waiting.map(({ group }) => group)]).size;
}

function isOut(group: HeardGroup): boolean {
  if (group.type !== 'row') return false;
  const { standing, row } = group;
  return standing === 'lapsed' || (standing === 'heard' && row.members.every((member) => member === 0));
}

/** The same while it lasts, however many are heard: what is told once is not told at every run. */
function deafness({ groups, missingMax }: Hearing): string {
  return `fewer than ${groups.size - missingMax} of its zone's ${groups.size} groups are heard, so nobody there ages`;
}

/** Why nothing is said of a target in a zone that is not deaf; undefined when something is. */
function unsaid(
  group: HeardGroup,
  { group: name, before }: LeasedTarget,
  max: number | undefined,
): string | undefined {
  if (group.type === 'never') return `nobody has held its group ${name} yet`;
  if (group.type === 'unreadable') return `the row of its group ${name} ${group.what}`;
  if (max === undefined || !isOut(group) || before?.health === 'unhealthy') return undefined;
  return `more than ${max} groups of its zone are out, which is more than leases alone may take`;
}

function observed(group: HeardGroup, target: LeasedTarget): Observation {
  const { capacity, before } = target;
  if (group.type !== 'row' || group.standing === 'silent') return stays(target);
  if (isOut(group)) return { health: 'unhealthy', capacity };
  const serves = before?.health === 'healthy';
  const { t, since, members } = group.row;
  if (!serves && t === since) return stays(target);
  return {
    health: 'healthy',
    capacity: steppedCapacity(members, capacity, serves ? before.capacity : undefined),
  };
}

function stays({ capacity, before }: LeasedTarget): Observation {
  return before === undefined
    ? { health: 'unhealthy', capacity }
    : { health: before.health, capacity: before.capacity };
}
