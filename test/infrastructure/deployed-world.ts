import type { Template } from 'aws-cdk-lib/assertions';
import { vi } from 'vitest';
import { readFence } from '../../lib/cell/fence-reader.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import { serveRoute53 } from '../../lib/emulator/wire/http-server.ts';
import { serialiseCellFleet } from '../../lib/fleet/cell-fleet-codec.ts';
import { dynamodbLeases } from '../../lib/lease/dynamodb/dynamodb-leases.ts';
import type { LeaseTable } from '../../lib/lease/lease-table.ts';
import type { Command } from '../../lib/ledger/decider/commands.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { openLedger } from '../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import { createLedgerTable } from '../../lib/ledger/dynamodb/table-access.ts';
import { execute } from '../../lib/ledger/execute.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord } from '../../lib/plan/fence.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import type { Change, RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { RoleName } from '../../lib/roles.ts';
import { ROLES } from '../../lib/roles.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { systemRandomness } from '../../lib/runtime/ids.ts';
import type { MetricLine } from '../functions/invoked.ts';
import { imported } from '../functions/invoked.ts';
import { startDynalite } from '../support/dynalite.ts';
import { asking } from '../support/ledger-events.ts';
import { ACCOUNT, denied, deployedPolicies } from '../support/policy-evaluation.ts';
import type { RecordedCall } from '../support/recorded-calls.ts';
import { recordCalls } from '../support/recorded-calls.ts';
import type { FaultyWire } from './faulty-wire.ts';
import { faultyWire } from './faulty-wire.ts';
import { environments } from './resolved-template.ts';

/** The functions of a synthesised stack, in front of emulated services, and what a hand can do to these. */
export interface DeployedWorld {
  readonly scope: CellScope;
  readonly ledger: Ledger;
  /** The stack's table of leases. */
  readonly leases: LeaseTable;
  /** Between the functions and the services. The last one is of everything else that they call: Lambda, load balancers. */
  readonly wires: Readonly<Record<'dynamodb' | 'route53' | 'others', FaultyWire>>;
  /** Appends an event to the cell's log, as of so many minutes ago. */
  record(event: LedgerEvent, minutesAgo?: number): Promise<void>;
  declare(fleet: CellFleet): Promise<void>;
  /** Sets the clock of everything forward. */
  letPass(minutes: number): void;
  /** One invocation of a worker's function. Its error, if it throws. */
  invoke(worker: string, event: unknown, remainingMs?: number): Promise<unknown>;
  /** One sweep of the cell by a worker. */
  sweep(worker: string): Promise<unknown>;
  fence(): Promise<Fence>;
  /** Puts another fence in the fence's place. */
  putFence(fence: Fence): Promise<void>;
  /** Puts records into the zone, by hand, in one batch. */
  plant(...records: readonly RecordSet[]): Promise<void>;
  /** Every metric that any function has published, or that one worker has. */
  metrics(worker?: string): readonly MetricLine[];
  /** Every call that any function has made, by its worker. */
  calls(): readonly RecordedCall[];
  /** Those of the calls that the stack's policies do not allow to the function that made them. */
  denied(): Promise<readonly RecordedCall[]>;
  close(): Promise<void>;
}

interface Deployed {
  readonly template: Template;
  /** Each cell with its zone, as the stack was made with. */
  readonly cells: Readonly<Record<string, { readonly zone: string; readonly zoneId: string }>>;
}

/** @param cell the cell that the world's verbs are about. */
export async function deployedWorld({ template, cells }: Deployed, scope: CellScope): Promise<DeployedWorld> {
  const dynalite = await startDynalite();
  const core = emulatedAccount(cells);
  const served = await serveRoute53(core, { port: 0 });
  const wires = {
    dynamodb: await faultyWire(dynalite.endpoint),
    route53: await faultyWire(served.url),
    others: await faultyWire(undefined),
  };
  const workers = environments(template);
  const table = workers.get('planner')?.['PAWL_TABLE'] ?? '';
  const client = dynalite.client();
  await createLedgerTable(client, table);
  // Its key is the ledger's.
  const leasesTable = workers.get('planner')?.['PAWL_LEASES'] ?? '';
  await createLedgerTable(client, leasesTable);
  const ledger = await openLedger({ client, table, randomness: systemRandomness, clock: systemClock });
  const zone = emulatedZone(core, scope.zoneId);
  const functions = new Map<string, Awaited<ReturnType<typeof imported>>>();
  const recorder = recordCalls();
  const functionOf = async (worker: string) => {
    const known =
      functions.get(worker) ?? (await imported(entryOf(worker), environmentOf(workers, worker, wires)));
    functions.set(worker, known);
    return known;
  };
  const record = async (event: LedgerEvent, minutesAgo = 0): Promise<void> => {
    const at = () => Date.now() - minutesAgo * 60_000;
    const outcome = await execute(
      ledger,
      scope.cell,
      { at, by: 'operator-ana' },
      (): Command => asking(event),
    );
    if (outcome.type !== 'appended') throw new Error(`${event.type} is ${outcome.type}`);
  };
  const change = async (changes: readonly Change[]): Promise<void> => {
    const outcome = await zone.change({ kind: 'scratch', changes, comment: 'a hand' });
    if (outcome.type !== 'accepted') throw new Error(`a hand could not write: ${outcome.reason}`);
  };
  const invoke: DeployedWorld['invoke'] = async (worker, event, remainingMs) => {
    try {
      const { invoke: run } = await functionOf(worker);
      return await recorder.as(worker, () => run(event, remainingMs));
    } catch (error) {
      return error;
    }
  };
  return {
    scope,
    ledger,
    leases: dynamodbLeases(client, leasesTable),
    wires,
    record,
    declare: async (fleet) => {
      const digest = await ledger.putBody(scope.cell, canonicalJson(serialiseCellFleet(fleet)));
      const { zone: name, zoneId, policy, endpoints, targets } = fleet;
      const counts = { endpoints: endpoints.length, targets: targets.length };
      await record({ type: 'FleetDeclared', digest, zone: name, zoneId, policy, ...counts });
    },
    letPass: (minutes) => {
      const now = Date.now() + minutes * 60_000;
      vi.useFakeTimers({ toFake: ['Date'], now });
    },
    invoke,
    sweep: (worker) => invoke(worker, { cell: scope.cell, mode: 'sweep' }),
    fence: async () => {
      const reading = await readFence(zone, scope);
      if (reading.type !== 'fence') throw new Error(`the fence is ${reading.type}`);
      return reading.fence;
    },
    putFence: async (fence) => {
      const { records } = await readFence(zone, scope);
      await change([...records.map(remove), create(fenceRecord(fence, scope))]);
    },
    plant: (...planted) => change(planted.map(create)),
    metrics: (only) =>
      [...functions].flatMap(([worker, each]) =>
        only === undefined || only === worker ? each.metrics() : [],
      ),
    calls: () => recorder.calls(),
    denied: () => deniedTo(template, recorder.calls()),
    close: async () => {
      recorder.stop();
      vi.useRealTimers();
      for (const wire of Object.values(wires)) await wire.close();
      await served.close();
      await dynalite.close();
    },
  };
}

/** An account with the hosted zones of the cells, under the ids that the stack knows. */
function emulatedAccount(cells: Deployed['cells']) {
  const zones = Object.values(cells);
  const zoneIds = zones.map(({ zoneId }) => zoneId);
  let ids = 0;
  const id = (prefix: string): string => {
    const zoneId = prefix === 'Z' ? zoneIds.shift() : undefined;
    ids += 1;
    return zoneId ?? `${prefix}${String(ids).padStart(12, '0')}`;
  };
  const core = createRoute53(PROMPT_ROUTE53, { now: () => Date.now(), id });
  for (const { zone } of zones) core.createHostedZone({ name: zone, callerReference: zone });
  return core;
}

async function deniedTo(
  template: Template,
  calls: readonly RecordedCall[],
): Promise<readonly RecordedCall[]> {
  const policies = deployedPolicies(template);
  const each = [...Map.groupBy(calls, ({ who }) => who)].map(([worker, made]) =>
    denied(policies.ofFunction(constructOf(worker)), made),
  );
  return (await Promise.all(each)).flat();
}

/** The construct of a worker: `enactor-a` is EnactorA. */
function constructOf(worker: string): string {
  return worker.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The file of functions/ that a worker runs. */
function entryOf(worker: string): RoleName | 'herald' {
  return ROLES.find(({ name }) => worker === name || worker.startsWith(`${name}-`))?.name ?? 'herald';
}

/** What the stack gives to a worker, and what Lambda does; every service is at the end of its wire. */
function environmentOf(
  workers: ReturnType<typeof environments>,
  worker: string,
  { dynamodb, route53, others }: DeployedWorld['wires'],
): Readonly<Record<string, string>> {
  const own = workers.get(worker);
  if (own === undefined) throw new Error(`The stack has no function ${worker}.`);
  return {
    ...own,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: others.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_ENDPOINT_URL_ROUTE_53: route53.url,
    // What the stack gives is enough for an account with one user; a test need not wait for it.
    PAWL_RATE: '{"requestsPerSecond":1000,"burst":1000,"reserve":0}',
    PAWL_INSYNC_POLL_MS: '10',
    ...(own['PAWL_SUCCESSORS'] === undefined
      ? {}
      : { PAWL_SUCCESSORS: `${others.url}/${ACCOUNT}/${own['PAWL_SUCCESSORS']}` }),
    POWERTOOLS_TRACE_ENABLED: 'false',
  };
}
