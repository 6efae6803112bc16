import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { CellName } from '../../plan/names.ts';
import { cellName } from '../../plan/names.ts';
import { LedgerUnavailable } from '../ledger.ts';
import type { LedgerRecords } from '../ledger-records.ts';
import type { TableAccess } from './calls.ts';
import { answerOf } from './calls.ts';
import { EVENT_NUMBER_MAX, eventSortKey, storedRow } from './items.ts';
import { CELLS_PARTITION, cellPartition, partitionCell } from './partitions.ts';
import { queryItems } from './query-items.ts';
import { readBody } from './stored-bodies.ts';
import type { Item } from './table-access.ts';

/** Pages of 1 MB: a terabyte. */
const SCAN_PAGES_MAX = 1_000_000;

/** The table as it is, for `verify`. */
export function dynamodbRecords(access: TableAccess, id: string): LedgerRecords {
  return {
    id,
    listedCells: () => listedCells(access),
    storedCells: () => storedCells(access),
    rows: async (cell, after, limit) => {
      const items = await queryItems(access, {
        partition: cellPartition(cell),
        between: [eventSortKey(after + 1), eventSortKey(EVENT_NUMBER_MAX)],
        order: 'forward',
        limit,
      });
      return items.map((item) => storedRow(item, cell, true));
    },
    bodyProblem: async (cell, digest) => {
      const body = await readBody(access, cell, digest);
      return body.type === 'text' ? undefined : `the body ${digest} ${body.what}`;
    },
  };
}

/** The cells in the list, in order. */
export async function listedCells(access: TableAccess): Promise<readonly CellName[]> {
  const items = await queryItems(access, {
    partition: CELLS_PARTITION,
    between: ['!', '~'],
    order: 'forward',
  });
  return items.flatMap((item) => (item['sk']?.S === undefined ? [] : [cellName(item['sk'].S)]));
}

async function storedCells(access: TableAccess): Promise<readonly string[]> {
  const cells = new Set<string>();
  let start: Item | undefined;
  for (let page = 0; page < SCAN_PAGES_MAX; page += 1) {
    const request = new ScanCommand({
      TableName: access.table,
      ConsistentRead: true,
      ProjectionExpression: 'pk',
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    const answer = await answerOf(access, () => access.client.send(request));
    for (const item of answer.Items ?? []) {
      const cell = partitionCell(item['pk']?.S ?? '');
      if (cell !== undefined) cells.add(cell);
    }
    start = answer.LastEvaluatedKey;
    if (start === undefined) return [...cells].sort();
  }
  throw new LedgerUnavailable(`The table "${access.table}" has more than ${SCAN_PAGES_MAX} pages.`);
}
