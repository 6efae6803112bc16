// @module-tag slow
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  CancelUpdateStackCommand,
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListHostedZonesCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Route53Server } from '../../lib/emulator/wire/http-server.ts';
import { emulatedRoute53 } from '../aws/emulated-route53.ts';
import { EXPECTED_STEPS, expectedText } from '../aws/real/expected-steps.ts';
import type { DoctorAnswer, RealRunDeps } from '../aws/real/real-run.ts';
import { cleanUpRuns, realRun } from '../aws/real/real-run.ts';
import { makeScratchZone, scratchZones } from '../aws/real/scratch-zone.ts';
import { removeStack } from '../aws/real/stack-remains.ts';
import 'aws-sdk-client-mock-vitest/extend';

const RUN = '0a1b2c3d';
const ZONE = `pawl-${RUN}.example`;
const RUNNER = fileURLToPath(new URL('../aws/run.ts', import.meta.url));
const SAFE: DoctorAnswer = {
  verdict: 'safe',
  checks: [
    { id: 're-assertion', result: 'holds', detail: 'seen' },
    { id: 'order', result: 'holds', detail: 'seen' },
  ],
};

let server: Route53Server;
let route53: Route53Client;

beforeEach(async () => {
  server = await emulatedRoute53();
  const credentials = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' };
  for (const [name, value] of Object.entries({ ...credentials, AWS_ENDPOINT_URL_ROUTE_53: server.url }))
    vi.stubEnv(name, value);
  route53 = new Route53Client({});
});
afterEach(async () => {
  route53.destroy();
  await server.close();
});

async function zoneNames(): Promise<readonly string[]> {
  const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
  return HostedZones.map(({ Name = '' }) => Name);
}

/** Puts an alias and what it points at into the scratch zone, as functions do. */
async function fill(): Promise<void> {
  const [zone] = await scratchZones(route53);
  const Type = 'A' as const;
  const alias = { HostedZoneId: zone?.id ?? '', DNSName: `tree.${ZONE}`, EvaluateTargetHealth: false };
  const tree = { Name: `tree.${ZONE}`, Type, TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] };
  const Changes = [tree, { Name: ZONE, Type, AliasTarget: alias }].map((ResourceRecordSet) => ({
    Action: 'CREATE' as const,
    ResourceRecordSet,
  }));
  await route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zone?.id, ChangeBatch: { Changes } }),
  );
}

function world(more: Partial<RealRunDeps> = {}) {
  const printed: string[] = [];
  const stacks: string[] = [];
  const deps: RealRunDeps = {
    route53,
    doctor: async () => SAFE,
    suite: async () => {
      await fill();
      return [{ name: 'a freeze stops a change in flight', status: 'passed' }];
    },
    removeStack: async (name) => {
      stacks.push(name);
    },
    sleep: async () => undefined,
    print: (text) => printed.push(text),
    stop: new AbortController().signal,
    ...more,
  };
  return { deps, stacks, printed: () => printed.join('\n') };
}

