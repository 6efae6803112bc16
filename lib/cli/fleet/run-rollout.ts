import type { CellFleet } from '../../plan/fleet-model.ts';
import { rollOut } from '../../rollout/roll-out.ts';
import type { RolledOut } from '../../rollout/rollout.ts';
import { wavesOf } from '../../rollout/wave-order.ts';
import type { World } from '../../wiring/world.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import { Refused, UnknownOutcome } from '../command/failures.ts';
import type { Session } from '../command/session.ts';
import { typedSource } from '../command/typed-source.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import { stepText, wentBackView } from './rollout-view.ts';
import type { MeantRollout } from './typed-rollout.ts';
import { waveEyes } from './wave-eyes.ts';

/** Between two looks at a wave: the ledger of a local world is quick, and a minute is nothing to a bake in AWS. */
export const LOOK_MS = { local: 1_000, aws: 15_000 } as const;

/** The push that is carried out in waves. */
export interface WavedPush {
  readonly cells: readonly CellFleet[];
  readonly rollout: MeantRollout;
  /** What the person was shown. */
  readonly expected: string;
}

/**
 * Pushes in waves, and says each step.
 *
 * @throws Refused where it cannot begin, or may not go on; UnknownOutcome.
 */
export async function runRollout(
  session: Session,
  world: World,
  { cells, rollout, expected }: WavedPush,
): Promise<{ readonly exit: ExitCode; readonly end: RolledOut }> {
  const { paper } = session;
  const ledger = await world.ledger();
  const waves = wavesOf(cells, rollout);
  const deps = {
    ...operatorDeps(world, ledger),
    source: typedSource(),
    watch: waveEyes(world, ledger),
    lookMs: LOOK_MS[world.kind],
  };
  const end = await rollOut(deps, {
    ...{ cells, waves, bakeMs: rollout.bakeS * 1_000, expected },
    functionsRead: world.functionsRead,
    tell: (step) => session.say(stepText(step, waves.length, paper)),
    signal: session.interruption(),
  });
  switch (end.type) {
    case 'done':
      session.say(`Every wave has this fleet (${waves.length} of ${waves.length}).\n`);
      return { exit: EXIT.done, end };
    case 'rolled-back':
      session.say(wentBackView(end, paper));
      return { exit: EXIT.refused, end };
    case 'stopped':
      throw new Refused(
        `Stopped in wave ${end.wave}, and nothing was rolled back: ${end.reason}. Once that is settled, the same push goes on.`,
      );
    case 'interrupted':
      session.remark(`Stopped in wave ${end.wave} of ${waves.length}: the same push goes on from there.\n`);
      return { exit: EXIT.refused, end };
    case 'refused':
      throw new Refused(end.reason);
    case 'unknown':
      throw new UnknownOutcome(end.reason);
  }
}
