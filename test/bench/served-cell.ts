import { Route53Client } from '@aws-sdk/client-route-53';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { serveRoute53 } from '../../lib/emulator/wire/http-server.ts';
import { enact } from '../../lib/enactor/enact.ts';
import type { EnactOutcome } from '../../lib/enactor/enactor.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { instant, systemClock } from '../../lib/runtime/clock.ts';
import { systemRandomness } from '../../lib/runtime/ids.ts';
import { rateBudget } from '../../lib/runtime/rate-budget.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { guardedZone } from '../../lib/zone/guarded-zone.ts';
import { allRecords } from '../../lib/zone/read-records.ts';
import { route53ClientDefaults, route53Zone } from '../../lib/zone/route53/route53-zone.ts';
import { declareAndPlan } from '../support/declaration.ts';
import { largeFleet } from './large-fleet.ts';

const INSYNC_MS = 500;
const FOREVER_MS = 3_600_000;
const LISTS = 'ListResourceRecordSets';
const CHANGES = 'ChangeResourceRecordSets';

export interface ServedCellOptions {
  readonly endpoints: number;
  readonly targets: number;
  /** Of its log; unless given, the oldest. */
  readonly format?: number;
  /** Route 53's classic rate of 5 requests a second, kept by the emulator and by the client's own budget. */
  readonly isLimited?: boolean;
}

/** What an enactor took from begin to end. */
interface Enacted {
  readonly outcome: EnactOutcome;
  readonly seconds: number;
  readonly lists: number;
  readonly changes: number;
  /** All that it sent, with the questions whether a change is everywhere. */
  readonly requests: number;
}

/** A cell whose enactor asks the emulator through the real client and HTTP, in one process. */
export interface ServedCell {
  readonly scope: CellScope;
  /** Every record of the zone, read beside the count. */
  records(): Promise<readonly RecordSet[]>;
  /** Declares a fleet and plans it. */
  declare(change: (fleet: CellFleet) => CellFleet): Promise<void>;
  /** Runs an enactor to its end. @throws Error when its plan is not in the zone then. */
  enact(mode: 'hint' | 'sweep'): Promise<Enacted>;
  close(): Promise<void>;
}

/** A cell of so many endpoints with so many IPv4 targets each. */
export async function servedCell(options: ServedCellOptions): Promise<ServedCell> {
  const { endpoints, targets, format, isLimited = false } = options;
  const actions: string[] = [];
  let ids = 0;
  const route53 = createRoute53(
    {
      insyncDelayMs: INSYNC_MS,
      recordLimit: 50_000,
      ...(isLimited ? { throttle: { burst: 5, perSecond: 5 } } : {}),
    },
    {
      now: () => Date.now(),
      id: (prefix) => {
        ids += 1;
        return `${prefix}${String(ids).padStart(10, '0')}`;
      },
    },
  );
  const apex = largeFleet(1, 1, 1, '').zone;
  const { zone: hosted } = route53.createHostedZone({ name: apex, callerReference: 'bench' });
  const server = await serveRoute53(route53, {
    host: '127.0.0.1',
    port: 0,
    onRequest: ({ action }) => actions.push(action),
  });
  const client = new Route53Client({
    ...route53ClientDefaults,
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const fleet = largeFleet(1, endpoints, targets, hosted.id);
  const ledger = memoryLedger('5be1c07a', format === undefined ? {} : { firstFormat: format });
  const scope = { cell: fleet.cell, zone: fleet.zone, zoneId: hosted.id };
  const budget = rateBudget(
    { clock: systemClock, randomness: systemRandomness },
    isLimited
      ? { requestsPerSecond: 4.5, burst: 4, reserve: 1 }
      : { requestsPerSecond: 10_000, burst: 10_000, reserve: 0 },
  );
  const sending = { clock: systemClock, randomness: systemRandomness, budget, deadlineMs: 60_000 };
  const zone = guardedZone(route53Zone(client, hosted.id, sending), 'enactor', scope);
  const writer = { zone, scope, randomness: systemRandomness, role: 'enactor', name: 'bench' } as const;
  const settings = { insyncPollMs: INSYNC_MS, unknownChangeMs: 300_000 };
  const deps = { writer, ledger, clock: systemClock, telemetry: silentTelemetry, settings };
  return {
    scope,
    records: async () => (await allRecords(emulatedZone(route53, hosted.id))).records,
    declare: (change) => declareAndPlan({ ledger, clock: systemClock, name: 'bench' }, change(fleet)),
    enact: async (mode) => {
      actions.length = 0;
      const started = performance.now();
      const outcome = await enact(deps, { mode, deadline: instant(Date.now() + FOREVER_MS) });
      const taken = performance.now() - started;
      if (outcome.type !== 'applied' && outcome.type !== 'converged')
        throw new Error(JSON.stringify(outcome));
      const count = (wanted: string) => actions.filter((action) => action === wanted).length;
      return {
        outcome,
        seconds: taken / 1_000,
        lists: count(LISTS),
        changes: count(CHANGES),
        requests: actions.length,
      };
    },
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}
