import { audit } from '../../lib/auditor/audit.ts';
import { auditSeen } from '../../lib/cli/fleet/wave-eyes.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { MemoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import type { CellName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { rollOut } from '../../lib/rollout/roll-out.ts';
import type { RolledOut, RolloutDeps, RolloutRequest, RolloutStep } from '../../lib/rollout/rollout.ts';
import type { AuditSeen } from '../../lib/rollout/wave-watch.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { auditorDeps } from '../../lib/wiring/run-auditor.ts';
import { numberedIds } from '../support/numbered-ids.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';
import { smallFleet, target } from '../support/small-fleet.ts';
import type { Stopped } from './working-cells.ts';
import { workOnce } from './working-cells.ts';

export const CELLS: readonly string[] = ['use1-a', 'euw1-a', 'apse2-a', 'use2-a'];
/** Four cells in three waves. */
export const WAVES: readonly (readonly CellName[])[] = [['use1-a'], ['euw1-a', 'apse2-a'], ['use2-a']].map(
  (wave) => wave.map(cellName),
);
export const BAKE_MS = 900_000;

/** Everything that a rollout's world is made of, and what a test may do to it. */
export interface RolloutWorld {
  readonly ledger: MemoryLedger;
  readonly core: Route53;
  readonly zoneId: string;
  readonly deps: RolloutDeps;
  readonly now: () => number;
  /** Every step that was told, by any of its rollouts. */
  readonly steps: RolloutStep[];
  /** Roles that stand still. */
  stopped: Stopped;
  /** Alarms that ring. */
  rings: readonly string[];
  /** What the next audits see besides what they see. */
  audits: (cell: CellName) => Partial<AuditSeen>;
  /** Called whenever the rollout sleeps, before the roles work. */
  meanwhile: () => Promise<void>;
  /** Lets time pass and the roles work. */
  pass(ms: number): Promise<void>;
}

/** `api` of the cell has its addresses from this network; `203.0.113` is one where nothing listens. */
export function fleetOf(zoneId: string, cell: string, network: string): CellFleet {
  const small = smallFleet();
  const at = `${cell}.example.test`;
  const index = CELLS.indexOf(cell) * 10;
  const addressed = (id: string, last: number) => target(id, last, { ipv4: [`${network}.${index + last}`] });
  return {
    ...small,
    zoneId,
    cell: cellName(cell),
    targets: [addressed('api-1', 1), addressed('api-2', 2), ...small.targets.slice(2)],
    endpoints: small.endpoints.map((endpoint, each) => ({
      ...endpoint,
      name: dnsName(each === 0 ? `api.${at}` : `web.${at}`),
    })),
  };
}

/** The fleets of the first cells, of all of them unless said, with these addresses. */
export function fleetsOf(zoneId: string, network: string, cells = CELLS.length): readonly CellFleet[] {
  return CELLS.slice(0, cells).map((cell) => fleetOf(zoneId, cell, network));
}

export const BEFORE = '192.0.2';
export const GOOD = '198.51.100';
export const WRONG = '203.0.113';

/** Cells, four unless said, that answer with the addresses of before, whose roles work whenever somebody sleeps. */
export async function rolloutWorld(cells = CELLS.length): Promise<RolloutWorld> {
  let now = 1_000_000_000;
  const clock: Clock = {
    now: () => instant(now),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      await world.meanwhile();
      await world.pass(ms);
    },
  };
  const ledger = memoryLedger('5be1c07a');
  const core = createRoute53(PROMPT_ROUTE53, { now: () => now, id: numberedIds() });
  const name = 'example.test';
  const zoneId = core.createHostedZone({ name, callerReference: name }).zone.id;
  const randomness = seededRandomness();
  const person = { ledger, clock, randomness, telemetry: silentTelemetry, name: 'operator-ana' };
  const world: RolloutWorld = {
    ledger,
    core,
    zoneId,
    now: () => now,
    steps: [],
    stopped: {},
    rings: [],
    audits: () => ({}),
    meanwhile: async () => undefined,
    pass: async (ms) => {
      now += ms;
      await workOnce({ ledger, core, zoneId, clock, randomness }, world.stopped);
    },
    deps: {
      ...person,
      source: staticSource(),
      lookMs: 60_000,
      watch: {
        ringing: async () => world.rings,
        audit: async (cell) => ({ ...(await seen(cell)), ...world.audits(cell) }),
      },
    },
  };
  const seen = async (cell: CellName): Promise<AuditSeen> => {
    const parts = { ...person, operator: person.name, zone: (id: string) => emulatedZone(core, id) };
    const quota = () => ({ recordLimit: async () => 10_000 });
    const scope = { cell, zone: dnsName(name), zoneId };
    const deps = auditorDeps({ ...parts, quota }, ledger, { scope, unknownChangeMs: 600_000 });
    return auditSeen(await audit(deps, { deadline: instant(now + 60_000) }));
  };
  await pushFleet(person, {
    cells: fleetsOf(zoneId, BEFORE, cells),
    apply: true,
    functionsRead: NEWEST_LEDGER_FORMAT,
  });
  await world.pass(1_000);
  await world.pass(2 * 86_400_000);
  return world;
}

/** Rolls the addresses out to all cells. */
export function rolling(
  world: RolloutWorld,
  network: string,
  change: Partial<RolloutRequest> & { readonly deps?: Partial<RolloutDeps> } = {},
): Promise<RolledOut> {
  const { deps, ...request } = change;
  return rollOut(
    { ...world.deps, ...deps },
    {
      cells: fleetsOf(world.zoneId, network),
      waves: WAVES,
      bakeMs: BAKE_MS,
      functionsRead: NEWEST_LEDGER_FORMAT,
      tell: (step) => world.steps.push(step),
      ...request,
    },
  );
}

/** Events of a cell, oldest first, without those of before the rollout. */
export async function eventsIn(
  { ledger }: Pick<RolloutWorld, 'ledger'>,
  cell: string,
): Promise<readonly LedgerEvent[]> {
  const all = await ledger.events(cellName(cell), { after: 0, limit: 1_000, order: 'forward' });
  return all.map(({ event }) => event);
}

/** How often a fleet was declared in each cell. */
export async function declarations(world: RolloutWorld): Promise<Readonly<Record<string, number>>> {
  const counts = await Promise.all(
    CELLS.map(async (cell) => {
      const events = await eventsIn(world, cell);
      return [cell, events.filter(({ type }) => type === 'FleetDeclared').length] as const;
    }),
  );
  return Object.fromEntries(counts);
}

/** The first three numbers of the addresses that `api` of each cell answers with. */
export function answering({ core, zoneId }: RolloutWorld): Readonly<Record<string, string>> {
  const records = core.records(zoneId);
  return Object.fromEntries(
    CELLS.map((cell) => {
      const root = records.find(({ name }) => name === `api.${cell}.example.test`);
      const values = records
        .filter(({ name }) => name === root?.alias?.name)
        .flatMap((each) => each.values ?? []);
      const networks = new Set(values.map((value) => value.split('.').slice(0, 3).join('.')));
      return [cell, [...networks].join(' ')];
    }),
  );
}
