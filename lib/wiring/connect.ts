import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { Route53Client } from '@aws-sdk/client-route-53';
import manifest from '../../package.json' with { type: 'json' };
import { dynamodbLeases } from '../lease/dynamodb/dynamodb-leases.ts';
import { FORMATS } from '../ledger/decider/formats.ts';
import { openLedger } from '../ledger/dynamodb/dynamodb-ledger.ts';
import type { Surveys, ZoneSurvey } from '../preflight/survey.ts';
import type { Clock } from '../runtime/clock.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandomness } from '../runtime/ids.ts';
import type { RateSettings, Urgency } from '../runtime/rate-budget.ts';
import { rateBudget } from '../runtime/rate-budget.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import { route53Quota } from '../zone/route53/route53-quota.ts';
import { route53Zone } from '../zone/route53/route53-zone.ts';
import type { DeployedCells, ZoneRole } from './deployed-cells.ts';
import { serversOfZone } from './name-servers.ts';
import { tableProtections } from './table-protections.ts';
import type { VerifiableLedger, World } from './world.ts';
import type { ZoneClients } from './zone-clients.ts';
import { zoneClients } from './zone-clients.ts';
import { zoneIds } from './zone-ids.ts';
import { route53Survey } from './zone-survey.ts';

/**
 * Settings that every DynamoDB client of Pawl's must have: an attempt that the SDK repeats by itself could lose to
 * its own first one, and its clock-skew correction sends a refused request again.
 */
export const dynamodbClientDefaults = {
  maxAttempts: 1,
  disableClockSkewCorrection: true,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
} as const satisfies DynamoDBClientConfig;

/** What a world is made of. Every role of a local world has one of its own, as functions in AWS have. */
export interface Connection {
  readonly kind: World['kind'];
  readonly title: string;
  readonly operator: string;
  readonly route53: Route53Client;
  /** Makes the client of a role of another account; absent where roles have no meaning. */
  readonly assumed?: ((role: ZoneRole) => Route53Client) | undefined;
  /** The cells of the stack, which name the roles of their zones. */
  readonly cells?: DeployedCells | undefined;
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
  /** The table of leases; absent where nothing names one. */
  readonly leasesTable?: string | undefined;
  /** This process's part of the account's Route 53 rate. */
  readonly rate: RateSettings;
  /** Whether everything that this process asks Route 53 is urgent, as a person's command is; `routine` unless given. */
  readonly urgency?: Urgency | undefined;
  /** How long one request to Route 53 may wait for the rate and be tried again, milliseconds. */
  readonly requestDeadlineMs: number;
  /** The machine's own when absent. */
  readonly clock?: Clock | undefined;
  /** Silent when absent. */
  readonly telemetry?: Telemetry | undefined;
  readonly dns?: World['dns'];
  readonly functionsRead?: World['functionsRead'];
  /** What a preflight asks beside Route 53; absent where nobody makes one. */
  readonly around?: Omit<Surveys, 'zones'> | undefined;
}

/** A world over clients that are already made; closing it destroys them. */
export function connect(connection: Connection): World {
  const { kind, title, operator, dynamodb, table, leasesTable, dns, functionsRead, cells, around } =
    connection;
  const route53 = zoneClients(connection.route53, cells, connection.assumed);
  const clock = connection.clock ?? systemClock;
  const telemetry = connection.telemetry ?? silentTelemetry;
  const budget = rateBudget({ clock, randomness: systemRandomness }, connection.rate);
  const caller = {
    clock,
    randomness: systemRandomness,
    budget,
    urgency: connection.urgency ?? 'routine',
    deadlineMs: connection.requestDeadlineMs,
  };
  let opened: Promise<VerifiableLedger> | undefined;
  return {
    kind,
    title,
    operator,
    clock,
    telemetry,
    randomness: systemRandomness,
    dns,
    functionsRead,
    ledger: () => {
      opened ??= openLedger(
        { client: dynamodb, table, randomness: systemRandomness, clock },
        { release: { formats: FORMATS, pawl: manifest.version } },
      );
      // A failure is not remembered: a ledger that was down may be up at the next call.
      opened.catch(() => {
        opened = undefined;
      });
      return opened;
    },
    leases: leasesTable === undefined ? undefined : dynamodbLeases(dynamodb, leasesTable),
    tableProtections: kind === 'aws' ? () => tableProtections(dynamodb, table) : undefined,
    zone: (zoneId) => {
      const { reads, writes } = route53.of(zoneId);
      const settings = { ...caller, telemetry };
      const zone = route53Zone(reads, zoneId, settings);
      return reads === writes ? zone : { ...zone, change: route53Zone(writes, zoneId, settings).change };
    },
    quota: (zoneId) => route53Quota(route53.of(zoneId).reads, zoneId, { ...caller, telemetry }),
    zoneIds: (names) => zoneIds(route53.own, names, { ...caller, cells }),
    surveys: around === undefined ? undefined : { ...around, zones: surveyOf(route53) },
    nameServers:
      around === undefined
        ? undefined
        : (zone) => {
            const { reads } = route53.of(zone.zoneId);
            return serversOfZone({ zones: route53Survey(() => reads), names: around.names }, zone);
          },
    close: async () => {
      route53.destroy();
      dynamodb.destroy();
    },
  };
}

/** A preflight names the role of each zone itself: it comes before the stack that would name them. */
function surveyOf(clients: ZoneClients): ZoneSurvey {
  return route53Survey(({ readerRoleArn: arn, externalId }) =>
    clients.through(arn === undefined ? undefined : { arn, externalId }),
  );
}
