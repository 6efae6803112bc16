import type { Route53 } from '../../emulator/route53.ts';
import type { EnactRequest } from '../../enactor/enactor.ts';
import { parseCellFleet, serialiseCellFleet } from '../../fleet/cell-fleet-codec.ts';
import { staticSource } from '../../fleet/sources/static-source.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { WriterRole } from '../../plan/batch-kinds.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { Change, RecordSet } from '../../plan/records.ts';
import { NEWEST_LEDGER_FORMAT } from '../../plan/stored-format.ts';
import { planCell } from '../../planner/plan-cell.ts';
import { silentTelemetry } from '../../telemetry/telemetry.ts';
import type { CommitWatch } from '../checkers/commit-watch.ts';
import { watchCommits } from '../checkers/commit-watch.ts';
import type { Answer, PendingCall } from '../ports/port-call.ts';
import type { VirtualTime } from '../ports/virtual-time.ts';
import type { WorkflowDeps } from './actor-roles.ts';
import { declareFleet } from './actor-roles.ts';
import { createBehaviours } from './behaviour.ts';
import type { Decision } from './decision.ts';
import type { EnvironmentLedger } from './environment.ts';
import { directPorts, emptyEnvironment } from './environment.ts';
import { createPlay } from './play.ts';
import { UNDISTURBED } from './play-settings.ts';
import type { Play, PlayedStep, RequestInFlight, Seat } from './playing.ts';
import { createSightings } from './sightings.ts';

/** Longer than the foreign records take to become INSYNC, milliseconds. Actors begin after that. */
const SETTLED_MS = 3_600_000;

export interface WorldSettings {
  /** The cell that every actor works on. Its zone is created, and its zone id filled in. */
  readonly fleet: Omit<CellFleet, 'zoneId'>;
  /** Records that are not Pawl's. */
  readonly foreign?: readonly RecordSet[];
  /** Milliseconds from a commit to INSYNC; 30,000 unless given. */
  readonly insyncDelayMs?: number;
  /** The number of record sets that the zone may hold; 10,000 unless given. */
  readonly recordLimit?: number;
  /** The format of the ledger's cells; the newest unless given. */
  readonly format?: number;
}

/**
 * One cell, one zone and one ledger in memory. The caller takes every decision of the engine itself, so that a race
 * runs on exactly the schedule that it names. Every checker looks at every commit.
 */
export interface SimulatedWorld {
  readonly scope: CellScope;
  readonly route53: Route53;
  /** The ledger without its suspending port: a read or an append here suspends nobody. */
  readonly ledger: Ledger & Pick<EnvironmentLedger, 'peek'>;
  readonly time: VirtualTime;
  readonly scheduler: Scheduler;
  records(): readonly RecordSet[];
  /** Appends the fleet to the ledger, without suspending. */
  declare(fleet: Omit<CellFleet, 'zoneId'>): Promise<void>;
  /** Plans and appends, without suspending. @throws InvariantViolated when nothing was appended. */
  plan(): Promise<number>;
  startEnactor(name: string, mode?: EnactRequest['mode']): Promise<void>;
  startJanitor(name: string): Promise<void>;
  startPlanner(name: string): Promise<void>;
  /** Starts any other workflow on ports that suspend. */
  startActor(
    name: string,
    role: WriterRole,
    perform: (deps: WorkflowDeps) => Promise<unknown>,
  ): Promise<void>;
  /** Changes the zone by hand, past every fence. */
  tamper(changes: readonly (Change | { readonly action: 'UPSERT'; readonly record: RecordSet })[]): void;
  /** From now on the ports that an actor was given may refuse what nobody sees in the zone. */
  portsRefuse(): void;
  /** An independent copy without actors. */
  copy(): SimulatedWorld;
}

/** The request of a caller that does not wait for it any more. A call that could only read leaves none. */
export interface LeftBehind {
  readonly request: RequestInFlight | undefined;
}

export type ActorStatus =
  | { readonly type: 'blocked'; readonly call: PendingCall }
  | { readonly type: 'done'; readonly outcome: unknown }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'crashed' };

/** The engine's decisions about calls, one verb each. @throws InvariantViolated when a rule is broken. */
export interface Scheduler {
  /** The call in which the actor is suspended; undefined when it has ended. */
  pending(name: string): PendingCall | undefined;
  state(name: string): ActorStatus;
  /** Every call in which an actor is suspended, in the order of the actors' names. */
  blocked(): readonly PendingCall[];
  /** Performs the actor's call, gives the actor the answer, and returns the answer. */
  run(name: string): Promise<Answer | undefined>;
  /** The caller gets no answer. The request stays in flight. */
  timeout(name: string): Promise<LeftBehind>;
  /** The request takes effect, and its answer is lost. */
  loseAnswer(name: string): Promise<void>;
  /** The actor dies. Its request stays in flight. */
  crash(name: string): Promise<LeftBehind>;
  /** A request in flight takes effect now. */
  land(left: LeftBehind): Promise<void>;
  /** The steps so far. */
  steps(): readonly PlayedStep[];
}

