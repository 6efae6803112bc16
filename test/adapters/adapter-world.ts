import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Route53Client } from '@aws-sdk/client-route-53';
import { HttpResponse } from '@smithy/protocol-http';
import type { AppendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { appendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import type { DynamodbRequest } from '../../lib/emulator/dynamodb/dynamodb-handler.ts';
import { dynamodbRequestHandler } from '../../lib/emulator/dynamodb/dynamodb-handler.ts';
import type { WireAnswer } from '../../lib/emulator/dynamodb/strict-requests.ts';
import { answerStrictly, refusal } from '../../lib/emulator/dynamodb/strict-requests.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { Route53Error } from '../../lib/emulator/route53-error.ts';
import { errorResponse } from '../../lib/emulator/wire/answer-request.ts';
import type { EmulatedRequestHandler } from '../../lib/emulator/wire/route53-handler.ts';
import { route53RequestHandler } from '../../lib/emulator/wire/route53-handler.ts';
import { openLedger } from '../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import type { Winners } from '../../lib/ledger/memory-ledger.ts';
import type { Release } from '../../lib/ledger/stored-event.ts';
import { InvariantViolated, invariant } from '../../lib/plan/invariant.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { rateBudget } from '../../lib/runtime/rate-budget.ts';
import type { EnvironmentPorts } from '../../lib/simulator/engine/environment.ts';
import { EPOCH_MS } from '../../lib/simulator/engine/environment.ts';
import { RELEASE_BEFORE } from '../../lib/simulator/ports/releases.ts';
import { dynamodbClientDefaults } from '../../lib/wiring/connect.ts';
import { route53ClientDefaults, route53Zone } from '../../lib/zone/route53/route53-zone.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import type { SeatedTable } from './adapter-ledger.ts';
import { adapterLedger } from './adapter-ledger.ts';
import type { WireFault, WireFaults } from './wire-faults.ts';
import { createWireFaults } from './wire-faults.ts';

/** What answers the requests that a ledger's client sends for a table. */
export interface Backing {
  /** `drawn`: each run determines whether the answer to a refused put contains the item that stands there. */
  readonly winners: 'drawn' | 'withheld';
  answer(
    table: AppendOnlyTable,
    request: DynamodbRequest,
    winners: Winners,
  ): WireAnswer | Promise<WireAnswer>;
}

/** Everything behind the ports, with the production adapters and the SDK's clients and without a socket. */
export interface AdapterWorld {
  readonly ports: EnvironmentPorts;
  readonly faults: WireFaults;
  readonly winners: Backing['winners'];
  /** The number of requests so far. */
  requests(): number;
  close(): void;
}

export const TABLE = 'pawl-ledger';
const LEDGER_ID = 0x5be1c07a;
const PLACE = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
/** A clock that never waits and never advances. No run may show an adapter's own time. */
const STILL: Clock = { now: () => instant(EPOCH_MS), sleep: async () => undefined };
const READ_FAULTS: readonly WireFault[] = ['throttled', 'request lost', 'answer lost'];
/** After a doubt the adapter never sends a batch again. So only a refusal can be hidden. */
const BATCH_FAULTS: readonly WireFault[] = ['throttled'];

/** @param backing the strict stand-in unless given. */
export async function adapterWorld(backing: Backing = STAND_IN): Promise<AdapterWorld> {
  const faults = createWireFaults();
  const first: SeatedTable = { table: appendOnlyTable(), winners: 'withheld', nonces: 0 };
  let seated = first;
  let misuse: unknown;
  let requests = 0;
  const requestHandler = dynamodbRequestHandler(async (request) => {
    requests += 1;
    try {
      return await faults.carry(
        async () => await backing.answer(seated.table, request, seated.winners),
        throttledDynamodb,
      );
    } catch (error) {
      // The adapter would treat this error as a service that is away.
      if (!(error instanceof Error && 'code' in error)) misuse ??= error;
      throw error;
    }
  });
  const dynamodb = new DynamoDBClient({ ...dynamodbClientDefaults, ...PLACE, requestHandler });
  const randomness = {
    nonce: () => {
      seated.nonces += 1;
      return seated.nonces.toString(36).padStart(8, '0');
    },
    fraction: () => LEDGER_ID / 2 ** 32,
  };
  const deps = { client: dynamodb, table: TABLE, randomness, clock: STILL };
  const stored = await openLedger(deps, { cacheBytes: 0 });
  const storedBefore = await openLedger(deps, { cacheBytes: 0, release: RELEASE_BEFORE });
  const zones = zonesOnTheWire(faults, () => {
    requests += 1;
  });
  return {
    faults,
    winners: backing.winners,
    requests: () => requests,
    close: () => {
      dynamodb.destroy();
      zones.close();
    },
    ports: {
      zone: zones.zone,
      ledger: (id) => {
        invariant(id === stored.id, `this world's ledger is ${stored.id}, not ${id}`);
        const openedBy = (release: Release) => (release === RELEASE_BEFORE ? storedBefore : stored);
        return adapterLedger(openedBy, copyOf(first), async (table, possible, ask) => {
          seated = table;
          faults.call(possible);
          const answer = await settled(ask);
          if (misuse !== undefined) throw new InvariantViolated(String(misuse), { cause: misuse });
          return answer();
        });
      },
    },
  };
}

const STAND_IN: Backing = {
  winners: 'drawn',
  answer: (table, { operation, fields }, winners) => {
    const { ReturnValuesOnConditionCheckFailure: _, ...rest } = fields;
    return answerStrictly(table, TABLE, operation, winners === 'given' ? fields : rest);
  },
};

function copyOf(seated: SeatedTable): SeatedTable {
  return { ...seated, table: seated.table.clone() };
}

interface WiredZones {
  zone(core: Route53, zoneId: string): Zone;
  close(): void;
}

/** The adapter of the zone's port on any core. One client serves all of them. */
function zonesOnTheWire(faults: WireFaults, count: () => void): WiredZones {
  const handlers = new WeakMap<Route53, EmulatedRequestHandler>();
  let current: EmulatedRequestHandler | undefined;
  const requestHandler: EmulatedRequestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (request) => {
      count();
      const handler = current;
      invariant(handler !== undefined, 'a request was sent outside of a call');
      return faults.carry(() => handler.handle(request), throttledRoute53);
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
  const client = new Route53Client({ ...route53ClientDefaults, ...PLACE, requestHandler });
  const randomness = { nonce: () => '', fraction: () => 0 };
  const budget = rateBudget(
    { clock: STILL, randomness },
    { requestsPerSecond: 1, burst: Number.MAX_SAFE_INTEGER, reserve: 0 },
  );
  const settings = {
    clock: STILL,
    randomness,
    budget,
    deadlineMs: 30_000,
  };
  return {
    close: () => client.destroy(),
    zone: (core, zoneId) => {
      const adapter = route53Zone(client, zoneId, settings);
      const handler = handlers.get(core) ?? route53RequestHandler(core);
      handlers.set(core, handler);
      const ask = <T>(possible: readonly WireFault[], verb: () => Promise<T>): Promise<T> => {
        current = handler;
        faults.call(possible);
        return verb();
      };
      return {
        id: adapter.id,
        listRecords: (start, limit) => ask(READ_FAULTS, () => adapter.listRecords(start, limit)),
        change: (batch) => ask(BATCH_FAULTS, () => adapter.change(batch)),
        changeStatus: (changeId) => ask(READ_FAULTS, () => adapter.changeStatus(changeId)),
        describe: () => ask(READ_FAULTS, () => adapter.describe()),
      };
    },
  };
}

function throttledDynamodb(): WireAnswer {
  return refusal('ProvisionedThroughputExceededException', 'The level of configured throughput was exceeded');
}

function throttledRoute53(): { response: HttpResponse } {
  const { status, headers, body } = errorResponse(
    new Route53Error('Throttling', 'Rate exceeded'),
    'emulated',
  );
  const bytes = new TextEncoder().encode(body);
  return { response: new HttpResponse({ statusCode: status, headers: { ...headers }, body: bytes }) };
}

async function settled<T>(ask: () => Promise<T>): Promise<() => T> {
  try {
    const value = await ask();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
