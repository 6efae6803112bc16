import { emulatedZone } from '../emulator/emulated-zone.ts';
import type { Route53 } from '../emulator/route53.ts';
import { createRoute53 } from '../emulator/route53.ts';
import type { Route53Deps } from '../emulator/route53-state.ts';
import { enact } from '../enactor/enact.ts';
import type { EnactorDeps, EnactRequest } from '../enactor/enactor.ts';
import { parseCellFleet, serialiseCellFleet } from '../fleet/cell-fleet-codec.ts';
import { staticSource } from '../fleet/sources/static-source.ts';
import { retire } from '../janitor/retire.ts';
import { execute } from '../ledger/execute.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { MemoryLedger } from '../ledger/memory-ledger.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import type { WriterRole } from '../plan/batch-kinds.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import { invariant } from '../plan/invariant.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import { planCell } from '../planner/plan-cell.ts';
import type { PlannerDeps } from '../planner/planner.ts';
import type { Clock } from '../runtime/clock.ts';
import { instant } from '../runtime/clock.ts';
import type { Randomness } from '../runtime/ids.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import { guardedZone } from '../zone/guarded-zone.ts';
import type { CommitWatch } from './commit-watch.ts';
import { watchCommits } from './commit-watch.ts';
import type { Suspend } from './port-call.ts';
import { scheduledClock, scheduledLedger, scheduledSource, scheduledZone } from './scheduled-ports.ts';
import type { Scheduler } from './scheduler.ts';
import { createScheduler } from './scheduler.ts';
import type { VirtualTime } from './virtual-time.ts';
import { countedRandomness, virtualTime } from './virtual-time.ts';

/** Where every simulated world begins: milliseconds since 1970. */
const EPOCH_MS = 1_760_000_000_000;
/** Long enough for whatever was made before the run to be everywhere. */
const SETTLED_MS = 3_600_000;
const LEDGER_ID = '5be1c07a';
/** Far enough that no simulated run ends by its deadline. */
const FOREVER_MS = 10 * 365 * 86_400_000;

export interface WorldSettings {
  /** The cell that everybody works on; its zone is made, and its zone id filled in. */
  readonly fleet: Omit<CellFleet, 'zoneId'>;
  /** Records that are not Pawl's. */
  readonly foreign?: readonly RecordSet[];
  /** Milliseconds from a commit to INSYNC. */
  readonly insyncDelayMs?: number;
  /** Record sets the zone may hold; 10,000 unless AWS raised it. */
  readonly recordLimit?: number;
}

/** One cell, one zone, one ledger, in memory; the production workflows run in it as actors of a scheduler. */
export interface SimulatedWorld {
  readonly scope: CellScope;
  readonly route53: Route53;
  readonly ledger: MemoryLedger;
  readonly time: VirtualTime;
  readonly scheduler: Scheduler;
  records(): readonly RecordSet[];
  /** Declares a fleet in the ledger, at once. */
  declare(fleet: Omit<CellFleet, 'zoneId'>): Promise<void>;
  /** Plans and appends, at once; throws when nothing was appended. */
  plan(): Promise<number>;
  startEnactor(name: string, mode?: EnactRequest['mode']): Promise<void>;
  startJanitor(name: string): Promise<void>;
  startPlanner(name: string): Promise<void>;
  /** Starts any other workflow on ports that suspend. */
  startActor(name: string, role: WriterRole, body: (ports: ActorPorts) => Promise<unknown>): Promise<void>;
  /** Changes the zone by hand, past every fence. */
  tamper(changes: readonly (Change | { readonly action: 'UPSERT'; readonly record: RecordSet })[]): void;
  /** A world that goes its own way from here, with nobody at work in it. */
  copy(): SimulatedWorld;
}

