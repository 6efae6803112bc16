import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { tableProtections } from '../../lib/wiring/table-protections.ts';

const client = new DynamoDBClient({ region: 'us-east-1' });
const dynamodb = mockClient(client);

beforeEach(() => dynamodb.reset());

function answers(deletion: boolean | undefined, status: 'ENABLED' | 'DISABLED' | undefined): void {
  const table = deletion === undefined ? {} : { DeletionProtectionEnabled: deletion };
  dynamodb.on(DescribeTableCommand).resolves({ Table: table });
  dynamodb.on(DescribeContinuousBackupsCommand).resolves(
    status === undefined
      ? {}
      : {
          ContinuousBackupsDescription: {
            ContinuousBackupsStatus: 'ENABLED',
            PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status },
          },
        },
  );
}

describe('what protects a table', () => {
  test.each([
    [true, 'ENABLED', true, true],
    [true, 'DISABLED', true, false],
    [false, 'ENABLED', false, true],
    // An emulator that does not know of them leaves them out.
    [undefined, undefined, false, false],
  ] as const)('%s and %s', async (deletion, status, deletionProtection, pointInTimeRecovery) => {
    answers(deletion, status);
    expect(await tableProtections(client, 'pawl')).toEqual({
      table: 'pawl',
      deletionProtection,
      pointInTimeRecovery,
    });
  });

  test('is nothing where there is no table', async () => {
    const missing = new ResourceNotFoundException({ message: 'none', $metadata: {} });
    dynamodb.on(DescribeTableCommand).rejects(missing);
    expect(await tableProtections(client, 'pawl')).toBeUndefined();
  });

  test('is unknown, with the reason, where one of the two may not be asked', async () => {
    answers(true, 'ENABLED');
    const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    dynamodb.on(DescribeContinuousBackupsCommand).rejects(denied);
    expect(await tableProtections(client, 'pawl')).toEqual({
      table: 'pawl',
      deletionProtection: true,
      unknown: 'AccessDeniedException: not authorized',
    });
  });
});
