import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { LedgerUnavailable } from '../ledger.ts';
import type { TableAccess } from './calls.ts';
import { answerOf } from './calls.ts';
import type { Item } from './table-access.ts';

/** A page holds up to 1 MB; DynamoDB is taken to be in an endless loop when one answer has more pages than this. */
const PAGES_MAX = 2_000;

export interface ItemsQuery {
  readonly partition: string;
  /** The lowest and the highest sort key. */
  readonly between: readonly [string, string];
  readonly order: 'forward' | 'backward';
  /** At most so many items; without it all of them. */
  readonly limit?: number;
  /** The attributes wanted; without it all of them. */
  readonly attributes?: readonly string[];
}

/**
 * The items of a partition between two sort keys, strongly consistent, from as many pages as it takes.
 *
 * @throws LedgerUnavailable and LedgerUnusable.
 */
export async function queryItems(access: TableAccess, query: ItemsQuery): Promise<readonly Item[]> {
  const items: Item[] = [];
  const input = queryInput(access.table, query);
  let start: Item | undefined;
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const left = query.limit === undefined ? {} : { Limit: query.limit - items.length };
    const from = start === undefined ? {} : { ExclusiveStartKey: start };
    const command = new QueryCommand({ ...input, ...left, ...from });
    const answer = await answerOf(access, () => access.client.send(command));
    if (answer.Items === undefined)
      throw new LedgerUnavailable(
        `The ledger's table "${access.table}" cannot be read: an answer came that is not DynamoDB's, a page without its items, perhaps a proxy's.`,
      );
    items.push(...answer.Items);
    start = answer.LastEvaluatedKey;
    if (start === undefined || (query.limit !== undefined && items.length >= query.limit)) return items;
  }
  throw new LedgerUnavailable(`A read of the table "${access.table}" did not end after ${PAGES_MAX} pages.`);
}

function queryInput(table: string, { partition, between, order, attributes }: ItemsQuery): QueryCommandInput {
  const names = Object.fromEntries((attributes ?? []).map((name) => [`#${name}`, name]));
  return {
    TableName: table,
    ConsistentRead: true,
    ScanIndexForward: order === 'forward',
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :low AND :high',
    ExpressionAttributeValues: {
      ':pk': { S: partition },
      ':low': { S: between[0] },
      ':high': { S: between[1] },
    },
    ...(attributes === undefined
      ? {}
      : { ProjectionExpression: Object.keys(names).join(', '), ExpressionAttributeNames: names }),
  };
}
