import { invariant } from '../plan/invariant.ts';
import type { Answer, PendingCall, Shores, Suspend } from './port-call.ts';
import { answerOf } from './port-call.ts';

/** A request whose caller is gone (timed out or crashed), and which may still reach the world, or never. */
export interface Zombie {
  readonly id: number;
  readonly call: PendingCall;
}

export type ActorState =
  | { readonly type: 'blocked'; readonly call: PendingCall }
  | { readonly type: 'done'; readonly outcome: unknown }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'crashed' };

/** One thing that happened, for a timeline. */
export interface Step {
  readonly index: number;
  readonly actor: string;
  readonly what: 'run' | 'timeout' | 'lost-answer' | 'crash' | 'land';
  readonly site: string;
  readonly detail: string;
}

interface Actor {
  readonly name: string;
  state: ActorState | { readonly type: 'running' };
  resume: ((answer: Answer) => void) | undefined;
  settled: () => void;
}

/**
 * Decides, at every call of every port, what happens next. Each actor is one workflow with ports that suspend; nothing
 * runs unless a verb here lets it, so a run is a function of the verbs' order alone.
 */
export interface Scheduler {
  /** Starts an actor and lets it come to its first call. Its ports must be the ones given to `body`. */
  start(name: string, body: (call: Suspend) => Promise<unknown>): Promise<void>;
  /** The call the actor is suspended in; undefined when it has ended. */
  pending(name: string): PendingCall | undefined;
  state(name: string): ActorState;
  /** Every actor that has a call suspended, in order of name. */
  blocked(): readonly PendingCall[];
  /** Performs the actor's call and gives it the answer. */
  run(name: string): Promise<void>;
  /** The caller hears nothing; the request stays in flight as a zombie. */
  timeout(name: string): Promise<Zombie>;
  /** The request is performed, and its answer lost. */
  loseAnswer(name: string): Promise<void>;
  /** The actor is gone for good; its request stays in flight as a zombie. */
  crash(name: string): Zombie;
  /** A zombie's request reaches the world now; nobody hears of it. */
  land(zombie: Zombie): Promise<void>;
  zombies(): readonly Zombie[];
  steps(): readonly Step[];
}

/** Called after every request that reached the world; throws when something that must hold does not. */
export type AfterRequest = (call: PendingCall) => void;

/** What the scheduler keeps, and the moves that its verbs are made of. */
interface Engine {
  readonly actors: Map<string, Actor>;
  readonly zombies: Map<number, Zombie>;
  readonly steps: Step[];
  actorOf(name: string): Actor;
  /** The actor's suspended call, noted in the timeline as ending this way. */
  take(name: string, what: Step['what']): PendingCall;
  note(what: Step['what'], call: PendingCall): void;
  perform(call: PendingCall): Promise<Answer>;
  leaveBehind(call: PendingCall): Zombie;
}

/**
 * @param shores where requests go.
 * @param after the checkers; an exception from it ends the run with the step that broke the rule.
 */
export function createScheduler(shores: Shores, after: AfterRequest = () => undefined): Scheduler {
  const engine = createEngine(shores, after);
  const { actors, zombies, steps, actorOf } = engine;
  return {
    start: (name, body) => startActor(engine, name, body),
    pending: (name) => {
      const { state } = actorOf(name);
      return state.type === 'blocked' ? state.call : undefined;
    },
    state: (name) => {
      const { state } = actorOf(name);
      invariant(state.type !== 'running', `${name} is running`);
      return state;
    },
    blocked: () =>
      [...actors.values()]
        .flatMap(({ state }) => (state.type === 'blocked' ? [state.call] : []))
        .sort((a, b) => (a.actor < b.actor ? -1 : 1)),
    run: async (name) => {
      const call = engine.take(name, 'run');
      await resumeActor(actorOf(name), await engine.perform(call));
    },
    timeout: async (name) => {
      const call = engine.take(name, 'timeout');
      const left = engine.leaveBehind(call);
      await resumeActor(actorOf(name), call.unanswered());
      return left;
    },
    loseAnswer: async (name) => {
      const call = engine.take(name, 'lost-answer');
      await engine.perform(call);
      await resumeActor(actorOf(name), call.unanswered());
    },
    crash: (name) => {
      const call = engine.take(name, 'crash');
      const actor = actorOf(name);
      actor.state = { type: 'crashed' };
      actor.resume = undefined;
      return engine.leaveBehind(call);
    },
    land: async (left) => {
      invariant(zombies.delete(left.id), `the request ${left.id} has landed already`);
      engine.note('land', left.call);
      await engine.perform(left.call);
    },
    zombies: () => [...zombies.values()],
    steps: () => steps,
  };
}

function createEngine(shores: Shores, after: AfterRequest): Engine {
  const actors = new Map<string, Actor>();
  const zombies = new Map<number, Zombie>();
  const steps: Step[] = [];
  const actorOf = (name: string): Actor => {
    const actor = actors.get(name);
    invariant(actor !== undefined, `no actor is called ${name}`);
    return actor;
  };
  const note: Engine['note'] = (what, { actor, site, detail }) => {
    steps.push({ index: steps.length, actor, what, site, detail });
  };
  return {
    actors,
    zombies,
    steps,
    actorOf,
    note,
    take: (name, what) => {
      const { state } = actorOf(name);
      invariant(state.type === 'blocked', `${name} is not suspended in a call`);
      note(what, state.call);
      return state.call;
    },
    perform: async (call) => {
      const answer = await answerOf(call, shores);
      after(call);
      return answer;
    },
    leaveBehind: (call) => {
      const left = { id: steps.length, call };
      zombies.set(left.id, left);
      return left;
    },
  };
}

function startActor(
  engine: Engine,
  name: string,
  body: (suspend: Suspend) => Promise<unknown>,
): Promise<void> {
  invariant(!engine.actors.has(name), `an actor called ${name} was started already`);
  return new Promise((resolve) => {
    const actor: Actor = { name, state: { type: 'running' }, resume: undefined, settled: resolve };
    engine.actors.set(name, actor);
    body((call) => suspendActor(actor, { ...call, actor: name })).then(
      (outcome) => end(actor, { type: 'done', outcome }),
      (error: unknown) => end(actor, { type: 'failed', error }),
    );
  });
}

/** Gives the answer, and waits until the actor suspends again or ends: counted, not guessed by flushing ticks. */
function resumeActor(actor: Actor, answer: Answer): Promise<void> {
  const { resume } = actor;
  invariant(resume !== undefined, `${actor.name} waits for no answer`);
  return new Promise((resolve) => {
    actor.settled = resolve;
    actor.state = { type: 'running' };
    actor.resume = undefined;
    resume(answer);
  });
}

function suspendActor(actor: Actor, call: PendingCall): Promise<unknown> {
  invariant(actor.state.type === 'running', `${actor.name} made a second call while one was suspended`);
  return new Promise((resolve, reject) => {
    actor.state = { type: 'blocked', call };
    actor.resume = (answer) => {
      if (answer.type === 'value') resolve(answer.value);
      else reject(answer.error);
    };
    actor.settled();
  });
}

function end(actor: Actor, state: ActorState): void {
  if (actor.state.type === 'crashed') return;
  actor.state = state;
  actor.settled();
}
