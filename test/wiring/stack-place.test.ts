import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { stackPlace } from '../../lib/wiring/stack-place.ts';

const cloudformation = mockClient(CloudFormationClient);
const StackId = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/pawl/1';

beforeEach(() => cloudformation.reset());
afterAll(() => cloudformation.restore());

function stack(outputs: Readonly<Record<string, string>>) {
  const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
  cloudformation.on(DescribeStacksCommand, { StackName: 'pawl' }).resolves({
    Stacks: [
      { StackName: 'pawl', StackId, StackStatus: 'CREATE_COMPLETE', CreationTime: new Date(0), Outputs },
    ],
  });
}

describe('a stack that is named', () => {
  test('says its table, its Region and its cells', async () => {
    stack({
      Table: 'pawl-Ledger',
      Cell0: '{"cell":"use1-a","zone":"example.test","zoneId":"Z1"}',
      Cell1: '{"cell":"euw1-a","zone":"example-eu.test","zoneId":"Z2"}',
      Names0Part0: '{"cell":"use1-a","names":["api.example.test"]}',
      Names0Part1: '{"cell":"use1-a","names":["www.example.test"]}',
      AlarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
    });
    const { table, region, cells, names } = await stackPlace('pawl', {});
    expect([...names]).toEqual([['use1-a', ['api.example.test', 'www.example.test']]]);
    expect({ table, region }).toEqual({ table: 'pawl-Ledger', region: 'eu-west-1' });
    expect([...cells.values()]).toEqual([
      { cell: 'use1-a', zone: 'example.test', zoneId: 'Z1' },
      { cell: 'euw1-a', zone: 'example-eu.test', zoneId: 'Z2' },
    ]);
  });

  test('says the newest format of the ledger that its functions read; 1 for one of before there was a second', async () => {
    stack({ Table: 'pawl-Ledger', LedgerFormat: '2' });
    expect((await stackPlace('pawl', {})).functionsRead).toBe(2);
    stack({ Table: 'pawl-Ledger' });
    expect((await stackPlace('pawl', {})).functionsRead).toBe(1);
    stack({ Table: 'pawl-Ledger', LedgerFormat: 'none' });
    expect((await stackPlace('pawl', {})).functionsRead).toBe(1);
  });

  test("is refused when it is not one of Pawl's", async () => {
    stack({ Bucket: 'something' });
    await expect(stackPlace('pawl', {})).rejects.toMatchObject({ name: 'StackUnusable' });
  });

  test('is refused when there is none', async () => {
    cloudformation
      .on(DescribeStacksCommand)
      .rejects(Object.assign(new Error('no'), { name: 'ValidationError' }));
    await expect(stackPlace('nope', {})).rejects.toThrow('There is no stack nope in this account and Region');
  });

  test('cannot be asked for without credentials, which is said', async () => {
    cloudformation
      .on(DescribeStacksCommand)
      .rejects(Object.assign(new Error('no'), { name: 'CredentialsProviderError' }));
    await expect(stackPlace('pawl', {})).rejects.toMatchObject({ name: 'NoAwsAccess' });
  });
});
