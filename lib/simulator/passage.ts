import { invariant } from '../plan/invariant.ts';
import type { Actor, World } from './atlas.ts';
import type { Moment } from './behaviour.ts';
import type { Wanted } from './retrace.ts';

/** A state of a search: a world, where everybody is, what is in flight, how many faults there were. */
export interface State {
  readonly world: World;
  readonly moments: readonly Moment[];
  readonly flying: readonly Flying[];
  readonly faults: number;
  /** Transitions from the first. */
  readonly depth: number;
  /** How it was come to first. */
  readonly from: Arrival | undefined;
}

/** A request whose caller goes on without its answer. */
export interface Flying {
  readonly actor: Actor;
  readonly moment: Moment;
}

/** One transition out of a state. */
export interface Arrival {
  readonly state: State;
  readonly passage: Passage;
}

/** What happens in a transition, after the silent calls before it. */
export type Passage =
  | { readonly type: 'run'; readonly index: number }
  /** One call that changes nothing. */
  | { readonly type: 'pass'; readonly moment: Moment }
  /** In the call of the stroll's moment of this number. */
  | { readonly type: 'timeout' | 'throttle'; readonly index: number; readonly at: number }
  | { readonly type: 'land'; readonly request: Flying }
  | { readonly type: 'rest' };

export function momentOf({ moments }: Pick<State, 'moments'>, index: number): Moment {
  const moment = moments[index];
  invariant(moment !== undefined, `there is no actor ${index}`);
  return moment;
}

/** Everything that was done on the way to a transition, call by call, and then the transition itself. */
export function wayTo(actors: readonly Actor[], last: Arrival | undefined): readonly Wanted[] {
  const parts: (readonly Wanted[])[] = [];
  let to: State | undefined;
  for (let at = last; at !== undefined; at = at.state.from) {
    parts.push(callsOf(actors, at, to));
    to = at.state;
  }
  return parts.reverse().flat();
}

/** @param to where it leads; undefined when something was thrown on the way. */
function callsOf(
  actors: readonly Actor[],
  { state, passage }: Arrival,
  to: State | undefined,
): readonly Wanted[] {
  const wanted: Wanted[] = [];
  for (const [index] of actors.entries()) {
    const isMover = 'index' in passage && passage.index === index;
    if (to !== undefined && !isMover) wanted.push(...callsUpTo(state, index, momentOf(to, index)));
  }
  if (passage.type === 'pass') return callsIn([passage.moment]);
  if (passage.type === 'rest') return [...wanted, { type: 'rest' }];
  if (passage.type === 'land') return [...wanted, { type: 'land', sentAt: passage.request.moment.id }];
  const { type, index } = passage;
  const actor = actors[index]?.name ?? '';
  // What was thrown in an actor's silent calls comes up by itself when it runs on.
  if (type === 'run' && to === undefined) return [...wanted, { type: 'run on', actor }];
  const moments = state.world.strolls.get(momentOf(state, index).id)?.moments ?? [];
  const before = type === 'run' ? moments.at(-1) : moments[passage.at];
  if (before !== undefined) wanted.push(...callsUpTo(state, index, before));
  return [...wanted, { type, actor }];
}

/** The silent calls of one actor in a state until it is at this moment; what is local is done by itself in a play. */
function callsUpTo(state: State, index: number, moment: Moment): readonly Wanted[] {
  const moments = state.world.strolls.get(momentOf(state, index).id)?.moments ?? [];
  return callsIn(moments.slice(0, Math.max(0, moments.indexOf(moment))));
}

function callsIn(moments: readonly Moment[]): readonly Wanted[] {
  return moments.flatMap(({ stop }): readonly Wanted[] =>
    stop.type === 'call' && stop.call.effect !== 'local' ? [{ type: 'run', actor: stop.call.actor }] : [],
  );
}
