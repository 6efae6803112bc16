import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Elbv2Reference } from '../../../lib/fleet/sources/elbv2.ts';
import { elbv2Source } from '../../../lib/fleet/sources/elbv2-source.ts';
import type { SourceTarget } from '../../../lib/fleet/sources/source.ts';
import { cellName } from '../../../lib/plan/names.ts';
import { seededRandomness, virtualClock } from '../../runtime/virtual-clock.ts';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const GROUP = `${ARN}:targetgroup/api/0123456789abcdef`;
const BALANCER = `${ARN}:loadbalancer/app/shop/0123456789abcdef`;

const client = new ElasticLoadBalancingV2Client({ region: 'us-east-1' });
const elb = mockClient(client);

beforeEach(() => elb.reset());

const targets = (kind: Elbv2Reference['kind'], arn: string): readonly SourceTarget[] => [
  { id: 'api-1', capacity: 100, az: 'use1-az1', reference: { kind, arn } },
];
const group = targets('target-group', GROUP);
const balancer = targets('load-balancer', BALANCER);

function states(...all: readonly string[]) {
  return { TargetHealthDescriptions: all.map((State) => ({ TargetHealth: { State: State as 'healthy' } })) };
}

function named(name: string, fault: 'client' | 'server' = 'client') {
  return Object.assign(new Error(name), { name, $fault: fault });
}

async function observed(asked = group, seed = 1) {
  return elbv2Source(client, { clock: virtualClock(), randomness: seededRandomness(seed) }).look(
    asked,
    cellName('use1-a'),
  );
}

