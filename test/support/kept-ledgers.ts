import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AppendOnlyTable, WireItem } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { appendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { dynamodbRequestHandler } from '../../lib/emulator/dynamodb/dynamodb-handler.ts';
import { answerStrictly } from '../../lib/emulator/dynamodb/strict-requests.ts';
import type { StoredLedger } from '../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import { openLedger } from '../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import type { Release } from '../../lib/ledger/stored-event.ts';
import { dynamodbClientDefaults } from '../../lib/wiring/connect.ts';
import { CREDENTIALS } from './dynalite.ts';
import { seededRandomness } from './seeded-randomness.ts';

const TABLE = 'pawl';

/** A file of the ledger that a commit wrote. The repository keeps it for ever. */
export function keptFile(commit: string, path: string): string {
  return readFileSync(new URL(`../fixtures/ledgers/${commit}/${path}`, import.meta.url), 'utf8');
}

/** The table of a kept ledger, in memory. Every caller gets a copy of its own. */
export function keptTable(commit: string): AppendOnlyTable {
  const table = appendOnlyTable();
  for (const line of keptFile(commit, 'items.jsonl').trimEnd().split('\n')) {
    const item = JSON.parse(line) as WireItem;
    const [pk = '', sk = ''] = [item['pk']?.['S'], item['sk']?.['S']];
    if (!table.create({ pk, sk }, item))
      throw new Error(`${pk} ${sk} stands twice in the ledger of ${commit}`);
  }
  return table;
}

/** The items of a table, one a line, in order of their keys: as a kept ledger holds them. */
export function keptItems(table: AppendOnlyTable): string {
  const keyOf = (item: WireItem) => `${item['pk']?.['S']} ${item['sk']?.['S']}`;
  const items = [...table.all(true)].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return items.map((item) => `${JSON.stringify(item)}\n`).join('');
}

/** The ledger in a table through the SDK's client, as a release (this one unless given) reads and writes it. */
export async function ledgerIn(table: AppendOnlyTable, release?: Release): Promise<StoredLedger> {
  const client = new DynamoDBClient({
    ...dynamodbClientDefaults,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    requestHandler: dynamodbRequestHandler(({ operation, fields }) =>
      answerStrictly(table, TABLE, operation, fields),
    ),
  });
  const deps = { client, table: TABLE, randomness: seededRandomness(table.all(true).length) };
  return openLedger(deps, { cacheBytes: 0, ...(release && { release }) });
}
