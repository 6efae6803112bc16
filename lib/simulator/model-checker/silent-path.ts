import { invariant } from '../../plan/invariant.ts';
import type { LocalState } from '../engine/behaviour.ts';
import type { Play } from '../engine/playing.ts';
import type { PendingCall } from '../ports/port-call.ts';
import { answerOf } from '../ports/port-call.ts';
import type {
  SearchedActor,
  SharedState,
  SilentPath,
  Successor,
  SurvivedFault,
  TakeStep,
} from './shared-state.ts';
import { isBug } from './shared-state.ts';

/** The largest number of calls between two that change the shared state. No workflow makes as many. */
const SILENT_CALLS_MAX = 500;

/** Finds all the calls from this local state on that leave the shared state as it is. */
export async function findSilentPath(
  shared: SharedState,
  actor: SearchedActor,
  from: LocalState,
  step: TakeStep,
): Promise<SilentPath> {
  const locals = [from];
  let act: Successor | undefined;
  for (let at = from; at.stop.type === 'call' && act === undefined; ) {
    invariant(
      locals.length < SILENT_CALLS_MAX,
      `${actor.name} calls for ever in a shared state that never changes`,
    );
    const next = await step(shared, actor, at);
    if (next.shared === shared) {
      at = next.local;
      locals.push(at);
    } else act = next;
  }
  const silentPath = { locals, act, survivedFaults: undefined, noticing: undefined };
  shared.silentPaths.set(from.id, silentPath);
  return silentPath;
}

/** Finds the faults in a path's calls, the changing one included, after which the actor does more than end. */
export async function findSurvivedFaults(
  silentPath: SilentPath,
  actor: SearchedActor,
  shared: SharedState,
  arrive: (shared: SharedState, actor: SearchedActor, local: LocalState) => Successor,
): Promise<readonly SurvivedFault[]> {
  const found: SurvivedFault[] = [];
  for (const [at, local] of silentPath.locals.entries()) {
    if (local.stop.type !== 'call') continue;
    const { call } = local.stop;
    for (const fault of faultsIn(call)) {
      const answer = fault === 'throttle' ? call.refused() : call.unanswered();
      const next = arrive(shared, actor, await shared.play.after({ ...actor, local }, answer));
      const goesOn = next.local.stop.type === 'call' || next.shared !== shared || isBug(next.local, actor);
      if (goesOn) found.push({ fault, at, local, next });
    }
  }
  silentPath.survivedFaults = found;
  return found;
}

function faultsIn({ effect }: PendingCall): readonly SurvivedFault['fault'][] {
  if (effect === 'write') return ['timeout', 'throttle'];
  return effect === 'read' ? ['throttle'] : [];
}

/** Finds the local states from this one up to the first whose call is not a persistent transition. */
export async function findPersistentPath(
  shared: SharedState,
  actor: SearchedActor,
  from: LocalState,
  step: TakeStep,
): Promise<readonly LocalState[]> {
  const persistentPath = [from];
  for (let { stop } = from; stop.type === 'call' && (await isPersistent(shared.play, stop.call)); ) {
    const local = persistentPath.at(-1) ?? from;
    const next = await step(shared, actor, local);
    // The call led to an end that a checker remembers.
    if (next.shared !== shared) break;
    persistentPath.push(next.local);
    ({ stop } = next.local);
  }
  shared.persistentPath.set(from.id, persistentPath);
  return persistentPath;
}

/** A body never changes, a dead request stays dead, and a change that is known and INSYNC stays INSYNC. */
async function isPersistent(play: Play, call: PendingCall): Promise<boolean> {
  if (call.effect === 'local') return true;
  if (call.effect === 'write') return play.isDead(call);
  if (call.site !== 'zone.changeStatus' || !play.environment.knowsChange(call.detail)) return false;
  const answer = await answerOf(call, play.environment);
  return answer.type === 'value' && answer.value === 'insync';
}

/** Finds the local states right after a call that notices the change to `changed`. */
export async function findNoticing(
  silentPath: SilentPath,
  actor: SearchedActor,
  changed: SharedState,
  step: TakeStep,
): Promise<readonly LocalState[]> {
  const found: LocalState[] = [];
  for (const [at, to] of silentPath.locals.entries()) {
    const from = silentPath.locals[at - 1];
    if (from !== undefined && (await isNoticed(changed, actor, from, to, step))) found.push(to);
  }
  silentPath.noticing ??= new Map();
  silentPath.noticing.set(changed.id, found);
  return found;
}

/** Whether a silent call that led to `to` before a change does anything else after the change. */
async function isNoticed(
  changed: SharedState,
  actor: SearchedActor,
  from: LocalState,
  to: LocalState,
  step: TakeStep,
): Promise<boolean> {
  try {
    const after = await step(changed, actor, from);
    return after.shared !== changed || after.local !== to;
  } catch {
    // This bug shows after the change. It shows again, with the way to it, when the actor goes on from before the
    // change.
    return false;
  }
}
