import { cellSource, knownAfter } from '../../fleet/sources/cell-observations.ts';
import { leaseSource } from '../../fleet/sources/lease-source.ts';
import type { Hearing } from '../../lease/hear-zone.ts';
import { holdPeriod } from '../../lease/hold-period.ts';
import { NEW_HOLDER } from '../../lease/holder.ts';
import type { Observations } from '../../plan/fleet-model.ts';
import { instant } from '../../runtime/clock.ts';
import type { CampaignChecker } from './campaign-checker.ts';
import type { CampaignStage, HolderSeat } from './campaign-stage.ts';
import { elapsed, isFaulty, stopwatchOf, tell, timeOf, zoneOf } from './campaign-stage.ts';
import { campaignFleet } from './campaign-targets.ts';
import type { CampaignPlanner } from './campaign-world.ts';
import { MINUTE_MS } from './campaign-world.ts';
import { distantLeases } from './distant-leases.ts';

/** What the planners of a cell have recorded last. */
export interface RecordedTargets {
  observations: Observations;
}

/** A holder's period is up to a tenth shorter or longer than what the tick asks for. */
const SPREAD = 0.1;
const WHOLE = 255;

/** Lets a holder's process begin, with nothing that an earlier one knew. */
export function startHolder(stage: CampaignStage, checker: CampaignChecker, seat: HolderSeat): void {
  seat.life += 1;
  seat.bornMs = stage.agenda.now();
  seat.memory = NEW_HOLDER;
  seat.state = 'alive';
  const { life } = seat;
  stage.agenda.begin(() => hold(stage, checker, seat, () => seat.life !== life || seat.state !== 'alive'));
}

/** Ends a holder's process. */
export function endHolder(stage: CampaignStage, seat: HolderSeat, isForGood: boolean): void {
  seat.state = isForGood ? 'dead' : 'down';
  seat.memory = NEW_HOLDER;
  tell(stage, `${seat.holder.name} of ${seat.holder.az} ${isForGood ? 'dies' : 'stops'}`);
}

/** A holder's life: a period after the other, until its process ends. */
async function hold(
  stage: CampaignStage,
  checker: CampaignChecker,
  seat: HolderSeat,
  isGone: () => boolean,
): Promise<void> {
  const { agenda, draw } = stage;
  const { name, az, group } = seat.holder;
  let sends = 0;
  const sent = () => {
    sends += 1;
  };
  const leases = distantLeases(stage, checker, { who: 'holders', name, group, isGone, sends: sent });
  const stopwatch = { elapsedMs: () => stopwatchOf(stage, seat) };
  let every = stage.world.everyMs;
  while (!isGone()) {
    const began = agenda.now();
    sends = 0;
    const request = { zone: zoneOf(az), group, by: name, members: membersOf(stage, az, group) };
    const period = await holdPeriod({ leases, stopwatch }, request, seat.memory);
    seat.memory = period.memory;
    every = period.every ?? every;
    checker.periodEnded(seat, sends);
    await agenda.until(began + Math.round(every * (1 - SPREAD)) + draw(Math.round(every * 2 * SPREAD) + 1));
  }
}

function membersOf(stage: CampaignStage, az: string, group: string): readonly number[] {
  const now = elapsed(stage);
  const isOut = stage.world.outs.some(
    (out) => out.az === az && out.groups.has(group) && now >= out.fromMs && now < out.toMs,
  );
  return [WHOLE, WHOLE, WHOLE].map((whole) => (isOut ? 0 : whole));
}

/** A planner looks once a minute, with what was recorded last, as `planCell` does, and records what has changed. */
export function startPlanner(
  stage: CampaignStage,
  checker: CampaignChecker,
  { name, aheadMs, phaseMs }: CampaignPlanner,
  recorded: RecordedTargets,
): void {
  const { agenda, world } = stage;
  const fleet = campaignFleet(world);
  const hearings = new Map<string, Hearing>();
  const source = cellSource({
    lease: leaseSource({
      leases: distantLeases(stage, checker, { who: 'planners', name, isGone: () => false }),
      clock: { now: () => instant(agenda.now() + aheadMs) },
      firstEveryMs: world.everyMs,
      heard: (_, zones) => {
        for (const hearing of zones) {
          const zone = world.zones.find(({ declared }) =>
            declared.some((group) => hearing.groups.has(group)),
          );
          if (zone !== undefined) hearings.set(zone.az, hearing);
        }
      },
    }),
  });
  const plan = async (): Promise<void> => {
    hearings.clear();
    const before = recorded.observations;
    const after = knownAfter(await source.observe(fleet, before), before, true);
    checker.planned({ name, before, after, hearings });
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    const changed = Object.keys(after).filter((id) => after[id]?.health !== before[id]?.health);
    tell(stage, `${name} records ${changed.map((id) => `${id} ${after[id]?.health}`).join(', ')}`);
    recorded.observations = after;
  };
  agenda.begin(async () => {
    for (let at = phaseMs; at < world.endsMs; at += MINUTE_MS) {
      await agenda.until(timeOf(at));
      if (!isFaulty(stage, 'no-planners', { who: 'planners' })) await plan();
    }
  });
}
