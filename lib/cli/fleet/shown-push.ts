import type { FleetFile } from '../../fleet/declared-fleet.ts';
import type { ForeseenPlan } from '../../operator/foresee-push.ts';
import { foreseePush } from '../../operator/foresee-push.ts';
import type { Push } from '../../operator/push-fleet.ts';
import { pushFleet } from '../../operator/push-fleet.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import type { CellName } from '../../plan/names.ts';
import type { ForeseenWave } from '../../rollout/foreseen-waves.ts';
import { foreseenWaves } from '../../rollout/foreseen-waves.ts';
import { movesInWaves, wavesOf } from '../../rollout/wave-order.ts';
import type { World } from '../../wiring/world.ts';
import { done, Refused } from '../command/failures.ts';
import { placedFleet } from '../command/placed-fleet.ts';
import type { Session } from '../command/session.ts';
import { typedSource } from '../command/typed-source.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import type { FleetChange } from './fleet-change.ts';
import { fleetChange, fleetChangeView } from './fleet-change.ts';
import { foreseenView } from './foreseen-view.ts';
import { movesView, typedCells } from './moves-view.ts';
import { wavesView } from './rollout-view.ts';
import type { MeantRollout, RolloutFlags } from './typed-rollout.ts';

/** A push as it is shown to a person. */
export interface ShownPush {
  /** As they are asked for. */
  readonly cells: readonly CellFleet[];
  readonly from: readonly CellName[] | undefined;
  readonly rollout: MeantRollout | undefined;
  /** In which order the cells get it; undefined: at once. */
  readonly waves: readonly ForeseenWave[] | undefined;
  readonly proposed: Push;
  readonly changes: readonly FleetChange[];
  /** The cells that change. */
  readonly news: readonly CellName[];
  readonly foreseen: readonly ForeseenPlan[];
}

/** What a person types that decides what is shown. */
export interface ShownFlags extends RolloutFlags {
  readonly dryRun?: boolean;
  readonly expect?: string;
  readonly from?: string;
}

interface MeantPush {
  readonly declared: FleetFile;
  readonly rollout: MeantRollout | undefined;
}

/**
 * Shows what changes, and what the planner would make of it. It writes nothing.
 *
 * @throws Refused where it cannot be pushed as it is; BadInput.
 */
export async function showPush(
  session: Session,
  world: World,
  { declared, rollout }: MeantPush,
  flags: ShownFlags,
): Promise<ShownPush> {
  const asked = await placedFleet(world, declared);
  const from = flags.from === undefined ? undefined : typedCells(flags.from);
  const ledger = await world.ledger();
  const deps = operatorDeps(world, ledger);
  const { functionsRead } = world;
  const proposed = done(
    await pushFleet(deps, { cells: asked, from, apply: false, expected: flags.expect, functionsRead }),
  );
  const { fleets: cells, moves } = proposed;
  const changes = proposed.cells.flatMap(({ cell, before }) => {
    const after = cells.find((each) => each.cell === cell);
    return after === undefined ? [] : [fleetChange(before, after)];
  });
  session.say(fleetChangeView(changes, session.paper));
  session.say(movesView(proposed));
  if (proposed.left.length > 0)
    session.remark(`Cells that the file does not name stay as they are: ${proposed.left.join(', ')}.\n`);
  const news = proposed.cells.filter(({ change }) => change !== 'unchanged').map(({ cell }) => cell);
  const foreseen = await foreseePush(deps, {
    cells: cells.filter(({ cell }) => news.includes(cell)),
    source: typedSource(),
    handovers: proposed,
    functionsRead,
  });
  session.say(foreseenView(foreseen, session.paper, { withShares: flags.dryRun === true, moves }));
  const shown = { cells: asked, from, rollout, proposed, changes, news, foreseen };
  if (rollout === undefined) {
    sayAtOnce(session, proposed, flags, declared.rollout !== undefined);
    return { ...shown, waves: undefined };
  }
  const why = movesInWaves(proposed);
  if (why !== undefined) throw new Refused(why);
  const heads = await Promise.all(news.map((cell) => ledger.head(cell)));
  const waves = foreseenWaves(wavesOf(asked, rollout), heads, foreseen);
  session.say(wavesView(waves, rollout));
  return { ...shown, waves };
}

/** Says that the cells get it at once, where that is a choice. */
function sayAtOnce(
  session: Session,
  proposed: Push,
  { allAtOnce }: Pick<ShownFlags, 'allAtOnce'>,
  fileSays: boolean,
): void {
  if (allAtOnce === true) {
    const instead = fileSays ? ', not in the waves of the file' : '';
    session.say(`In every cell at once${instead} (--all-at-once).\n`);
    return;
  }
  const changing = proposed.cells.filter(({ change }) => change === 'declared');
  // Whoever gives and whoever takes get theirs together.
  if (changing.length < 2 || proposed.moves.length > 0) return;
  const waves = changing.map(({ cell }) => cell).join('; ');
  session.remark(
    `${changing.length} cells get it at once: --waves "${waves}" declares it in one wave after the other, and takes a wave back that goes wrong.\n`,
  );
}

/** Whether anything is to be recorded. */
export function isChange({ news, proposed }: ShownPush): boolean {
  const { moves, reclaims, withdrawals, lapsed } = proposed;
  return news.length + moves.length + reclaims.length + withdrawals.length + lapsed.length > 0;
}
