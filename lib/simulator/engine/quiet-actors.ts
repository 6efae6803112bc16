import type { EnactOutcome } from '../../enactor/enactor.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CellName } from '../../plan/names.ts';
import type { ActorRelease } from '../ports/releases.ts';
import type { ActorRole } from './actor-roles.ts';
import type { Play } from './playing.ts';
import { act } from './scenario.ts';

/**
 * What enactors of a round do while trees propagate. `stand-by`: they wait, as a person's command does. The others end,
 * as deployed ones do. `sweeps`: no message is ever delivered, and every minute one sweeps. `messages`: nobody sweeps,
 * and each message is delivered to another enactor, the one from before the round first.
 */
export type Waiting = 'stand-by' | 'sweeps' | 'messages';

/** The actors of one quiet round. No two of them have the same name, and each works alone. */
export interface Round {
  readonly play: Play;
  readonly mode: 'hint' | 'sweep';
  run(name: string, role: ActorRole): Promise<void>;
  /** Enactors are at work until none of them leaves trees on their way, or waits for the room that a janitor makes. */
  enact(name: string, mode: 'hint' | 'sweep'): Promise<void>;
  calls(): number;
}

export interface RoundSettings {
  readonly mode: 'hint' | 'sweep';
  readonly release: ActorRelease;
  readonly waiting: Waiting;
  /** The cell at which everybody works; the first one unless given. */
  readonly cell?: CellName;
}

/** Longer than INSYNC takes, milliseconds. */
const MINUTE_MS = 60_000;
/** Janitors, one a minute, after which an enactor without room is stuck: one may only renew the fence, so that a later one can retire. */
const CLEANINGS_MAX = 3;
/** Enactors, one a minute, after which trees that are still on their way are stuck: some are staged in two batches. */
const LOOKS_MAX = 4;

/** @param prefix what the names of the actors begin with. */
export function roundOf(
  play: Play,
  { mode, release, waiting, cell }: RoundSettings,
  prefix = 'quiet',
): Round {
  let calls = 0;
  const suffix = `${waiting === 'stand-by' ? '' : `-${waiting}`}${release === undefined ? '' : `-${release}`}`;
  const run: Round['run'] = async (name, role) => {
    calls += await act(play, `${prefix}-${name}${suffix}`, {
      ...role,
      release,
      ...(cell === undefined ? {} : { cell }),
    });
  };
  const enactOnce = async (name: string, asked: 'hint' | 'sweep'): Promise<EnactOutcome | undefined> => {
    if (waiting === 'stand-by') {
      await run(name, { type: 'enactor', mode: asked });
      return outcomeOf(play, `${prefix}-${name}${suffix}`);
    }
    for (let looks = 1; looks <= LOOKS_MAX; looks += 1) {
      const follows = waiting === 'messages' && (looks > 1 || play.environment.mailbox.holdsMessage());
      const role = {
        type: 'enactor',
        mode: waiting === 'sweeps' ? 'sweep' : asked,
        handsOver: true,
      } as const;
      await run(`${name}-${looks}`, follows ? { ...role, follows } : role);
      const outcome = outcomeOf(play, `${prefix}-${name}-${looks}${suffix}`);
      if (outcome?.type !== 'propagating') return outcome;
      const isAsked = waiting === 'sweeps' || outcome.lookAgainAt !== null;
      invariant(isAsked, 'liveness: trees are on their way, and nobody was asked to look again');
      play.environment.time.advanceTo(play.environment.time.now() + MINUTE_MS);
    }
    invariant(false, `liveness: trees are still on their way after ${LOOKS_MAX} minutes of ${waiting}`);
  };
  return {
    play,
    mode,
    run,
    enact: async (name, asked) => {
      let outcome = await enactOnce(name, asked);
      for (let cleanings = 1; outcome?.type === 'no-room'; cleanings += 1) {
        invariant(cleanings <= CLEANINGS_MAX, `liveness: there is no room after ${CLEANINGS_MAX} janitors`);
        play.environment.time.advanceTo(play.environment.time.now() + MINUTE_MS);
        await run(`room-${name}-${cleanings}`, { type: 'janitor' });
        outcome = await enactOnce(`${name}-${cleanings}`, asked);
      }
    },
    calls: () => calls,
  };
}

/** What an enactor came to; undefined when it failed. */
function outcomeOf({ seats }: Play, name: string): EnactOutcome | undefined {
  const stop = seats.find((seat) => seat.name === name)?.local.stop;
  return stop?.type === 'done' ? (stop.outcome as EnactOutcome) : undefined;
}
