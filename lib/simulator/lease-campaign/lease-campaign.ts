import { InvariantViolated } from '../../plan/invariant.ts';
import type { RecordedTargets } from './campaign-actors.ts';
import { endHolder, startHolder, startPlanner } from './campaign-actors.ts';
import { campaignChecker, hearingZones, judgeHeardAgain, judgeRest } from './campaign-checker.ts';
import type { CampaignStage, LeaseCampaignCounts } from './campaign-stage.ts';
import { stageOf, tickOf, timeOf } from './campaign-stage.ts';
import { targetId } from './campaign-targets.ts';
import type { CampaignWorld } from './campaign-world.ts';

export interface PlayedLeases {
  readonly seed: number;
  readonly counts: LeaseCampaignCounts;
  /** How many targets of each zone do not serve at the end. */
  readonly out: readonly number[];
  /** The rule that is broken, and what happened last before that. */
  readonly violation?: { readonly message: string; readonly story: readonly string[] };
}

/** A holder's longest period, as a share of what the tick asks for. */
const LONGEST = 1.1;
/** Calls under way and their answers, milliseconds: a holder's period may end so late. */
const CALLS_MS = 1_000;

/**
 * Plays the production code of holders and planners, with the source of leases, in a world, to its end. The same world
 * plays the same way every time.
 */
export async function playLeases(world: CampaignWorld): Promise<PlayedLeases> {
  const stage = stageOf(world);
  const recorded: RecordedTargets = { observations: {} };
  const { counts } = stage;
  try {
    await playWorld(stage, recorded);
  } catch (error) {
    if (!(error instanceof InvariantViolated)) throw error;
    const violation = { message: error.message, story: stage.story };
    return { seed: world.seed, counts, out: outOf(world, recorded), violation };
  }
  return { seed: world.seed, counts, out: outOf(world, recorded) };
}

async function playWorld(stage: CampaignStage, recorded: RecordedTargets): Promise<void> {
  const { world, agenda, seats } = stage;
  const checker = campaignChecker(stage);
  for (const seat of seats) agenda.at(timeOf(seat.holder.beginsMs), () => startHolder(stage, checker, seat));
  for (const planner of world.planners) startPlanner(stage, checker, planner, recorded);
  for (const { holder, atMs, backMs } of world.deaths) {
    const seat = seats[holder];
    if (seat === undefined) continue;
    agenda.at(timeOf(atMs), () => {
      // Who has not begun yet begins later, and nothing ends.
      if (seat.state === 'alive') endHolder(stage, seat, backMs === undefined);
    });
    if (backMs === undefined) continue;
    agenda.at(timeOf(backMs), () => {
      if (seat.state === 'down') startHolder(stage, checker, seat);
    });
  }
  await agenda.playUntil(timeOf(world.calmMs));
  const ticks = new Map(world.zones.map(({ az }) => [az, tickOf(stage, az)]));
  const zones = hearingZones(stage);
  await agenda.playUntil(timeOf(world.calmMs + 2 * LONGEST * world.everyMs + CALLS_MS));
  judgeHeardAgain(stage, ticks);
  await agenda.playUntil(timeOf(world.endsMs));
  judgeRest(stage, recorded.observations, zones);
}

function outOf({ zones }: CampaignWorld, { observations }: RecordedTargets): readonly number[] {
  return zones.map(
    ({ az, declared }) =>
      declared.filter((group) => observations[targetId(az, group)]?.health !== 'healthy').length,
  );
}
