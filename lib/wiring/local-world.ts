import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Route53Client } from '@aws-sdk/client-route-53';
import { createLedgerTable } from '../ledger/dynamodb/table-access.ts';
import { InvalidValue } from '../plan/invariant.ts';
import { NEWEST_LEDGER_FORMAT } from '../plan/stored-format.ts';
import type { Surveys } from '../preflight/survey.ts';
import { NotAsked } from '../preflight/survey.ts';
import type { Clock } from '../runtime/clock.ts';
import type { RateSettings } from '../runtime/rate-budget.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { route53ClientDefaults } from '../zone/route53/route53-zone.ts';
import { fileAnchors } from './anchor-file.ts';
import { connect, dynamodbClientDefaults } from './connect.ts';
import { cutLeases } from './lease-cuts.ts';
import { unaskedNames } from './name-survey.ts';
import { operatorName } from './operator-name.ts';
import type { World } from './world.ts';
import type { WorldFacts } from './world-file.ts';
import { readWorldFile } from './world-file.ts';

/** The servers of a local world know no accounts; a signature needs some key all the same. */
const CREDENTIALS = { accessKeyId: 'pawl', secretAccessKey: 'pawl' };
/** Nobody shares the emulator's rate; the bound slows down a runaway loop. */
const LOCAL_RATE: RateSettings = { requestsPerSecond: 100, burst: 200, reserve: 20 };
const REQUEST_DEADLINE_MS = 10_000;
/** The shortest that there is: nobody pays for it, and somebody waits. */
const LOCAL_PERIOD_MS = 20_000;

export interface LocalConnection {
  /** Who acts, in events and fences; the person at this machine unless given. */
  readonly name?: string;
  readonly clock?: Clock;
  readonly telemetry?: Telemetry;
  /** How long a request to Route 53 is tried again, milliseconds; 10 s unless given. */
  readonly requestDeadlineMs?: number | undefined;
  /** Requests to Route 53; unless given, a rate that only a runaway loop reaches. */
  readonly rate?: RateSettings | undefined;
}

/** The local world of the folder, found through its world.json; undefined when none is running there. @throws WorldFileUnreadable. */
export async function localWorld(folder: string, as: LocalConnection = {}): Promise<World | undefined> {
  const facts = await readWorldFile(folder);
  return facts === undefined ? undefined : connectLocally(folder, facts, as);
}

const unasked = async () => {
  throw new NotAsked('a local world has no such service');
};
/** A local world is Route 53, DNS and DynamoDB: a preflight can ask it about its zones alone. */
const LOCAL_SURVEYS: Omit<Surveys, 'zones'> = {
  account: {
    stack: unasked,
    concurrency: unasked,
    mayAssume: unasked,
    subscriptions: unasked,
    loadBalancers: unasked,
  },
  names: unaskedNames('nobody delegates to a local world'),
};

/** Clients of its own to the servers of a local world, for a command or for one role. */
export function connectLocally(folder: string, facts: WorldFacts, as: LocalConnection = {}): World {
  const { region } = facts;
  const world = connect({
    kind: 'local',
    title: `local world of process ${facts.process.pid} (${folder})`,
    operator: as.name ?? operatorName(),
    route53: new Route53Client({
      ...route53ClientDefaults,
      endpoint: facts.route53,
      region,
      credentials: CREDENTIALS,
    }),
    dynamodb: dynamodbOf(facts),
    table: facts.table,
    leasesTable: leasesTableOf(facts),
    rate: as.rate ?? LOCAL_RATE,
    requestDeadlineMs: as.requestDeadlineMs ?? REQUEST_DEADLINE_MS,
    dns: facts.dns,
    around: LOCAL_SURVEYS,
    // One process of this release runs everything.
    functionsRead: NEWEST_LEDGER_FORMAT,
    clock: as.clock,
    telemetry: as.telemetry,
  });
  const leases = world.leases === undefined ? undefined : cutLeases(world.leases, folder);
  return {
    ...world,
    leases,
    leasePeriodMs: LOCAL_PERIOD_MS,
    anchors: { own: fileAnchors(folder) },
    // Loaded when it is asked for: few commands read a trail.
    trail: async () => (await import('./local-trail.ts')).localTrailFiles(folder),
    clientAt: (place) => clientIn(folder, place),
  };
}

/** Loaded when it is asked for: few commands need places. @throws InvalidValue when the file of places cannot be read. */
async function clientIn(folder: string, place: string): Promise<string | undefined> {
  const { placesFile, readPlaces } = await import('../emulator/places/place-file.ts');
  const { PlacesUnreadable } = await import('../emulator/places/places.ts');
  const { clientAt } = await import('../emulator/places/client-at.ts');
  try {
    return clientAt(await readPlaces(placesFile(folder)), place);
  } catch (error) {
    if (error instanceof PlacesUnreadable) throw new InvalidValue(error.message, { cause: error });
    throw error;
  }
}

/** Makes the ledger's table and that of leases in the local world's DynamoDB, if they are not there. @throws LedgerUnavailable. */
export async function createLocalTable(facts: WorldFacts): Promise<void> {
  const client = dynamodbOf(facts);
  try {
    await createLedgerTable(client, facts.table);
    // Its key is the ledger's.
    await createLedgerTable(client, leasesTableOf(facts));
  } finally {
    client.destroy();
  }
}

function leasesTableOf({ table }: WorldFacts): string {
  return `${table}-leases`;
}

function dynamodbOf({ dynamodb, region }: WorldFacts): DynamoDBClient {
  return new DynamoDBClient({
    ...dynamodbClientDefaults,
    endpoint: dynamodb,
    region,
    credentials: CREDENTIALS,
  });
}
