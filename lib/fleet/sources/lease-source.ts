import type { Hearing, HearingDeps } from '../../lease/hear-zone.ts';
import { hearZone } from '../../lease/hear-zone.ts';
import type { Judgement, LeasedTarget } from '../../lease/judge-zone.ts';
import { judgeZone, unheardZone } from '../../lease/judge-zone.ts';
import type { LeaseTable } from '../../lease/lease-table.ts';
import { LeasesAway } from '../../lease/lease-table.ts';
import type { CellName } from '../../plan/names.ts';
import { lease } from './lease.ts';
import type { SourceTarget, TargetSource } from './source.ts';

export interface LeaseSourceDeps extends Pick<HearingDeps, 'clock' | 'firstEveryMs'> {
  /** Undefined where nothing names a table of leases. */
  readonly leases: LeaseTable | undefined;
  /** Told what was heard in the zones of a cell that could be heard, once a look. */
  readonly heard?: (cell: CellName, hearings: readonly Hearing[]) => void;
}

/**
 * Health and capacity from leases, for targets that name a group (docs/leases.md). It hears every availability zone of the
 * targets, and lets their ticks rise: that is all that it writes. What it says of a group is as old as the group's row,
 * which its holder writes once a period.
 */
export function leaseSource({ leases, heard, ...others }: LeaseSourceDeps): TargetSource {
  return {
    look: async (targets, cell) => {
      if (leases === undefined) return { type: 'blind', reason: 'no table of leases is named here' };
      const zones = await Promise.all(
        [...byZone(targets)].map(([az, own]) => zoneReading({ leases, ...others }, { cell, az }, own)),
      );
      heard?.(
        cell,
        zones.flatMap(({ hearing }) => hearing ?? []),
      );
      const unseen = zones.flatMap(({ judgement }) => judgement.unseen);
      if (unseen.length === targets.length) return { type: 'blind', reason: reasonsOf(unseen) };
      return {
        type: 'observed',
        observations: Object.assign({}, ...zones.map(({ judgement }) => judgement.observations)),
        unseen:
          unseen.length === 0
            ? undefined
            : { targets: unseen.map(({ id }) => id), reason: reasonsOf(unseen), where: whereOf(zones) },
      };
    },
  };
}

function byZone(targets: readonly SourceTarget[]): ReadonlyMap<string, readonly LeasedTarget[]> {
  const zones = new Map<string, LeasedTarget[]>();
  for (const { id, az, capacity, before, reference } of targets) {
    const own = zones.get(az) ?? [];
    zones.set(az, own);
    own.push({ id, group: lease.reference.parse(reference).group, capacity, before });
  }
  return zones;
}

/** Another zone, or one that goes deaf, is other news than what is known already. */
function whereOf(zones: readonly ZoneReading[]): string {
  const named = zones.flatMap(({ az, judgement, hearing }) => {
    if (judgement.unseen.length === 0) return [];
    return [hearing === undefined ? `${az} (away)` : hearing.deaf ? `${az} (deaf)` : `some of ${az}`];
  });
  return named.sort().join(', ');
}

interface ZoneReading {
  readonly az: string;
  readonly judgement: Judgement;
  /** Absent where the table was away. */
  readonly hearing?: Hearing;
}

async function zoneReading(
  deps: HearingDeps,
  zone: { readonly cell: CellName; readonly az: string },
  targets: readonly LeasedTarget[],
): Promise<ZoneReading> {
  try {
    const hearing = await hearZone(deps, zone, [...new Set(targets.map(({ group }) => group))]);
    return { az: zone.az, judgement: judgeZone(hearing, targets), hearing };
  } catch (error) {
    if (!(error instanceof LeasesAway)) throw error;
    const reason = error.message.replace(/[.]$/, '');
    return { az: zone.az, judgement: unheardZone(targets, reason) };
  }
}

/** So many targets are named; the log has a bound. */
const NAMED_MAX = 5;

/** Each reason once, with the targets that it holds for. */
function reasonsOf(unseen: Judgement['unseen']): string {
  const ids = new Map<string, string[]>();
  for (const { id, reason } of unseen) ids.set(reason, [...(ids.get(reason) ?? []), id]);
  const named = [...ids].slice(0, NAMED_MAX).map(([reason, own]) => {
    const more = own.length > NAMED_MAX ? ` and ${own.length - NAMED_MAX} more` : '';
    return `${own.slice(0, NAMED_MAX).join(', ')}${more}: ${reason}`;
  });
  const others = ids.size > NAMED_MAX ? [`${ids.size - NAMED_MAX} other reasons`] : [];
  return [...named, ...others].join('; ');
}
