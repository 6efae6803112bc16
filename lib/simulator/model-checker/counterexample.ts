import type { Decision } from '../engine/decision.ts';
import { runLocalCalls } from '../engine/local-calls.ts';
import { SEARCHED } from '../engine/play-settings.ts';
import type { Play } from '../engine/playing.ts';
import { decisionsOf } from '../engine/possible-decisions.ts';
import type { Stage } from '../engine/scenario.ts';

/** A decision, as a search knows it. */
export type TraceStep =
  | { readonly type: 'run' | 'timeout' | 'throttle'; readonly actor: string }
  /** The actor's calls one after the other, until one of them throws. */
  | { readonly type: 'run on'; readonly actor: string }
  | { readonly type: 'land'; readonly sentAt: number }
  | { readonly type: 'rest' };

/** The number of decisions after which a run-on without an error is given up. */
const RUN_ON_MAX = 500;

/** Returns the choices that name these decisions in a play, up to the decision that throws. */
export async function choicesOf(stage: Stage, way: readonly TraceStep[]): Promise<readonly number[]> {
  const choices: number[] = [];
  const play = await stage.begin(SEARCHED);
  try {
    await runLocalCalls(play);
    for (const wanted of way) {
      const times = wanted.type === 'run on' ? RUN_ON_MAX : 1;
      for (let time = 0; time < times; time += 1) {
        const decisions = decisionsOf(play);
        const choice = decisions.findIndex((decision) => isWanted(play, decision, wanted));
        const decision = decisions[choice];
        if (decision === undefined) break;
        choices.push(choice);
        await play.apply(decision, () => 0);
        await runLocalCalls(play);
      }
    }
  } catch {
    // This error is the one that the search found. Whoever plays the choices again meets it.
  }
  return choices;
}

function isWanted(play: Play, decision: Decision, wanted: TraceStep): boolean {
  switch (wanted.type) {
    case 'rest':
      return decision.type === 'rest';
    case 'land':
      return decision.type === 'land' && play.inFlight[decision.request]?.sentAt === wanted.sentAt;
    case 'run on':
      return decision.type === 'run' && decision.actor === wanted.actor;
    default:
      return decision.type === wanted.type && 'actor' in decision && decision.actor === wanted.actor;
  }
}
