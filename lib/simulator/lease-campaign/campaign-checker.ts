import type { Hearing } from '../../lease/hear-zone.ts';
import type { LeaseRow } from '../../lease/lease-row.ts';
import type { Tick } from '../../lease/lease-rule.ts';
import type { Observations } from '../../plan/fleet-model.ts';
import { invariant } from '../../plan/invariant.ts';
import {
  isLapsed,
  judgeActing,
  judgeHearing,
  judgeRows,
  judgeTick,
  silentMax,
} from '../lease/lease-rules.ts';
import type { CampaignStage, HolderSeat } from './campaign-stage.ts';
import { actingFor, rowsOf, tickOf } from './campaign-stage.ts';
import { targetId } from './campaign-targets.ts';

/** A zone's items just before a write. */
export interface ZoneBefore {
  readonly tick: Tick | undefined;
  readonly rows: readonly LeaseRow[];
}

/** What a planner's run made of what it knew. */
export interface JudgedRun {
  readonly name: string;
  readonly before: Observations;
  readonly after: Observations;
  /** Zones that could be heard, by name. */
  readonly hearings: ReadonlyMap<string, Hearing>;
}

/** The rules, at every write, at the end of every period and of every planner's run. Each throws InvariantViolated. */
export interface CampaignChecker {
  rowWritten(az: string, before: LeaseRow | undefined, row: LeaseRow): void;
  tickWritten(az: string, before: ZoneBefore): void;
  /** @param sends how often the holder sent its row in the period. */
  periodEnded(seat: HolderSeat, sends: number): void;
  planned(run: JudgedRun): void;
}

export function campaignChecker(stage: CampaignStage): CampaignChecker {
  /** The tick of the first row of each epoch: what the row says of it, `since`, is what is judged. */
  const firstTicks = new Map<string, number>();
  const served = new Set<string>();
  return {
    rowWritten: (az, before, row) => {
      if (before !== undefined) judgeRows(before, row);
      if (before !== undefined && before.by !== row.by) stage.counts.takeOvers += 1;
      const epoch = `${az} ${row.group} ${row.e}`;
      firstTicks.set(epoch, firstTicks.get(epoch) ?? row.t);
    },
    tickWritten: (az, { tick, rows }) => {
      const after = tickOf(stage, az);
      if (after === undefined || tick === undefined) return;
      invariant(after.n >= tick.n, `L1: the tick went from ${tick.n} to ${after.n}`);
      if (after.n === tick.n) return;
      const { declared = [] } = stage.world.zones.find((zone) => zone.az === az) ?? {};
      judgeTick(declared, { tick, rows }, after);
      for (const row of rowsOf(stage, az).values())
        judgeActing(actingFor(stage, az, row.group), row, after.n);
    },
    periodEnded: (seat, sends) => {
      const { az, group, name } = seat.holder;
      stage.counts.periods += 1;
      invariant(sends <= 1, `L5: ${name} sent its row ${sends} times in one period`);
      const acting = actingFor(stage, az, group);
      judgeActing(acting, rowsOf(stage, az).get(group), tickOf(stage, az)?.n ?? 0);
    },
    planned: (run) => {
      for (const { az, declared } of stage.world.zones) {
        const hearing = run.hearings.get(az);
        if (hearing !== undefined) judgeHearing(hearing);
        judgeZoneRun(stage, { run, az, declared, hearing }, { firstTicks, served });
      }
    },
  };
}

interface ZoneRun {
  readonly run: JudgedRun;
  readonly az: string;
  readonly declared: readonly string[];
  /** Undefined where the zone could not be heard. */
  readonly hearing: Hearing | undefined;
}

interface CheckerMemory {
  readonly firstTicks: ReadonlyMap<string, number>;
  /** Targets that have served. */
  readonly served: Set<string>;
}

