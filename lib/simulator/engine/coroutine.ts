import { invariant } from '../../plan/invariant.ts';
import type { Instant } from '../../runtime/clock.ts';
import { isRefusal, ownNonces } from '../ports/actor-nonces.ts';
import type { PortContext } from '../ports/actor-ports.ts';
import type { Answer, PendingCall } from '../ports/port-call.ts';

/** What a workflow is run on. */
export interface ActorContext extends PortContext {
  /**
   * Says in which calls the workflow has forgotten all that it was ever answered but for what `memory` returns; two
   * local states in the same call with the same memory are then one. Whoever says so is not believed: wherever it can
   * be compared, what both do next is.
   */
  forgetAt(memory: SaysMemory): void;
}

/** Asked once in every call; undefined when the workflow may remember anything of what it was answered. */
export type SaysMemory = (call: Omit<PendingCall, 'actor'>) => Recollection | undefined;

/** All that a workflow still knows in a call: `known`, and, with `ahead`, what shows in what it does next. */
export interface Recollection {
  readonly known: string;
  readonly ahead?: LookAhead;
}

/**
 * Leads a run of the workflow on, beside all that is played, until it has shown what it knows. Asked first of the call
 * in which the workflow is suspended, then wherever each answer leads.
 */
export type LookAhead = (stop: Stop) =>
  | { readonly type: 'go on'; readonly answer: Answer }
  /** Undefined when what it knows does not show. */
  | { readonly type: 'seen'; readonly known: string | undefined };

export type Workflow = (surroundings: ActorContext) => Promise<unknown>;

/** How an actor stands: in a call, or at its end. */
export type Stop =
  | { readonly type: 'call'; readonly call: PendingCall }
  | { readonly type: 'done'; readonly outcome: unknown }
  | { readonly type: 'failed'; readonly error: unknown };

/** One living run of a workflow. */
export interface Coroutine {
  start(now: number): Promise<Stop>;
  resume(answer: Answer, now: number): Promise<Stop>;
  /** Whether the workflow looked at its clock since it was last resumed. */
  lookedAtClock(): boolean;
  /** Lets go of a workflow that nobody will resume, and of all that it holds; its calls so far are still kept. */
  abandon(): void;
  /** All that the workflow still knows where it stands; undefined when it may know anything. */
  memory(): Recollection | undefined;
}

export function createCoroutine(name: string, workflow: Workflow): Coroutine {
  let time = 0;
  let looked = false;
  let waiting: ((answer: Answer) => void) | undefined;
  let stopped: (stop: Stop) => void = () => undefined;
  let memoryIn: SaysMemory = () => undefined;
  let memory: Recollection | undefined;
  const nonces = ownNonces(name);
  const surroundings: ActorContext = {
    suspend: (call) =>
      new Promise((resolve, reject) => {
        invariant(waiting === undefined, `${name} made a second call while one was suspended`);
        waiting = (answer) => {
          if (answer.type === 'value') resolve(answer.value);
          else reject(answer.error);
        };
        const kept = memoryIn(call);
        memory = kept && {
          ...kept,
          known: `${call.site} ${call.detail} ${nonces.made()} ${kept.known}`,
        };
        stopped({ type: 'call', call: { ...call, actor: name } });
      }),
    forgetAt: (says) => {
      memoryIn = says;
    },
    now: () => {
      looked = true;
      return time as Instant;
    },
    randomness: nonces,
  };
  const goOn = (now: number, act: () => void): Promise<Stop> =>
    new Promise((resolve) => {
      time = now;
      looked = false;
      memory = undefined;
      stopped = resolve;
      act();
    });
  return {
    start: (now) =>
      goOn(now, () => {
        workflow(surroundings).then(
          (outcome) => stopped({ type: 'done', outcome }),
          (error: unknown) => stopped({ type: 'failed', error }),
        );
      }),
    resume: (answer, now) =>
      goOn(now, () => {
        const resume = waiting;
        invariant(resume !== undefined, `${name} waits for no answer`);
        nonces.answered(isRefusal(answer));
        waiting = undefined;
        resume(answer);
      }),
    lookedAtClock: () => looked,
    abandon: () => {
      waiting = undefined;
    },
    memory: () => memory,
  };
}
