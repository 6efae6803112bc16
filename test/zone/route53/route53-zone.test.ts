import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  InvalidChangeBatch,
  InvalidInput,
  ListResourceRecordSetsCommand,
  NoSuchChange,
  NoSuchHostedZone,
  PriorRequestNotComplete,
  Route53Client,
  Route53ServiceException,
} from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { InvariantViolated } from '../../../lib/plan/invariant.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { create } from '../../../lib/plan/records.ts';
import type { RateBudget } from '../../../lib/runtime/rate-budget.ts';
import { rateBudget } from '../../../lib/runtime/rate-budget.ts';
import type { Route53ZoneSettings } from '../../../lib/zone/route53/route53-zone.ts';
import { route53ClientDefaults, route53Zone } from '../../../lib/zone/route53/route53-zone.ts';
import type { Batch, Zone } from '../../../lib/zone/zone.ts';
import { ZoneNotFound, ZoneUnavailable } from '../../../lib/zone/zone.ts';
import { seededRandomness, virtualClock } from '../../runtime/virtual-clock.ts';

const DEADLINE_MS = 30_000;
const client = new Route53Client({
  ...route53ClientDefaults,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
const route53 = mockClient(client);
const apex = dnsName('example.test');
const batch: Batch = {
  kind: 'scratch',
  comment: 'a test',
  changes: [create({ name: dnsName('x.example.test'), type: 'A', ttl: 60, values: ['192.0.2.1'] })],
};

const at = (status: number) => ({ message: 'because', $metadata: { httpStatusCode: status } });
const named = (name: string, status: number) =>
  new Route53ServiceException({ name, $fault: 'client', ...at(status) });
const throttling = named('Throttling', 400);
const prior = new PriorRequestNotComplete(at(400));
const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const timeout = Object.assign(new Error('too slow'), { name: 'TimeoutError' });
const unparsable = Object.assign(new Error('XML parse error'), { $metadata: { httpStatusCode: 200 } });

function world(overrides: Partial<Route53ZoneSettings> = {}) {
  const clock = virtualClock();
  const settings: Route53ZoneSettings = {
    clock,
    randomness: seededRandomness(),
    budget: rateBudget(
      { clock, randomness: seededRandomness() },
      { requestsPerSecond: 1_000, burst: 1_000, reserve: 0 },
    ),
    deadlineMs: DEADLINE_MS,
    ...overrides,
  };
  return { clock, zone: route53Zone(client, '/hostedzone/Z1', settings) };
}

const page = { ResourceRecordSets: [], IsTruncated: false, MaxItems: 300 };
const list = (zone: Zone) => zone.listRecords({ name: apex }, 300);
const sent = () => route53.commandCalls(ChangeResourceRecordSetsCommand);

beforeEach(() => {
  route53.reset();
});

describe('reads', () => {
  it.each([
    ['Throttling', throttling],
    ['PriorRequestNotComplete', prior],
    ['a timeout', timeout],
    ['a socket error', reset],
    ['a 503', named('ServiceUnavailable', 503)],
    ['an answer that cannot be parsed', unparsable],
  ])('are tried again after %s', async (_case, error) => {
    const { zone, clock } = world();
    route53.on(ListResourceRecordSetsCommand).rejectsOnce(error).rejectsOnce(error).resolves(page);
    expect(await list(zone)).toEqual({ records: [] });
    expect(clock.sleeps).toHaveLength(2);
  });

  it.each([
    ['no list', { IsTruncated: false, MaxItems: 300 }],
    ['no IsTruncated', { ResourceRecordSets: [], MaxItems: 300 }],
    ['no continuation', { ResourceRecordSets: [], IsTruncated: true, MaxItems: 300 }],
    ['a record that is none', { ...page, ResourceRecordSets: [{ Name: 'x..test.', Type: 'A' as const }] }],
  ])('never take an answer with %s for an empty zone', async (_case, answer) => {
    const { zone } = world();
    route53.on(ListResourceRecordSetsCommand).resolves(answer as never);
    await expect(list(zone)).rejects.toThrow(ZoneUnavailable);
  });

  it('give up at the deadline, with the cause', async () => {
    const { zone, clock } = world();
    const began = clock.now();
    route53.on(ListResourceRecordSetsCommand).rejects(throttling);
    const failure = await list(zone).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ZoneUnavailable);
    expect((failure as ZoneUnavailable).cause).toBe(throttling);
    expect((failure as ZoneUnavailable).message).toBe(
      'Route 53 did not answer ListResourceRecordSets on the zone Z1 within 30000 ms (Throttling: because).',
    );
    expect(clock.now() - began).toBeLessThanOrEqual(DEADLINE_MS);
    expect(route53.calls().length).toBeGreaterThan(5);
  });

  it.each([
    ['AccessDenied', named('AccessDenied', 403)],
    ['no credentials', Object.assign(new Error('none'), { name: 'CredentialsProviderError' })],
    ['an unknown refusal', named('SomethingNew', 400)],
    ['a bug', new TypeError('undefined is not a function')],
  ])('are not tried again after %s', async (_case, error) => {
    const { zone } = world();
    route53.on(ListResourceRecordSetsCommand).rejects(error);
    await expect(list(zone)).rejects.toThrow(ZoneUnavailable);
    expect(route53.calls()).toHaveLength(1);
  });

  it('say in one sentence that the credentials do not do', async () => {
    const { zone } = world();
    route53.on(GetHostedZoneCommand).rejects(named('InvalidClientTokenId', 403));
    await expect(zone.describe()).rejects.toThrow(
      "Route 53 refused GetHostedZone on the zone Z1 to these credentials (InvalidClientTokenId: because): check the credentials, and this machine's clock.",
    );
  });

  it('say that the zone is not there', async () => {
    const { zone } = world();
    route53.rejects(new NoSuchHostedZone(at(404)));
    await expect(list(zone)).rejects.toThrow(ZoneNotFound);
    await expect(zone.describe()).rejects.toThrow('The hosted zone Z1 does not exist in this account.');
    await expect(zone.change(batch)).rejects.toThrow(ZoneNotFound);
  });

  it('carry on from a position with type and set identifier', async () => {
    const { zone } = world();
    route53.on(ListResourceRecordSetsCommand).resolves({
      ...page,
      IsTruncated: true,
      NextRecordName: '\\052.example.test.',
      NextRecordType: 'A',
      NextRecordIdentifier: 'use1-a',
    });
    const { next } = await zone.listRecords({ name: apex, type: 'A', setIdentifier: 's' }, 7);
    expect(next).toEqual({ name: '*.example.test', type: 'A', setIdentifier: 'use1-a' });
    expect(route53.commandCalls(ListResourceRecordSetsCommand)[0]?.args[0].input).toEqual({
      HostedZoneId: 'Z1',
      StartRecordName: 'example.test.',
      StartRecordType: 'A',
      StartRecordIdentifier: 's',
      MaxItems: 7,
    });
  });

  it('refuse a page that Route 53 cannot give', async () => {
    const { zone } = world();
    await expect(zone.listRecords({ name: apex }, 0)).rejects.toThrow(InvariantViolated);
    await expect(zone.listRecords({ name: apex }, 301)).rejects.toThrow(InvariantViolated);
  });

  it('describe the zone', async () => {
    const { zone } = world();
    const HostedZone = {
      Id: '/hostedzone/Z1',
      Name: 'Example.test.',
      CallerReference: 'r',
      ResourceRecordSetCount: 7,
    };
    route53
      .on(GetHostedZoneCommand)
      .resolves({ HostedZone: { ...HostedZone, Config: { PrivateZone: true } } });
    expect(await zone.describe()).toEqual({ id: 'Z1', name: 'example.test', recordCount: 7, private: true });
    expect(zone.id).toBe('Z1');
  });

  it('know the status of a change, or that it is not known', async () => {
    const { zone } = world();
    const info = (Status: 'PENDING' | 'INSYNC') => ({
      ChangeInfo: { Id: 'C1', Status, SubmittedAt: new Date(0) },
    });
    route53
      .on(GetChangeCommand)
      .resolvesOnce(info('PENDING'))
      .resolvesOnce(info('INSYNC'))
      .rejectsOnce(new NoSuchChange(at(404)))
      .rejectsOnce(new InvalidInput(at(400)));
    expect(await zone.changeStatus('C1')).toBe('pending');
    expect(await zone.changeStatus('C1')).toBe('insync');
    expect(await zone.changeStatus('C1')).toBe('unknown');
    expect(await zone.changeStatus('?')).toBe('unknown');
  });
});

describe('change', () => {
  const accepted = { ChangeInfo: { Id: '/change/C1', Status: 'PENDING' as const, SubmittedAt: new Date(0) } };

  it('returns the change id', async () => {
    const { zone } = world();
    route53.on(ChangeResourceRecordSetsCommand).resolves(accepted);
    expect(await zone.change(batch)).toEqual({ type: 'accepted', changeId: 'C1' });
  });

  it('sends the same batch again only after Throttling or PriorRequestNotComplete', async () => {
    const { zone, clock } = world();
    route53.on(ChangeResourceRecordSetsCommand).rejectsOnce(throttling).rejectsOnce(prior).resolves(accepted);
    expect(await zone.change(batch)).toEqual({ type: 'accepted', changeId: 'C1' });
    expect(clock.sleeps).toHaveLength(2);
    const inputs = sent().map((call) => call.args[0].input);
    expect(inputs).toHaveLength(3);
    expect(new Set(inputs.map((input) => JSON.stringify(input))).size).toBe(1);
  });

  it.each([
    ['a timeout', timeout],
    ['a socket error', reset],
    ['a 500', named('InternalError', 500)],
    ['a 503 that calls itself Throttling', named('Throttling', 503)],
    ['an answer that cannot be parsed', unparsable],
    ['a refusal with no known name', named('SomethingNew', 400)],
    ['a bug', new TypeError('undefined is not a function')],
  ])('is unknown after %s, and never sent again', async (_case, error) => {
    const { zone } = world();
    route53.on(ChangeResourceRecordSetsCommand).rejects(error);
    expect(await zone.change(batch)).toMatchObject({ type: 'unknown' });
    expect(sent()).toHaveLength(1);
  });

  it('is unknown when the lost answer came after a throttled attempt', async () => {
    const { zone } = world();
    route53.on(ChangeResourceRecordSetsCommand).rejectsOnce(throttling).rejectsOnce(reset).resolves(accepted);
    expect(await zone.change(batch)).toMatchObject({ type: 'unknown' });
    expect(sent()).toHaveLength(2);
  });

  it('is unknown when the answer has no change id', async () => {
    const { zone } = world();
    route53.on(ChangeResourceRecordSetsCommand).resolves({} as never);
    expect(await zone.change(batch)).toMatchObject({ type: 'unknown' });
    expect(sent()).toHaveLength(1);
  });

  it.each([
    ['InvalidChangeBatch', new InvalidChangeBatch(at(400))],
    ['InvalidInput', new InvalidInput(at(400))],
  ])('is rejected after %s, and not sent again', async (_case, error) => {
    const { zone } = world();
    route53.on(ChangeResourceRecordSetsCommand).rejects(error);
    expect(await zone.change(batch)).toMatchObject({ type: 'rejected' });
    expect(sent()).toHaveLength(1);
  });

  it('throws when the caller is refused or Route 53 stays busy, for then nothing was done', async () => {
    const { zone } = world();
    route53.on(ChangeResourceRecordSetsCommand).rejectsOnce(named('AccessDenied', 403)).rejects(throttling);
    await expect(zone.change(batch)).rejects.toThrow(ZoneUnavailable);
    await expect(zone.change(batch)).rejects.toThrow('within 30000 ms (Throttling: because)');
  });

  it('refuses an empty batch and a comment that Route 53 would refuse', async () => {
    const { zone } = world();
    await expect(zone.change({ ...batch, changes: [] })).rejects.toThrow(InvariantViolated);
    await expect(zone.change({ ...batch, comment: 'x'.repeat(257) })).rejects.toThrow(InvariantViolated);
    expect(route53.calls()).toHaveLength(0);
  });
});

describe('the rate budget', () => {
  function recording(): { budget: RateBudget; takes: string[]; answers: string[] } {
    const takes: string[] = [];
    const answers: string[] = [];
    return {
      takes,
      answers,
      budget: {
        take: async ({ urgency, changes = 0 }) => {
          takes.push(`${urgency} ${changes}`);
          return { answered: (how) => answers.push(how) };
        },
      },
    };
  }

  it('is asked before every attempt, urgently for a flip and a freeze, and hears every answer', async () => {
    const { budget, takes, answers } = recording();
    const { zone } = world({ budget });
    route53.on(ListResourceRecordSetsCommand).rejectsOnce(throttling).resolves(page);
    await list(zone);
    route53.on(ChangeResourceRecordSetsCommand).rejects(reset);
    await zone.change(batch);
    const changes = batch.changes.length;
    expect(takes).toEqual(['routine 0', 'routine 0', `routine ${changes}`]);
    // A connection that broke says nothing about the rate.
    expect(answers).toEqual(['throttled', 'served']);
    await zone.change({ ...batch, kind: 'freeze' });
    await zone.change({ ...batch, kind: 'flip' });
    expect(takes.slice(3)).toEqual([`urgent ${changes}`, `urgent ${changes}`]);
  });

  it.each([
    ['a throttling', throttling, 'throttled'],
    ['a status of 429', named('TooManyRequestsException', 429), 'throttled'],
    ['a zone that is busy', new PriorRequestNotComplete({ message: 'busy', $metadata: {} }), 'served'],
  ])('hears of %s', async (_what, error, heard) => {
    const { budget, answers } = recording();
    const { zone } = world({ budget });
    route53.on(ListResourceRecordSetsCommand).rejectsOnce(error).resolves(page);
    await list(zone);
    expect(answers).toEqual([heard, 'served']);
  });

  it('ends a verb that would have to wait too long, with nothing sent', async () => {
    const { zone } = world({ budget: { take: async () => 'late' } });
    await expect(zone.change(batch)).rejects.toThrow(
      'The rate budget left no room for ChangeResourceRecordSets',
    );
    await expect(list(zone)).rejects.toThrow(ZoneUnavailable);
    expect(route53.calls()).toHaveLength(0);
  });
});

describe('the signal of a run that must end', () => {
  it('stops a read between two attempts, and sends nothing afterwards', async () => {
    const controller = new AbortController();
    const { zone } = world({ signal: controller.signal });
    route53.on(ListResourceRecordSetsCommand).callsFake(() => {
      controller.abort(new Error('the run is over'));
      throw reset;
    });
    await expect(list(zone)).rejects.toThrow('the run is over');
    await expect(zone.change(batch)).rejects.toThrow('the run is over');
    expect(route53.calls()).toHaveLength(1);
  });

  it('leaves the outcome of a batch under way unknown', async () => {
    const controller = new AbortController();
    const { zone } = world({ signal: controller.signal });
    route53.on(ChangeResourceRecordSetsCommand).callsFake(() => {
      controller.abort(new Error('the run is over'));
      throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    });
    expect(await zone.change(batch)).toMatchObject({ type: 'unknown' });
  });
});

describe('telemetry', () => {
  it('counts requests and failures by operation', async () => {
    const counts: string[] = [];
    const telemetry = {
      count: (metric: string, value: number, dimensions: Readonly<Record<string, string>> = {}) => {
        counts.push(`${metric} ${value} ${Object.values(dimensions).join(' ')}`);
      },
      note: () => undefined,
    };
    const { zone } = world({ telemetry });
    route53.on(ListResourceRecordSetsCommand).rejectsOnce(throttling).resolves(page);
    await list(zone);
    expect(counts).toEqual([
      'Route53Requests 1 ListResourceRecordSets',
      'Route53Failures 1 ListResourceRecordSets busy',
      'Route53Requests 1 ListResourceRecordSets',
    ]);
  });
});
