import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { appendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { dynamodbRequestHandler } from '../../lib/emulator/dynamodb/dynamodb-handler.ts';
import { answerStrictly } from '../../lib/emulator/dynamodb/strict-requests.ts';
import { openLedger } from '../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import { createLedgerTable } from '../../lib/ledger/dynamodb/table-access.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import type { LedgerRecords } from '../../lib/ledger/ledger-records.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { dynamodbClientDefaults } from '../../lib/wiring/connect.ts';
import { CREDENTIALS, startDynalite } from '../support/dynalite.ts';
import { LEDGER } from '../support/ledger-events.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';

const TABLE = 'pawl-ledger';

/** A fresh, empty ledger, seen by two processes. */
export interface OpenedLedger {
  readonly ledger: Ledger & { readonly records: LedgerRecords };
  /** The same ledger as another process has it open. */
  readonly other: Ledger & { readonly records: LedgerRecords };
  /** Whether the store says who won. */
  readonly winners: 'given' | 'withheld';
  close(): Promise<void>;
}

export async function openMemory(): Promise<OpenedLedger> {
  const ledger = memoryLedger(LEDGER, { winners: 'given' });
  return { ledger, other: ledger, winners: 'given', close: async () => {} };
}

export async function openDynamo(): Promise<OpenedLedger> {
  const dynalite = await startDynalite();
  return openDynamodb({ ...dynalite, table: TABLE, winners: 'withheld' });
}

/** A service that speaks DynamoDB's protocol, with a table of this name that is not there yet. */
interface DynamodbPlace extends Pick<OpenedLedger, 'winners' | 'close'> {
  readonly table: string;
  client(): DynamoDBClient;
}

export async function openDynamodb({ client, table, winners, close }: DynamodbPlace): Promise<OpenedLedger> {
  await createLedgerTable(client(), table);
  const ledger = await openLedger({ client: client(), table, randomness: seededRandomness(1) });
  const other = await openLedger({ client: client(), table, randomness: seededRandomness(2) });
  return { ledger, other, winners, close };
}

/** On the strict stand-in, in this process: every page is a small one, and no other request than a ledger's is known. */
export async function openStrict(): Promise<OpenedLedger> {
  const table = appendOnlyTable();
  const client = new DynamoDBClient({
    ...dynamodbClientDefaults,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    requestHandler: dynamodbRequestHandler(({ operation, fields }) =>
      answerStrictly(table, TABLE, operation, fields),
    ),
  });
  const ledger = await openLedger({ client, table: TABLE, randomness: seededRandomness(1) });
  const other = await openLedger({ client, table: TABLE, randomness: seededRandomness(2) });
  return { ledger, other, winners: 'given', close: async () => client.destroy() };
}