describe('a run in a real account', () => {
  test('makes a zone of its own, says what it has shown, and leaves nothing', async () => {
    const { deps, stacks, printed } = world();
    expect(await realRun(deps, RUN)).toBe(0);
    expect(await zoneNames()).toEqual([]);
    expect(stacks).toEqual([`pawl-real-${RUN}`]);
    expect(printed()).toContain('DELETE and CREATE of the identical record in one batch: holds (seen)');
    expect(printed()).toContain('weighted records with several values: not asked');
    expect(printed()).toContain('passed: a freeze stops a change in flight');
  });

  test('that fails leaves nothing either, and says why it failed', async () => {
    const suite = async () => {
      await fill();
      throw new Error('the deployment was refused');
    };
    const { deps, printed } = world({ suite });
    expect(await realRun(deps, RUN)).toBe(1);
    expect(await zoneNames()).toEqual([]);
    expect(printed()).toContain('Not as it should be: the deployment was refused.');
  });

  test('with a step that failed, or a doctor who does not find it safe, is not as it should be', async () => {
    const broken = world({ suite: async () => [{ name: 'a step', status: 'failed' }] });
    expect(await realRun(broken.deps, RUN)).toBe(1);
    const reduced = world({ doctor: async () => ({ ...SAFE, verdict: 'reduced' }) });
    expect(await realRun(reduced.deps, RUN)).toBe(1);
    expect(reduced.printed()).toContain('finds this Route 53 reduced');
  });

  test('that is interrupted in the middle of its work removes what it made', async () => {
    const stop = new AbortController();
    const suite = async () => {
      await fill();
      stop.abort();
      throw new Error('killed');
    };
    const { deps, stacks, printed } = world({ suite, stop: stop.signal });
    expect(await realRun(deps, RUN)).toBe(1);
    expect([await zoneNames(), stacks]).toEqual([[], [`pawl-real-${RUN}`]]);
    expect(printed()).toContain('the run was interrupted');
  });

  test('keeps the zone while its stack is there, and is cleaned up later', async () => {
    const removeStackOnce = vi
      .fn()
      .mockRejectedValueOnce('no')
      .mockRejectedValueOnce('no')
      .mockRejectedValueOnce('no');
    const { deps, printed } = world({ removeStack: removeStackOnce });
    expect(await realRun(deps, RUN)).toBe(1);
    expect(printed()).toContain('run --clean-up once more');
    expect(await zoneNames()).toEqual([`${ZONE}.`]);
    expect(await cleanUpRuns(deps)).toBe(0);
    expect(await zoneNames()).toEqual([]);
  });
});

test('what a run left that broke off is found by its caller reference, and nothing else is touched', async () => {
  const others = [
    { Name: 'example.test', CallerReference: 'pawl-real-00000001' },
    { Name: 'pawl-00000002.example', CallerReference: "somebody's own" },
  ];
  for (const zone of others) await route53.send(new CreateHostedZoneCommand(zone));
  await makeScratchZone(route53, RUN);
  await fill();
  const { deps, stacks } = world();
  expect(await cleanUpRuns(deps)).toBe(0);
  expect([...(await zoneNames())].sort()).toEqual(['example.test.', 'pawl-00000002.example.']);
  expect(stacks).toEqual([`pawl-real-${RUN}`]);
  const again = world();
  expect(await cleanUpRuns(again.deps)).toBe(0);
  expect(again.printed()).toContain('no hosted zone of an earlier run');
});

test('what a run is expected to cost is below a dollar, and says on which price it rests', () => {
  expect(EXPECTED_STEPS.reduce((sum, { dollars }) => sum + dollars, 0)).toBeLessThan(1);
  expect(expectedText()).toContain('deleted within 12 hours');
});

