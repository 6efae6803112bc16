import { invariant } from '../../plan/invariant.ts';
import type { Instant } from '../../runtime/clock.ts';
import { isRefusal, ownNonces } from '../ports/actor-nonces.ts';
import type { PortContext } from '../ports/actor-ports.ts';
import type { Answer, PendingCall } from '../ports/port-call.ts';

/** What a workflow runs on. */
export interface ActorContext extends PortContext {
  /**
   * Reports the calls in which the workflow has forgotten all of its answers except for what `memory` returns. Two
   * local states in the same call with the same memory are then merged. The report is not trusted: wherever two local
   * states are merged, what both do next is compared.
   */
  forgetAt(memory: SaysMemory): void;
}

/** Called once in every call. It returns undefined when the workflow may remember any of its answers. */
export type SaysMemory = (call: Omit<PendingCall, 'actor'>) => Recollection | undefined;

/** All that the workflow still remembers in a call: `known`, and with `ahead` also what shows in its next calls. */
export interface Recollection {
  readonly known: string;
  readonly ahead?: LookAhead;
}

/**
 * Leads a copy of the workflow's run on, apart from the play, until it has shown what it remembers. It is called first
 * with the call in which the workflow is suspended, and then with the stop after each answer.
 */
export type LookAhead = (stop: Stop) =>
  | { readonly type: 'go on'; readonly answer: Answer }
  /** `known` is undefined when the run does not show what it remembers. */
  | { readonly type: 'seen'; readonly known: string | undefined };

export type Workflow = (surroundings: ActorContext) => Promise<unknown>;

/** Where an actor has stopped: in a call, or at its end. */
export type Stop =
  | { readonly type: 'call'; readonly call: PendingCall }
  | { readonly type: 'done'; readonly outcome: unknown }
  | { readonly type: 'failed'; readonly error: unknown };

/** One run of a workflow that can go on. */
export interface Coroutine {
  start(now: number): Promise<Stop>;
  resume(answer: Answer, now: number): Promise<Stop>;
  /** Whether the workflow has read its clock since it was last resumed. */
  lookedAtClock(): boolean;
  /** Releases a workflow that nobody will resume, with all that it holds. Its calls so far stay usable. */
  abandon(): void;
  /** All that the workflow still remembers here; undefined when it may remember anything. */
  memory(): Recollection | undefined;
}

/**
 * @param isAtomic whether nobody has seen the nonce of a batch that was refused, so that its writer may use it again.
 */
export function createCoroutine(name: string, workflow: Workflow, isAtomic: boolean): Coroutine {
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
        nonces.answered(isAtomic && isRefusal(answer));
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
