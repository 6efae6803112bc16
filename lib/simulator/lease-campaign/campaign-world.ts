import type { SeededDraw } from '../random/strategy.ts';
import { seededDraw } from '../random/strategy.ts';

/** Someone who may hold a group. */
export interface CampaignHolder {
  readonly name: string;
  readonly az: string;
  readonly group: string;
  /** What its stopwatch counts in 1,000 true milliseconds. */
  readonly permille: number;
  readonly beginsMs: number;
}

export interface CampaignPlanner {
  readonly name: string;
  /** How far its clock is ahead, milliseconds. */
  readonly aheadMs: number;
  /** When in a minute it begins, milliseconds. */
  readonly phaseMs: number;
}

/**
 * A fault that lasts. `away`: calls are refused. `slow`: they take seconds, answers are lost, writes arrive late or
 * never. `no-planners`: no planner begins a run.
 */
export interface FaultWindow {
  readonly what: 'away' | 'slow' | 'no-planners';
  /** Whose calls fail. */
  readonly whose: 'holders' | 'planners' | 'everybody';
  /** The zone; undefined for all. */
  readonly az: string | undefined;
  /** The groups whose holders' calls fail; undefined for all. */
  readonly groups?: ReadonlySet<string>;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A holder's process ends, and begins anew without a memory; it stays away if `backMs` is undefined. */
export interface HolderDeath {
  /** Its place in the list of holders. */
  readonly holder: number;
  readonly atMs: number;
  readonly backMs: number | undefined;
}

/** All members of some groups are out for a while. */
export interface MembersOut {
  readonly az: string;
  readonly groups: ReadonlySet<string>;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Everything that a play of leases is a function of, with `seed`. Times are milliseconds from its beginning. */
export interface CampaignWorld {
  readonly seed: number;
  /** The period of every holder, milliseconds. */
  readonly everyMs: number;
  readonly zones: readonly { readonly az: string; readonly declared: readonly string[] }[];
  readonly holders: readonly CampaignHolder[];
  readonly planners: readonly CampaignPlanner[];
  readonly windows: readonly FaultWindow[];
  readonly deaths: readonly HolderDeath[];
  readonly outs: readonly MembersOut[];
  /** From then on nothing fails any more. */
  readonly calmMs: number;
  readonly endsMs: number;
}

export const MINUTE_MS = 60_000;
export const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'] as const;
/** The zone comes to rest before anything fails. */
const SETTLED_MS = 5 * MINUTE_MS;
const CALM_MS = 30 * MINUTE_MS;
/** A row of somebody who died lapses within that, and its group serves again. */
const REST_MS = 16 * MINUTE_MS;
/** How much a stopwatch may be off, in 1,000. */
const DRIFT_PERMILLE = 4;
/** How much the clocks of any two planners may differ, milliseconds. */
const CLOCKS_MS = 5_000;

/** The world of a seed. */
export function campaignWorld(seed: number): CampaignWorld {
  const draw = seededDraw(seed);
  const everyMs = [20_000, 60_000, 60_000, 100_000][draw(4)] ?? MINUTE_MS;
  const zones = ZONES.map((az) => ({ az, declared: groupNames(az, 10 + draw(31)) }));
  const holders = zones.flatMap(({ az, declared }) => holdersOf(draw, az, declared));
  return {
    seed,
    everyMs,
    zones,
    holders,
    planners: Array.from({ length: 1 + draw(3) }, (_, at) => ({
      ...{ name: `planner-${at}`, aheadMs: draw(CLOCKS_MS + 1), phaseMs: draw(MINUTE_MS) },
    })),
    windows: [
      ...Array.from({ length: 3 + draw(6) }, () => drawnWindow(draw)),
      ...Array.from({ length: draw(6) }, () => drawnCut(draw, zones)),
    ],
    deaths: drawnDeaths(draw, holders),
    outs: Array.from({ length: draw(4) }, () => drawnOut(draw, zones)),
    calmMs: CALM_MS,
    endsMs: CALM_MS + REST_MS,
  };
}

/** Groups of two zones have different names. */
export function groupNames(az: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${az.slice(-3)}-${String(at).padStart(2, '0')}`);
}

/** Some groups have two or three holders, some holders begin late, and one holds what nobody declares. */
function holdersOf(draw: SeededDraw, az: string, declared: readonly string[]): readonly CampaignHolder[] {
  const latePercent = [0, 0, 10, 40][draw(4)] ?? 0;
  return [...declared, 'undeclared'].flatMap((group, at) => {
    const isLate = draw(100) < latePercent;
    return Array.from({ length: draw(4) > 0 ? 1 : 2 + draw(2) }, (_, number) => ({
      ...{ name: `h-${at}-${number}`, az, group },
      permille: 1_000 - DRIFT_PERMILLE + draw(2 * DRIFT_PERMILLE + 1),
      beginsMs: draw(MINUTE_MS) + (isLate ? draw(CALM_MS - 2 * MINUTE_MS) : 0),
    }));
  });
}

/** Between the time to settle and the calm: when a fault of up to so many milliseconds is. */
function drawnTimes(draw: SeededDraw, longest: number): Pick<FaultWindow, 'fromMs' | 'toMs'> {
  const fromMs = SETTLED_MS + draw(CALM_MS - SETTLED_MS - MINUTE_MS);
  return { fromMs, toMs: Math.min(CALM_MS, fromMs + 5_000 + draw(longest)) };
}

function drawnWindow(draw: SeededDraw): FaultWindow {
  const what = (['away', 'away', 'slow', 'slow', 'slow', 'no-planners'] as const)[draw(6)] ?? 'away';
  const whose = (['holders', 'planners', 'everybody'] as const)[draw(3)] ?? 'everybody';
  return { what, whose, az: ZONES[draw(4)], ...drawnTimes(draw, 8 * MINUTE_MS) };
}

/** Few holders of one zone are cut off, and their zone goes on. */
function drawnCut(draw: SeededDraw, zones: CampaignWorld['zones']): FaultWindow {
  const what = draw(2) === 0 ? 'away' : 'slow';
  const { az, groups, ...times } = drawnOut(draw, zones);
  return { what, whose: 'holders', az, groups, ...times };
}

function drawnDeaths(draw: SeededDraw, holders: readonly CampaignHolder[]): readonly HolderDeath[] {
  const diesPercent = [0, 5, 5, 25][draw(4)] ?? 0;
  return holders.flatMap((_, holder): readonly HolderDeath[] => {
    const { fromMs, toMs } = drawnTimes(draw, [1_000, MINUTE_MS, 7 * MINUTE_MS][draw(3)] ?? MINUTE_MS);
    const fate = draw(100);
    if (fate < diesPercent) return [{ holder, atMs: fromMs, backMs: undefined }];
    return fate < diesPercent + 15 ? [{ holder, atMs: fromMs, backMs: toMs }] : [];
  });
}

/** A few groups of a zone, or more of them than leases may take out. */
function drawnOut(draw: SeededDraw, zones: CampaignWorld['zones']): MembersOut {
  const { az, declared } = zones[draw(zones.length)] ?? { az: ZONES[0], declared: [] };
  const percent = [8, 15, 40][draw(3)] ?? 8;
  const groups = new Set(declared.filter(() => draw(100) < percent));
  return { az, groups, ...drawnTimes(draw, 8 * MINUTE_MS) };
}