test('a stack that is being updated is deleted when that has ended, with its table and its logs', async () => {
  const [stacks, tables, logs] = [
    mockClient(CloudFormationClient),
    mockClient(DynamoDBClient),
    mockClient(CloudWatchLogsClient),
  ];
  onTestFinished(() => {
    for (const mock of [stacks, tables, logs]) mock.restore();
  });
  const state = (StackStatus: 'UPDATE_IN_PROGRESS' | 'UPDATE_ROLLBACK_COMPLETE' | 'DELETE_IN_PROGRESS') => ({
    Stacks: [{ StackName: 'pawl-real-1', StackStatus, CreationTime: new Date(0) }],
  });
  stacks
    .on(DescribeStacksCommand)
    .resolvesOnce(state('UPDATE_IN_PROGRESS'))
    .resolvesOnce(state('UPDATE_IN_PROGRESS'))
    .resolvesOnce(state('UPDATE_ROLLBACK_COMPLETE'))
    .resolvesOnce(state('DELETE_IN_PROGRESS'))
    .rejects(Object.assign(new Error('does not exist'), { name: 'ValidationError' }));
  stacks.on(CancelUpdateStackCommand).resolves({}).on(DeleteStackCommand).resolves({});
  tables.on(ListTablesCommand).resolves({ TableNames: ['pawl-real-1-LedgerTable', 'pawl-LedgerTable'] });
  tables.on(DescribeTableCommand).resolves({ Table: { TableStatus: 'ACTIVE' } });
  logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [{ logGroupName: 'pawl-real-1-PlannerLog' }] });
  await removeStack('pawl-real-1', 1);
  expect(stacks).toHaveReceivedCommandTimes(CancelUpdateStackCommand, 1);
  expect(stacks).toHaveReceivedCommandTimes(DeleteStackCommand, 1);
  expect(tables).toHaveReceivedCommandWith(UpdateTableCommand, { DeletionProtectionEnabled: false });
  expect(tables).toHaveReceivedCommandTimes(DeleteTableCommand, 1);
  expect(tables).toHaveReceivedCommandWith(DeleteTableCommand, { TableName: 'pawl-real-1-LedgerTable' });
  expect(logs).toHaveReceivedCommandWith(DescribeLogGroupsCommand, { logGroupNamePrefix: 'pawl-real-1-' });
  expect(logs).toHaveReceivedCommandTimes(DeleteLogGroupCommand, 1);
});

describe('the program', () => {
  /** The program with --real, on the emulated Route 53 and an account in which there is nothing else. */
  async function program(...flags: readonly string[]) {
    let requests = 0;
    const account = createServer((request, response) => {
      requests += 1;
      const isQuery = request.headers['content-type']?.includes('urlencoded') === true;
      const unknown =
        '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>does not exist</Message></Error></ErrorResponse>';
      response.writeHead(isQuery ? 400 : 200).end(isQuery ? unknown : '{}');
    });
    account.listen(0, '127.0.0.1');
    await once(account, 'listening');
    const address = account.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    const made = spawn(process.execPath, [RUNNER, '--real', ...flags], {
      env: { ...process.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    for (const stream of [made.stdout, made.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
    const closed = once(made, 'close');
    onTestFinished(async () => {
      made.kill('SIGKILL');
      await closed;
      account.closeAllConnections();
      account.close();
    });
    return {
      made,
      out: () => out,
      requests: () => requests,
      ended: async () => (await closed)[0] as number | null,
    };
  }

  /** Until doctor has put records into the zone of a run. */
  async function untilAtWork(): Promise<void> {
    for (let count = 0; count < 3; ) {
      await delay(50);
      const [zone] = await scratchZones(route53);
      const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
      count = HostedZones.find(({ Name }) => Name === `${zone?.name}.`)?.ResourceRecordSetCount ?? 0;
    }
  }

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'that gets %s while doctor works leaves nothing',
    async (signal) => {
      const { made, out, ended } = await program('--doctor-only');
      await untilAtWork();
      made.kill(signal);
      expect(await ended(), out()).toBe(1);
      expect(out()).toContain('the run was interrupted');
      expect(await zoneNames()).toEqual([]);
    },
  );

  test('removes with --clean-up what an earlier run has left', async () => {
    await makeScratchZone(route53, RUN);
    await fill();
    const { ended, out } = await program('--clean-up');
    expect(await ended(), out()).toBe(0);
    expect(out()).toContain(`removed the stack pawl-real-${RUN}\nremoved the hosted zone ${ZONE}\n`);
    expect(await zoneNames()).toEqual([]);
  });

  test('with --dry-run says what it would do and cost, and calls nothing', async () => {
    const { out, ended, requests } = await program('--dry-run');
    expect(await ended()).toBe(0);
    expect(out()).toMatch(
      /^A run in the account[\s\S]*5\. deletes the stack[\s\S]*Together about 0\.13 dollars/,
    );
    expect(requests()).toBe(0);
    const unasked = await program();
    expect(await unasked.ended()).toBe(2);
    expect([unasked.requests(), await zoneNames()]).toEqual([0, []]);
  });
});