/** Makes a world in which the fleet is declared and nothing is planned. */
export async function simulatedWorld(settings: WorldSettings): Promise<SimulatedWorld> {
  const { fleet, foreign = [], insyncDelayMs, recordLimit, format = NEWEST_LEDGER_FORMAT } = settings;
  const environment = emptyEnvironment(fleet.cell, fleet.zone, {
    ports: directPorts({ hashing: 'sha256', firstFormat: format }),
    exact: true,
    insyncDelayMs,
    recordLimit,
  });
  const { scope, route53, time } = environment;
  const changes = foreign.map((record) => ({ action: 'CREATE' as const, record }));
  if (changes.length > 0) route53.changeResourceRecordSets(scope.zoneId, { changes });
  time.advanceTo(time.now() + SETTLED_MS);
  const world = worldOf({
    environment,
    watch: watchCommits(environment, { isRefined: true }),
  });
  await world.declare(fleet);
  return world;
}

function worldOf({ environment, watch }: Pick<Play, 'environment' | 'watch'>): SimulatedWorld {
  const tools = { behaviours: createBehaviours(false), sightings: createSightings(), settings: UNDISTURBED };
  const play = createPlay(environment, watch, tools);
  const { scope, route53, memory, time } = environment;
  const ledger = watchedLedger(memory, watch);
  const startActor: SimulatedWorld['startActor'] = (name, writer, perform) =>
    play.start(name, { type: 'workflow', writer, perform });
  const planning = { cell: scope.cell, append: true, immediate: true };
  return {
    ...{ scope, route53, ledger, time, startActor },
    scheduler: schedulerOf(play),
    records: environment.records,
    declare: async (fleet) => {
      const whole = parseCellFleet(serialiseCellFleet({ ...fleet, zoneId: scope.zoneId }));
      for (const { name } of whole.endpoints) watch.declared.add(name);
      await declareFleet(ledger, whole, time, 'operator');
    },
    plan: async () => {
      const deps = { ledger, source: staticSource(), clock: time, telemetry: silentTelemetry };
      const outcome = await planCell({ ...deps, name: 'planner' }, planning);
      invariant(outcome.type === 'appended', `the planner appended nothing: ${JSON.stringify(outcome)}`);
      return outcome.proposed.plan.generation;
    },
    startEnactor: (name, mode = 'hint') => play.start(name, { type: 'enactor', mode }),
    startJanitor: (name) => play.start(name, { type: 'janitor' }),
    startPlanner: (name) => startActor(name, 'operator', (deps) => planCell(deps, planning)),
    tamper: (changes) => {
      route53.changeResourceRecordSets(scope.zoneId, { changes: [...changes] });
      watch.tampered();
    },
    portsRefuse: () => watch.hindered('ports'),
    copy: () => worldOf(play.clone()),
  };
}

/** The ledger without its suspending port. What is appended to it beside the engine the checkers are told of too. */
function watchedLedger(memory: EnvironmentLedger, watch: CommitWatch): SimulatedWorld['ledger'] {
  return {
    ...memory.port,
    peek: memory.peek,
    append: async (head, entry) => {
      const before = memory.peek(head.cell);
      const outcome = await memory.port.append(head, entry);
      const written = memory.written(head.cell);
      if (outcome.type === 'appended' && written !== undefined)
        watch.appended(before, outcome.head, { ...written, writerReads: NEWEST_LEDGER_FORMAT });
      return outcome;
    },
  };
}

function schedulerOf(play: Play): Scheduler {
  const steps: PlayedStep[] = [];
  const take = async (decision: Decision): Promise<void> => {
    steps.push(await play.apply(decision, () => 0));
  };
  const seatOf = (name: string): Seat => {
    const seat = play.seats.find((candidate) => candidate.name === name);
    invariant(seat !== undefined, `no actor is called ${name}`);
    return seat;
  };
  const abandon = async (type: 'timeout' | 'crash', actor: string): Promise<LeftBehind> => {
    const before = play.inFlight.length;
    await take({ type, actor });
    return { request: play.inFlight[before] };
  };
  return {
    pending: (name) => play.callOf(name),
    state: (name) => {
      const { state, local } = seatOf(name);
      if (state === 'crashed') return { type: 'crashed' };
      return local.stop.type === 'call' ? { type: 'blocked', call: local.stop.call } : local.stop;
    },
    blocked: () =>
      play.seats.flatMap(({ name }) => play.callOf(name) ?? []).sort((a, b) => (a.actor < b.actor ? -1 : 1)),
    run: async (actor) => {
      await take({ type: 'run', actor });
      return seatOf(actor).local.answer;
    },
    timeout: (actor) => abandon('timeout', actor),
    loseAnswer: (actor) => take({ type: 'lose-answer', actor }),
    crash: (actor) => abandon('crash', actor),
    land: async ({ request }) => {
      if (request === undefined) return;
      const index = play.inFlight.indexOf(request);
      invariant(index >= 0, 'the request has landed already');
      await take({ type: 'land', request: index });
    },
    steps: () => steps,
  };
}
