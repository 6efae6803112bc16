import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { openDynamodb } from '../contracts/ledger-adapters.ts';
import { ledgerContract } from '../contracts/ledger-contract.ts';
import { CREDENTIALS } from '../support/dynalite.ts';
import type { RunningDynamodb } from './dynamodb-local.ts';
import { startDynamodbLocal } from './dynamodb-local.ts';

let dynamodb: RunningDynamodb;
let tables = 0;

beforeAll(async () => {
  dynamodb = await startDynamodbLocal();
});

afterAll(() => dynamodb?.end());

ledgerContract('openLedger on DynamoDB Local', () => {
  const clients: DynamoDBClient[] = [];
  const client = () => {
    const region = 'us-east-1';
    const made = new DynamoDBClient({
      endpoint: dynamodb.url,
      region,
      credentials: CREDENTIALS,
      maxAttempts: 1,
    });
    clients.push(made);
    return made;
  };
  tables += 1;
  return openDynamodb({
    client,
    table: `pawl-ledger-${tables}`,
    winners: 'given',
    close: async () => {
      for (const each of clients) each.destroy();
    },
  });
});