function judgeZoneRun(
  stage: CampaignStage,
  { run, az, declared, hearing }: ZoneRun,
  { firstTicks, served }: CheckerMemory,
): void {
  const isHeard = hearing !== undefined && isEnough(declared, hearing);
  if (hearing !== undefined && !isHeard) stage.counts.deafHearings += 1;
  let wentOut = 0;
  for (const group of declared) {
    const id = targetId(az, group);
    const [before, after] = [run.before[id], run.after[id]];
    if (before !== undefined && !isHeard)
      invariant(
        JSON.stringify(before) === JSON.stringify(after),
        `L4: ${id} changed while its zone was deaf: ${JSON.stringify({ before, after })}`,
      );
    const row = rowIn(hearing, group);
    const [did, does] = [before?.health === 'healthy', after?.health === 'healthy'];
    if (did && !does) {
      wentOut += 1;
      const isOut = row !== undefined && (isLapsed(hearing?.tick.n ?? 0, row) || isAllOut(row));
      invariant(isOut, `L4: ${id} was taken out, and its row had not lapsed`);
    }
    if (does && !did) {
      const first = row && firstTicks.get(`${az} ${group} ${row.e}`);
      invariant(
        first !== undefined && row !== undefined && row.t > first,
        `two ticks: ${id} serves, and its holder was heard in no two ticks`,
      );
    }
    if (does) served.add(id);
  }
  stage.counts.takenOut += wentOut;
  const out = declared
    .map((group) => targetId(az, group))
    .filter((id) => isGone(run.after, id, served)).length;
  invariant(
    wentOut === 0 || out <= silentMax(declared.length),
    `L6: ${run.name} left ${out} of ${declared.length} targets of ${az} out`,
  );
}

function isGone(after: Observations, id: string, served: ReadonlySet<string>): boolean {
  return served.has(id) && after[id]?.health !== 'healthy';
}

function isEnough(declared: readonly string[], hearing: Hearing): boolean {
  const heard = declared.filter((group) => {
    const row = rowIn(hearing, group);
    return row !== undefined && hearing.tick.n - row.t <= 1;
  });
  return declared.length - heard.length <= silentMax(declared.length);
}

function rowIn(hearing: Hearing | undefined, group: string): LeaseRow | undefined {
  const found = hearing?.groups.get(group);
  return found?.type === 'row' ? found.row : undefined;
}

function isAllOut({ members }: LeaseRow): boolean {
  return members.every((member) => member === 0);
}

/**
 * Two periods after the last fault: every group whose row is no dead holder's has a row of the time since then, so its
 * holder is heard.
 *
 * @param ticks of each zone at the end of the last fault.
 */
export function judgeHeardAgain(stage: CampaignStage, ticks: ReadonlyMap<string, Tick | undefined>): void {
  for (const { holder, state } of stage.seats) {
    if (state !== 'alive') continue;
    const { az, group, name } = holder;
    const row = rowsOf(stage, az).get(group);
    if (row !== undefined && isDead(stage, az, row.by)) continue;
    const n = ticks.get(az)?.n ?? 0;
    invariant(
      row !== undefined && row.t >= n,
      `L5: two periods after all faults ${name} of ${az} is not heard`,
    );
  }
}

/** The zones of which so few rows are dead holders', or not there, that they are heard. */
export function hearingZones(stage: CampaignStage): ReadonlySet<string> {
  const zones = stage.world.zones.filter(({ az, declared }) => {
    const missing = declared.filter((group) => {
      const row = rowsOf(stage, az).get(group);
      return row === undefined || isDead(stage, az, row.by);
    });
    return missing.length <= silentMax(declared.length);
  });
  return new Set(zones.map(({ az }) => az));
}

function isDead({ seats }: CampaignStage, az: string, name: string): boolean {
  return seats.some(({ holder, state }) => holder.name === name && holder.az === az && state === 'dead');
}

/**
 * Long after the last fault: whoever is alive and has members serves, and whoever is dead is out.
 *
 * @param zones that could be heard since the last fault.
 */
export function judgeRest(stage: CampaignStage, known: Observations, zones: ReadonlySet<string>): void {
  for (const { az, declared } of stage.world.zones.filter((zone) => zones.has(zone.az))) {
    const living = new Set(
      stage.seats
        .filter(({ state, holder }) => state === 'alive' && holder.az === az)
        .map(({ holder }) => holder.group),
    );
    for (const group of declared) {
      const row = rowsOf(stage, az).get(group);
      if (row !== undefined && isAllOut(row)) continue;
      const serves = known[targetId(az, group)]?.health === 'healthy';
      invariant(
        serves === living.has(group),
        `L5: long after all faults ${group} of ${az} ${serves ? 'serves' : 'does not serve'}`,
      );
    }
  }
}
