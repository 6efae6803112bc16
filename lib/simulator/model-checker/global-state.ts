import { invariant } from '../../plan/invariant.ts';
import type { LocalState } from '../engine/behaviour.ts';
import type { TraceStep } from './counterexample.ts';
import type { SearchedActor, SharedState } from './shared-state.ts';

/**
 * A global state of a search: the shared state, the local states, the requests in flight, and the number of faults so
 * far.
 */
export interface GlobalState {
  readonly shared: SharedState;
  readonly locals: readonly LocalState[];
  readonly inFlight: readonly RequestOf[];
  readonly faults: number;
  /** The number of transitions from the first state. */
  readonly depth: number;
  /** The transition by which the search first reached it. */
  readonly from: Edge | undefined;
}

/** A request whose caller goes on without its answer. */
export interface RequestOf {
  readonly actor: SearchedActor;
  readonly local: LocalState;
}

/** One transition out of a state. */
export interface Edge {
  readonly state: GlobalState;
  readonly transition: Transition;
}

/** What happens in a transition, after the silent calls before it. */
export type Transition =
  | { readonly type: 'run'; readonly index: number }
  /** A persistent transition: one call that does not affect any other transition, and that no other one affects. */
  | { readonly type: 'persistent'; readonly local: LocalState }
  /** A fault in the call of this local state, named by its number in the silent path. */
  | { readonly type: 'timeout' | 'throttle'; readonly index: number; readonly at: number }
  | { readonly type: 'land'; readonly request: RequestOf }
  | { readonly type: 'rest' };

export function localOf({ locals }: Pick<GlobalState, 'locals'>, index: number): LocalState {
  const local = locals[index];
  invariant(local !== undefined, `there is no actor ${index}`);
  return local;
}

/** Every call on the way to a transition, and then the transition itself. */
export function traceTo(actors: readonly SearchedActor[], last: Edge | undefined): readonly TraceStep[] {
  const parts: (readonly TraceStep[])[] = [];
  let to: GlobalState | undefined;
  for (let at = last; at !== undefined; at = at.state.from) {
    parts.push(callsOf(actors, at, to));
    to = at.state;
  }
  return parts.reverse().flat();
}

/** @param to the state that the transition leads to; undefined when something was thrown on the way. */
function callsOf(
  actors: readonly SearchedActor[],
  { state, transition }: Edge,
  to: GlobalState | undefined,
): readonly TraceStep[] {
  const wanted: TraceStep[] = [];
  for (const [index] of actors.entries()) {
    const isMover = 'index' in transition && transition.index === index;
    if (to !== undefined && !isMover) wanted.push(...callsUpTo(state, index, localOf(to, index)));
  }
  if (transition.type === 'persistent') return callsIn([transition.local]);
  if (transition.type === 'rest') return [...wanted, { type: 'rest' }];
  if (transition.type === 'land') return [...wanted, { type: 'land', sentAt: transition.request.local.id }];
  const { type, index } = transition;
  const actor = actors[index]?.name ?? '';
  // An error in an actor's silent calls shows again when the actor runs on.
  if (type === 'run' && to === undefined) return [...wanted, { type: 'run on', actor }];
  const locals = state.shared.silentPaths.get(localOf(state, index).id)?.locals ?? [];
  const before = type === 'run' ? locals.at(-1) : locals[transition.at];
  if (before !== undefined) wanted.push(...callsUpTo(state, index, before));
  return [...wanted, { type, actor }];
}

/**
 * The silent calls of one actor from a state up to this local state. A play makes the calls that nobody else can notice
 * by itself, so they are left out.
 */
function callsUpTo(state: GlobalState, index: number, local: LocalState): readonly TraceStep[] {
  const locals = state.shared.silentPaths.get(localOf(state, index).id)?.locals ?? [];
  return callsIn(locals.slice(0, Math.max(0, locals.indexOf(local))));
}

function callsIn(locals: readonly LocalState[]): readonly TraceStep[] {
  return locals.flatMap(({ stop }): readonly TraceStep[] =>
    stop.type === 'call' && stop.call.effect !== 'local' ? [{ type: 'run', actor: stop.call.actor }] : [],
  );
}
