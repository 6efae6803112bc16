import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeBucket } from '../support/fake-bucket.ts';
import type { MetricLine } from './invoked.ts';
import { imported } from './invoked.ts';

const lambda = mockClient(LambdaClient);
const bucket = fakeBucket();

afterAll(() => {
  lambda.restore();
  bucket.restore();
});

beforeEach(() => {
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  bucket.objects.clear();
});
afterEach(() => vi.unstubAllEnvs());

function appended(number: number, hash: string) {
  const Keys = { pk: { S: 'CELL#use1-a' }, sk: { S: `EVENT#${String(number).padStart(12, '0')}` } };
  return {
    eventName: 'INSERT',
    dynamodb: { Keys, NewImage: { type: { S: 'PlanApplied' }, hash: { S: hash } } },
  };
}

function rewrittenIn(lines: readonly MetricLine[]): readonly unknown[] {
  return lines.flatMap((line) => ('LedgerRewritten' in line ? [line['LedgerRewritten']] : []));
}

const [FIRST, SECOND, OTHER] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];

describe('a herald with anchors', () => {
  test('keeps the hash of every event in the bucket', async () => {
    vi.stubEnv('PAWL_ANCHORS', 'pawl-anchors');
    const { invoke } = await imported('herald');
    await invoke({ Records: [appended(7, FIRST), appended(8, SECOND)] });
    expect([...bucket.objects.keys()]).toEqual([
      `use1-a/000000000007-${FIRST}`,
      `use1-a/000000000008-${SECOND}`,
    ]);
  });

  test('counts an event that took the place of another one as a rewrite of the ledger', async () => {
    vi.stubEnv('PAWL_ANCHORS', 'pawl-anchors');
    const { invoke, metrics } = await imported('herald');
    await invoke({ Records: [appended(7, FIRST)] });
    expect(rewrittenIn(metrics())).toEqual([]);
    await invoke({ Records: [appended(7, OTHER)] });
    expect(rewrittenIn(metrics())).toEqual([1]);
    expect(bucket.objects.size).toBe(2);
  });

  test('keeps nothing where the deployment has no bucket', async () => {
    const { invoke } = await imported('herald');
    await invoke({ Records: [appended(7, FIRST)] });
    expect(bucket.objects.size).toBe(0);
  });

  test('fails when the bucket cannot be reached, so that the batch comes again and then is a dead letter', async () => {
    vi.stubEnv('PAWL_ANCHORS', 'pawl-anchors');
    bucket.lose();
    const { invoke } = await imported('herald');
    await expect(invoke({ Records: [appended(7, FIRST)] })).rejects.toThrow('cannot be reached');
  });
});