describe('observations from Elastic Load Balancing', () => {
  test.each([
    ['all of it healthy', ['healthy', 'healthy'], 'healthy', 100],
    ['half of it healthy', ['healthy', 'unhealthy'], 'healthy', 50],
    ['one that drains', ['healthy', 'draining'], 'healthy', 50],
    ['one that was registered this moment', ['healthy', 'initial'], 'healthy', 100],
    ['nothing healthy', ['unhealthy', 'unhealthy'], 'unhealthy', 100],
    ['nothing registered', [], 'unhealthy', 100],
  ])('with %s', async (_what, given, health, capacity) => {
    elb.on(DescribeTargetHealthCommand, { TargetGroupArn: GROUP }).resolves(states(...given));
    expect(await observed()).toEqual({
      type: 'observed',
      observations: { 'api-1': { health, capacity } },
      gone: [],
    });
  });

  test.each([
    ['a role that may not ask', named('AccessDenied')],
    ['a throttle that does not end', named('Throttling')],
    ['a service that is down', named('InternalFailure', 'server')],
  ])('%s says nothing about a target: never that it is unhealthy', async (_what, error) => {
    elb.on(DescribeTargetHealthCommand).rejects(error);
    expect(await observed()).toMatchObject({ type: 'blind' });
  });

  const gone = {
    type: 'observed',
    observations: { 'api-1': { health: 'unhealthy', capacity: 100 } },
    gone: ['api-1'],
  };

  test('a load balancer that is gone is a fact: its target is unhealthy, and named', async () => {
    elb.on(DescribeLoadBalancersCommand).rejects(named('LoadBalancerNotFoundException'));
    expect(await observed(balancer)).toEqual(gone);
  });

  test('so is a target group that is gone', async () => {
    elb.on(DescribeTargetHealthCommand).rejects(named('TargetGroupNotFoundException'));
    expect(await observed()).toEqual(gone);
  });

  test('a throttle that ends is waited for', async () => {
    elb.on(DescribeTargetHealthCommand).rejectsOnce(named('Throttling')).resolves(states('healthy'));
    expect(await observed()).toMatchObject({ observations: { 'api-1': { health: 'healthy' } } });
    expect(elb.commandCalls(DescribeTargetHealthCommand)).toHaveLength(2);
  });

  test('a group that was only just filled says nothing', async () => {
    elb.on(DescribeTargetHealthCommand).resolves(states('initial', 'initial'));
    expect(await observed()).toMatchObject({ type: 'blind' });
  });

  test('a load balancer counts what is behind it in all of its groups, page by page', async () => {
    elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ State: { Code: 'active' } }] });
    elb
      .on(DescribeTargetGroupsCommand)
      .resolvesOnce({ TargetGroups: [{ TargetGroupArn: 'one' }], NextMarker: 'more' });
    elb
      .on(DescribeTargetGroupsCommand, { LoadBalancerArn: BALANCER, Marker: 'more' })
      .resolves({ TargetGroups: [{ TargetGroupArn: 'two' }] });
    elb
      .on(DescribeTargetHealthCommand, { TargetGroupArn: 'one' })
      .resolves(states('healthy', 'healthy', 'healthy'));
    elb.on(DescribeTargetHealthCommand, { TargetGroupArn: 'two' }).resolves(states('unhealthy'));
    expect(await observed(balancer)).toMatchObject({
      observations: { 'api-1': { health: 'healthy', capacity: 75 } },
    });
  });

  test.each([
    ['failed', 'unhealthy'],
    ['provisioning', undefined],
  ] as const)('a load balancer that is %s', async (code, health) => {
    elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ State: { Code: code } }] });
    const reading = await observed(balancer);
    if (health === undefined) expect(reading).toMatchObject({ type: 'blind' });
    else expect(reading).toMatchObject({ observations: { 'api-1': { health } } });
  });

  test('of several, one that may not be asked is unknown and named, and the others are seen', async () => {
    elb.on(DescribeTargetHealthCommand).rejects(named('AccessDenied'));
    elb.on(DescribeTargetHealthCommand, { TargetGroupArn: GROUP }).resolves(states('healthy'));
    const other = {
      id: 'api-2',
      capacity: 40,
      az: 'use1-az1',
      reference: { kind: 'target-group', arn: `${GROUP}0` },
    };
    expect(await observed([...group, other])).toEqual({
      type: 'observed',
      observations: {
        'api-1': { health: 'healthy', capacity: 100 },
        'api-2': { health: 'unknown', capacity: 40 },
      },
      gone: [],
      unseen: {
        targets: ['api-2'],
        reason: 'elasticloadbalancing:DescribeTargetHealth is denied for api-2',
      },
    });
    expect(elb.commandCalls(DescribeTargetHealthCommand)).toHaveLength(2);
  });

  test('each permission that is lacking is named with its targets, and not all of very many', async () => {
    elb.on(DescribeTargetHealthCommand).rejects(named('AccessDeniedException'));
    elb.on(DescribeTargetHealthCommand, { TargetGroupArn: GROUP }).resolves(states('healthy'));
    elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ State: { Code: 'active' } }] });
    elb.on(DescribeTargetGroupsCommand).rejects(named('AccessDenied'));
    const others = Array.from({ length: 10 }, (_, index): SourceTarget => {
      const reference = { kind: 'target-group', arn: `${GROUP}${index}` };
      return { id: `lab-${index}`, capacity: 1, az: 'use1-az1', reference };
    });
    const shop = {
      id: 'shop',
      capacity: 1,
      az: 'use1-az1',
      reference: { kind: 'load-balancer', arn: BALANCER },
    };
    expect(await observed([...group, ...others, shop])).toMatchObject({
      unseen: {
        targets: [...others.map(({ id }) => id), 'shop'],
        reason:
          'elasticloadbalancing:DescribeTargetHealth is denied for lab-0, lab-1, lab-2, lab-3, lab-4, lab-5, lab-6, lab-7 and 2 more, elasticloadbalancing:DescribeTargetGroups is denied for shop',
      },
    });
  });

  test('where it may see nothing at all it is blind, and the permission is named', async () => {
    elb.on(DescribeTargetHealthCommand).rejects(named('AccessDenied'));
    expect(await observed()).toEqual({
      type: 'blind',
      reason:
        'Elastic Load Balancing said nothing about any target (elasticloadbalancing:DescribeTargetHealth is denied for api-1)',
    });
  });

  test('where it sees nothing for several reasons, each is named with its targets, the commonest first', async () => {
    const numbered = (count: number, kind: string): readonly SourceTarget[] =>
      Array.from({ length: count }, (_, index) => {
        const reference = { kind: 'target-group', arn: `${GROUP}${kind}${index}` };
        return { id: `${kind}-${index}`, capacity: 1, az: 'use1-az1', reference };
      });
    const slow = Object.assign(named('Throttling'), { message: 'Rate exceeded' });
    const odd = Object.assign(named('ValidationError'), { message: 'x'.repeat(10_000) });
    elb.on(DescribeTargetHealthCommand).callsFake(({ TargetGroupArn = '' }) => {
      if (TargetGroupArn.includes('denied')) throw named('AccessDenied');
      if (TargetGroupArn.includes('slow')) throw slow;
      if (TargetGroupArn.includes('odd')) throw odd;
      return states('initial');
    });
    const all = ['odd', 'new', 'slow'].flatMap((kind, index) => numbered(index + 1, kind));
    expect(await observed([...all, ...numbered(12, 'denied')])).toEqual({
      type: 'blind',
      reason: `Elastic Load Balancing said nothing about any target (${[
        'elasticloadbalancing:DescribeTargetHealth is denied for denied-0, denied-1, denied-2, denied-3, denied-4, denied-5, denied-6, denied-7 and 4 more',
        'Throttling for slow-0, slow-1, slow-2: Rate exceeded',
        'no health yet for new-0, new-1',
        `ValidationError for odd-0: ${'x'.repeat(97)}...`,
      ].join('; ')})`,
    });
  });

  test('only a target that was never asked about is said to have found no room in the rate', async () => {
    const all = Array.from({ length: 16 }, (_, index): SourceTarget => {
      const reference = { kind: 'target-group', arn: `${GROUP}${index}` };
      return { id: `t${index}`, capacity: 1, az: 'use1-az1', reference };
    });
    for (let seed = 1; seed <= 8; seed += 1) {
      const asked = new Set<string>();
      elb.on(DescribeTargetHealthCommand).callsFake(({ TargetGroupArn = '' }) => {
        asked.add(TargetGroupArn);
        throw named('Throttling');
      });
      const { reason } = (await observed(all, seed)) as { readonly reason: string };
      const never = all.filter((_, index) => !asked.has(`${GROUP}${index}`)).map(({ id }) => id);
      expect(/no room in the rate for ([^;)]*)/.exec(reason)?.[1] ?? '').toBe(never.join(', '));
    }
  });

  test('very many reasons are counted', async () => {
    elb.on(DescribeTargetHealthCommand).callsFake(({ TargetGroupArn = '' }) => {
      throw named(`Odd${TargetGroupArn.at(-1)}`);
    });
    const many = Array.from({ length: 9 }, (_, index): SourceTarget => {
      const reference = { kind: 'target-group', arn: `${GROUP}${index}` };
      return { id: `t${index}`, capacity: 1, az: 'use1-az1', reference };
    });
    expect(await observed(many)).toMatchObject({
      reason: expect.stringMatching(/\(Odd0 for t0: Odd0; .*; Odd3 for t3: Odd3; 5 more\)$/),
    });
  });

  test('without a Region nobody is asked', async () => {
    const nowhere = new ElasticLoadBalancingV2Client({
      region: async () => {
        throw new Error('Region is missing');
      },
    });
    const deps = { clock: virtualClock(), randomness: seededRandomness() };
    expect(await elbv2Source(nowhere, deps).look(group, cellName('use1-a'))).toEqual({
      type: 'blind',
      reason: 'no AWS Region is set',
    });
  });

  test('without credentials it is blind at once, and says why', async () => {
    elb
      .on(DescribeTargetHealthCommand)
      .rejects(Object.assign(new Error('none found'), { name: 'CredentialsProviderError' }));
    expect(await observed()).toEqual({
      type: 'blind',
      reason:
        'Elastic Load Balancing said nothing about any target (CredentialsProviderError for api-1: none found)',
    });
    expect(elb.commandCalls(DescribeTargetHealthCommand)).toHaveLength(1);
  });
});