/** The ports of one actor, each verb of which suspends. */
export interface ActorPorts {
  readonly writer: EnactorDeps['writer'];
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** What every part of a world is made of. */
interface Ground {
  readonly scope: CellScope;
  readonly route53: Route53;
  readonly ledger: MemoryLedger;
  readonly time: VirtualTime;
  readonly randomness: Randomness;
  readonly watch: CommitWatch;
  readonly scheduler: Scheduler;
  readonly counts: Counts;
}

/** What was counted up so far. */
interface Counts {
  ids: number;
  nonces: number;
}

const DEADLINE = instant(EPOCH_MS + FOREVER_MS);
const INSYNC = { insyncPollMs: 2_000, unknownChangeMs: 300_000 };

/** Makes a world whose checkers look at every commit. */
export async function simulatedWorld(settings: WorldSettings): Promise<SimulatedWorld> {
  const world = worldOn(layGround(settings));
  await world.declare(settings.fleet);
  return world;
}

function worldOn(ground: Ground): SimulatedWorld {
  const { scope, route53, ledger, time, watch, scheduler } = ground;
  const world: SimulatedWorld = {
    scope,
    route53,
    ledger,
    time,
    scheduler,
    records: () => route53.records(scope.zoneId),
    declare: (fleet) => declare(ground, fleet),
    plan: () => planNow(ground),
    startActor: (name, role, body) =>
      scheduler.start(name, (suspend) => body(portsFor(ground, suspend, name, role))),
    startEnactor: (name, mode = 'hint') =>
      world.startActor(name, 'enactor', (ports) =>
        enact({ ...ports, telemetry: silentTelemetry, settings: INSYNC }, { mode, deadline: DEADLINE }),
      ),
    startJanitor: (name) =>
      world.startActor(name, 'janitor', (ports) =>
        retire({ ...ports, telemetry: silentTelemetry, settings: INSYNC }, { deadline: DEADLINE }),
      ),
    startPlanner: (name) =>
      scheduler.start(name, (suspend) =>
        planCell(scheduledPlanner(ground, suspend, name), planRequest(scope)),
      ),
    tamper: (changes) => {
      route53.changeResourceRecordSets(scope.zoneId, { changes: [...changes] });
      watch.tampered();
    },
    copy: () => worldOn(copyOf(ground)),
  };
  return world;
}

function layGround(settings: WorldSettings): Ground {
  const time = virtualTime(EPOCH_MS);
  const counts: Counts = { ids: 0, nonces: 0 };
  const route53 = createRoute53(
    { insyncDelayMs: settings.insyncDelayMs ?? 30_000, recordLimit: settings.recordLimit ?? 10_000 },
    countedDeps(time, counts),
  );
  const { cell, zone: name } = settings.fleet;
  const { zone } = route53.createHostedZone({ name, callerReference: 'simulated' });
  const scope: CellScope = { cell, zone: name, zoneId: zone.id };
  const changes = (settings.foreign ?? []).map((record) => ({ action: 'CREATE' as const, record }));
  if (changes.length > 0) route53.changeResourceRecordSets(zone.id, { changes });
  time.advanceTo(time.now() + SETTLED_MS);
  const ledger = memoryLedger(LEDGER_ID);
  const watch = watchCommits({ route53, scope, ledger: LEDGER_ID, state: () => ledger.peek(cell).state });
  return groundOf({ scope, route53, ledger, time, counts, watch });
}

function countedDeps(time: VirtualTime, counts: Counts): Route53Deps {
  return {
    now: () => time.now(),
    id: (prefix) => {
      counts.ids += 1;
      return `${prefix}${String(counts.ids).padStart(8, '0')}`;
    },
  };
}

function copyOf({
  scope,
  route53: from,
  ledger: log,
  time: clock,
  counts: before,
  watch: rules,
}: Ground): Ground {
  const time = virtualTime(clock.now());
  const counts = { ...before };
  const route53 = from.clone(countedDeps(time, counts));
  const ledger = log.clone();
  const state = () => ledger.peek(scope.cell).state;
  const watch = rules.clone({ route53, scope, ledger: ledger.id, state });
  return groundOf({ scope, route53, ledger, time, counts, watch });
}

function groundOf(parts: Omit<Ground, 'randomness' | 'scheduler'>): Ground {
  const { scope, route53, ledger, time, counts, watch } = parts;
  const shores = {
    zone: emulatedZone(route53, scope.zoneId),
    ledger,
    source: staticSource(),
    sleepUntil: (ms: number) => time.advanceTo(ms),
  };
  const scheduler = createScheduler(shores, (call) => {
    if (call.site === 'zone.change') watch.look(call.actor);
  });
  return { ...parts, randomness: countedRandomness(counts), scheduler };
}

function portsFor(ground: Ground, suspend: Suspend, name: string, role: WriterRole): ActorPorts {
  const { scope, randomness, ledger, time } = ground;
  const zone = guardedZone(scheduledZone(suspend, scope.zoneId), role, scope);
  return {
    writer: { zone, scope, randomness, role, name },
    ledger: scheduledLedger(suspend, ledger.id),
    clock: scheduledClock(suspend, () => time.now()),
  };
}

function scheduledPlanner({ ledger, time }: Ground, suspend: Suspend, name: string): PlannerDeps {
  return {
    ledger: scheduledLedger(suspend, ledger.id),
    source: scheduledSource(suspend),
    clock: scheduledClock(suspend, () => time.now()),
    telemetry: silentTelemetry,
    name,
  };
}

function planRequest({ cell }: CellScope): Parameters<typeof planCell>[1] {
  return { cell, append: true, immediate: true };
}

async function planNow({ ledger, time, scope }: Ground): Promise<number> {
  const deps = { ledger, source: staticSource(), clock: time, telemetry: silentTelemetry, name: 'planner' };
  const outcome = await planCell(deps, planRequest(scope));
  invariant(outcome.type === 'appended', `the planner appended nothing: ${JSON.stringify(outcome)}`);
  return outcome.proposed.plan.generation;
}

async function declare(
  { ledger, scope, time, watch }: Ground,
  fleet: Omit<CellFleet, 'zoneId'>,
): Promise<void> {
  const whole = parseCellFleet(serialiseCellFleet({ ...fleet, zoneId: scope.zoneId }));
  for (const { name } of whole.endpoints) watch.declared.add(name);
  const digest = await ledger.putBody(scope.cell, canonicalJson(serialiseCellFleet(whole)));
  const { policy, endpoints, targets } = whole;
  await execute(ledger, scope.cell, { at: () => time.now(), by: 'operator' }, () => ({
    type: 'FleetDeclared',
    digest,
    zone: scope.zone,
    zoneId: scope.zoneId,
    policy,
    endpoints: endpoints.length,
    targets: targets.length,
  }));
}
