import { InvariantViolated, invariant } from '../../plan/invariant.ts';
import { runLocalCalls } from '../engine/local-calls.ts';
import type { PlaySettings } from '../engine/play-settings.ts';
import type { Play, PlayedStep, Violation } from '../engine/playing.ts';
import { decisionsOf } from '../engine/possible-decisions.ts';
import { quietPhase } from '../engine/quiet-phase.ts';
import type { Stage } from '../engine/scenario.ts';
import { sighting } from '../engine/sightings.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Strategy } from './strategy.ts';

/** The result of one run. */
export interface RunResult {
  /** Every choice in order. The run is a function of them. */
  readonly choices: readonly number[];
  /** The number of decisions, without those of the quiet phase. */
  readonly decisions: number;
  /** The number of port calls in the quiet phase. */
  readonly quietCalls: number;
  /** Equal for runs in which the same happened, in any process. */
  readonly hash: string;
  readonly violation?: Violation;
}

const ENDED = {
  'at goal': sighting('ended at goal'),
  hindered: sighting('ended hindered'),
  frozen: sighting('ended frozen'),
  'other ledger': sighting('ended other ledger'),
};

/** The number of decisions after which a run counts as one that does not end. */
const DECISIONS_MAX = 3_000;

/**
 * Plays one run to its end: the fault phase as the strategy decides, then the quiet phase.
 *
 * @param told called with every step, for a timeline.
 */
export async function playRun(
  stage: Stage,
  strategy: Strategy,
  settings: Partial<PlaySettings> = {},
  told: (step: PlayedStep) => void = () => undefined,
): Promise<RunResult> {
  const choices: number[] = [];
  const choose = (below: number): number => {
    const drawn = strategy.draw(below);
    choices.push(drawn);
    return drawn;
  };
  let decisions = 0;
  let quietCalls = 0;
  let trace = '';
  let play: Play | undefined;
  try {
    play = await stage.begin(settings);
    for (;;) {
      decisions += await runLocalCalls(play);
      const possible = decisionsOf(play);
      const choice = strategy.pick(possible);
      choices.push(choice);
      const decision = possible[choice];
      invariant(decision !== undefined, `there is no decision ${choice}`);
      decisions += 1;
      const step = await play.apply(decision, choose);
      trace = fingerprint(`${trace}${decision.type}${step.actor}${step.site}${step.detail}${step.answer}`);
      told(step);
      if (decision.type === 'rest') break;
      invariant(decisions < DECISIONS_MAX, `a run does not end within ${DECISIONS_MAX} decisions`);
    }
    const quiet = await quietPhase(play);
    quietCalls = quiet.calls;
    // The other ending is too rare to be demanded of a campaign.
    const { ending } = quiet;
    if (ending !== 'no goal') stage.sightings.note(ENDED[ending]);
  } catch (error) {
    const message = error instanceof InvariantViolated ? error.message : `a workflow threw ${String(error)}`;
    return { choices, decisions, quietCalls, hash: hashOf(trace, play), violation: { message, error } };
  }
  return { choices, decisions, quietCalls, hash: hashOf(trace, play) };
}

function hashOf(trace: string, play: Play | undefined): string {
  return fingerprint(`${trace} ${play?.environment.key() ?? ''}`);
}
