import { gzipSync } from 'node:zlib';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openLedger } from '../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import { createLedgerTable } from '../../lib/ledger/dynamodb/table-access.ts';
import type { RunningDynalite } from '../support/dynalite.ts';
import { startDynalite } from '../support/dynalite.ts';
import { CELL, fleetDeclared } from '../support/ledger-events.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';
import { functionEnvironment } from './function-environment.ts';
import type { MetricLine } from './invoked.ts';
import { imported } from './invoked.ts';

const PREFIX = 'AWSLogs/123456789012/CloudTrail/us-east-1/';
const PASS = { trail: 'pass', at: '2026-11-28T12:00:00Z' };
const s3 = mockClient(S3Client);
let server: RunningDynalite;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  server = await startDynalite();
  const client = server.client();
  await createLedgerTable(client, 'ledger');
  await client.send(
    new CreateTableCommand({
      TableName: 'memory',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const ledger = await openLedger({ client, table: 'ledger', randomness: seededRandomness(1) });
  const body = await ledger.putBody(CELL, 'a fleet');
  const head = await ledger.head(CELL);
  await ledger.append(head, { event: fleetDeclared(body), at: Date.now(), by: 'operator:ana' });
  environment = {
    ...functionEnvironment,
    AWS_ENDPOINT_URL_DYNAMODB: server.endpoint,
    PAWL_ROLE: 'trail',
    PAWL_TRAIL: JSON.stringify({
      ...{ bucket: 'my-trail', prefixes: [PREFIX], memory: 'memory', lookBackHours: 3 },
      writers: ['arn:aws:iam::1:role/enactor'],
    }),
  };
});
afterAll(async () => {
  s3.restore();
  await server.close();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A trail with one event: somebody made a record in the cell's own subtree. */
function trailWithAHand(): void {
  const at = new Date(Date.now() - 10 * 60_000);
  const stamp = at.toISOString().replaceAll(/[-:]/g, '').slice(0, 13);
  const day = at.toISOString().slice(0, 10).replaceAll('-', '/');
  const file = `${PREFIX}${day}/123456789012_CloudTrail_us-east-1_${stamp}Z_AbCd.json.gz`;
  const record = { name: 'g000009.api.use1-a._pawl.example.test.', type: 'A', tTL: 60 };
  const resourceRecordSet = { ...record, resourceRecords: [{ value: '192.0.2.9' }] };
  const event = {
    ...{ eventSource: 'route53.amazonaws.com', eventName: 'ChangeResourceRecordSets', eventID: 'e-hand' },
    ...{ eventTime: at.toISOString(), userIdentity: { arn: 'arn:aws:iam::1:user/ana' } },
    requestParameters: {
      hostedZoneId: 'Z1',
      changeBatch: { changes: [{ action: 'CREATE', resourceRecordSet }] },
    },
  };
  s3.reset();
  s3.on(ListObjectsV2Command).callsFake(({ Prefix }: { readonly Prefix: string }) => ({
    Contents: file.startsWith(Prefix) ? [{ Key: file }] : [],
  }));
  s3.on(GetObjectCommand, { Bucket: 'my-trail', Key: file }).resolves({
    Body: { transformToByteArray: async () => gzipSync(JSON.stringify({ Records: [event] })) } as never,
  });
}

/** The values of a metric of the ledger. */
function valuesOf(lines: readonly MetricLine[], metric: string): readonly unknown[] {
  return lines.filter((line) => line['ledger'] === 'ledger' && metric in line).map((line) => line[metric]);
}

describe('the function that reads a trail', () => {
  test('logs a finding and counts it once, over two passes', async () => {
    trailWithAHand();
    const { invoke, metrics, said } = await imported('trail', environment);
    expect(await invoke(PASS)).toMatchObject({ type: 'passed', objects: 1, events: 1, found: 1, blind: [] });
    expect(said().split('"TrailFinding"')).toHaveLength(2);
    expect(said()).toContain('e-hand');
    expect(valuesOf(metrics(), 'TrailFindings')).toEqual([1]);
    expect(valuesOf(metrics(), 'TrailPasses')).toEqual([1]);
    expect(valuesOf(metrics(), 'TrailViolations')).toEqual([]);
    const [lag] = valuesOf(metrics(), 'TrailLagSeconds');
    expect(Number(lag)).toBeGreaterThanOrEqual(600);
    expect(await invoke(PASS)).toMatchObject({ found: 0 });
    expect(said().split('"TrailFinding"')).toHaveLength(2);
    // A metric that was above 0 has its 0 for an hour.
    expect(valuesOf(metrics(), 'TrailFindings')).toEqual([1, 0]);
  });

  test('fails, and has no heartbeat, where the bucket refuses', async () => {
    s3.reset();
    s3.on(ListObjectsV2Command).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    const { invoke, metrics } = await imported('trail', environment);
    await expect(invoke(PASS)).rejects.toThrow('the bucket my-trail cannot be read (AccessDenied)');
    expect(valuesOf(metrics(), 'TrailPasses')).toEqual([]);
    expect(valuesOf(metrics(), 'RunsFailed')).toEqual([1]);
  });

  test('refuses an event that is no pass, and a stack that says nothing of a trail', async () => {
    trailWithAHand();
    const { invoke } = await imported('trail', environment);
    await expect(invoke({ cell: 'use1-a', mode: 'sweep' })).rejects.toThrow('Unrecognized keys');
    const { PAWL_TRAIL: _none, ...without } = environment;
    vi.unstubAllEnvs();
    await expect(imported('trail', without)).rejects.toThrow('PAWL_TRAIL');
    await expect(imported('trail', { ...environment, PAWL_TRAIL: '{' })).rejects.toThrow(
      'not the settings of a trail',
    );
  });
});
