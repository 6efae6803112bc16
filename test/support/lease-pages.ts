import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HttpResponse } from '@smithy/protocol-http';
import type { HttpHandlerOptions, HttpRequest } from '@smithy/types';
import { z } from 'zod';
import { dynamodbLeases } from '../../lib/lease/dynamodb/dynamodb-leases.ts';
import type { LeaseItem } from '../../lib/lease/dynamodb/lease-items.ts';
import { rowItem, TICK_KEY, tickItem } from '../../lib/lease/dynamodb/lease-items.ts';
import { leasePartition } from '../../lib/lease/dynamodb/lease-partition.ts';
import type { LeaseRow } from '../../lib/lease/lease-row.ts';
import type { Tick } from '../../lib/lease/lease-rule.ts';
import type { HearingZone, LeaseTable } from '../../lib/lease/lease-table.ts';
import { CREDENTIALS } from './dynalite.ts';
import { itemBytes, readUnitsOf } from './lease-units.ts';

/** DynamoDB ends a page of a query with the item that makes it 1 MB (Developer Guide, "Paginating table query results"). */
const PAGE_BYTES = 1_048_576;
const TABLE = 'leases';

/** A zone as it stands: nobody writes to it. */
export interface StandingZone {
  readonly zone: HearingZone;
  readonly tick: Tick;
  /** In order of group. */
  readonly rows: readonly LeaseRow[];
}

/** What the reads of a table have cost so far. */
export interface ReadCounts {
  requests: number;
  pages: number;
  units: number;
}

/** A request as the client sends it; only the two reads of leases are served. */
const requestShape = z.union([
  z.object({ Key: z.object({ pk: z.object({ S: z.string() }) }), ConsistentRead: z.literal(true) }),
  z.object({
    ExpressionAttributeValues: z.object({
      ':pk': z.object({ S: z.string() }),
      ':after': z.object({ S: z.string() }),
    }),
    ConsistentRead: z.literal(true),
  }),
]);

interface Answer {
  readonly body: Uint8Array;
  readonly units: number;
}

/**
 * A table of leases that cannot be written, behind the real client and its wire format, without a network: pages of 1 MB,
 * and the units that DynamoDB would bill. All answers are made before the first request.
 */
export function standingLeases(zones: readonly StandingZone[]): { leases: LeaseTable; counts: ReadCounts } {
  const counts: ReadCounts = { requests: 0, pages: 0, units: 0 };
  const ticks = new Map(
    zones.map(({ zone, tick }) => {
      const item = tickItem(zone, tick);
      return [leasePartition(zone), answerOf({ Item: wired(item) }, itemBytes(item))] as const;
    }),
  );
  const pages = new Map(zones.flatMap(pagesOf));
  const answerTo = (request: z.infer<typeof requestShape>): Answer | undefined => {
    if ('Key' in request) return ticks.get(request.Key.pk.S);
    counts.pages += 1;
    const { ':pk': pk, ':after': after } = request.ExpressionAttributeValues;
    return pages.get(pageKey(pk.S, after.S));
  };
  const handle = async (request: HttpRequest, _?: HttpHandlerOptions) => {
    const answer = answerTo(requestShape.parse(JSON.parse(new TextDecoder().decode(request.body))));
    if (answer === undefined) throw new Error('Nobody asks for this page of leases.');
    counts.requests += 1;
    counts.units += answer.units;
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    return { response: new HttpResponse({ statusCode: 200, headers, body: answer.body }) };
  };
  const client = new DynamoDBClient({
    ...{ region: 'us-east-1', credentials: CREDENTIALS, maxAttempts: 1 },
    requestHandler: { handle, updateHttpClientConfig: () => undefined, httpHandlerConfigs: () => ({}) },
  });
  return { leases: dynamodbLeases(client, TABLE), counts };
}

function pagesOf({ zone, rows }: StandingZone): readonly (readonly [string, Answer])[] {
  const pk = leasePartition(zone);
  const pages: (readonly [string, Answer])[] = [];
  let [after, bytes, items] = [TICK_KEY, 0, [] as LeaseItem[]];
  for (const [index, row] of rows.entries()) {
    const item = rowItem(zone, row);
    items.push(item);
    bytes += itemBytes(item);
    const isLast = index === rows.length - 1;
    if (bytes < PAGE_BYTES && !isLast) continue;
    const next = isLast ? {} : { LastEvaluatedKey: { pk: { S: pk }, sk: { S: row.group } } };
    pages.push([pageKey(pk, after), answerOf({ Items: items.map(wired), ...next }, bytes)]);
    [after, bytes, items] = [row.group, 0, []];
  }
  return pages;
}

function pageKey(pk: string, after: string): string {
  return `${pk} ${after}`;
}

function answerOf(output: object, bytes: number): Answer {
  return { body: Buffer.from(JSON.stringify(output)), units: readUnitsOf(bytes) };
}

/** Bytes go over the wire in base64. */
function wired(item: LeaseItem): object {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') },
    ]),
  );
}
