import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseFleet } from '../../../lib/fleet/parse-fleet.ts';
import { resolveFleet } from '../../../lib/fleet/resolve-fleet.ts';
import { elbv2Source } from '../../../lib/fleet/sources/elbv2-source.ts';
import type { CellFleet } from '../../../lib/plan/fleet-model.ts';
import { systemRandomness } from '../../../lib/runtime/ids.ts';
import { virtualClock } from '../../runtime/virtual-clock.ts';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const GROUP = `${ARN}:targetgroup/api/0123456789abcdef`;
const BALANCER = `${ARN}:loadbalancer/app/shop/0123456789abcdef`;

const client = new ElasticLoadBalancingV2Client({ region: 'us-east-1' });
const elb = mockClient(client);

beforeEach(() => elb.reset());

function fleet(elbv2 = `{ target_group: '${GROUP}' }`): CellFleet {
  const text = `
version: 1
cells:
  use1-a:
    zone: example.test
    zone_id: Z1
    targets:
      api-1: { az: use1-az1, capacity: 100, ipv4: 192.0.2.10, elbv2: ${elbv2} }
      api-2: { az: use1-az1, capacity: 40, ipv4: 192.0.2.11 }
    endpoints:
      api.example.test: { kind: addresses, targets: [api-1, api-2] }
`;
  const parsed = parseFleet(text, 'fleet.yaml');
  if (parsed.type !== 'fleet') throw new Error(JSON.stringify(parsed));
  const resolved = resolveFleet(parsed.fleet, new Map());
  const [cell] = resolved.type === 'resolved' ? resolved.cells : [];
  if (cell === undefined) throw new Error('the fleet has no cell');
  return cell;
}

function states(...all: readonly string[]) {
  return { TargetHealthDescriptions: all.map((State) => ({ TargetHealth: { State: State as 'healthy' } })) };
}

function named(name: string, fault: 'client' | 'server' = 'client') {
  return Object.assign(new Error(name), { name, $fault: fault });
}

async function observed(cell = fleet()) {
  return elbv2Source(client, { clock: virtualClock(), randomness: systemRandomness }).observe(cell);
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
      observations: { 'api-1': { health, capacity }, 'api-2': { health: 'healthy', capacity: 40 } },
      repeated: ['api-2'],
    });
  });

  test.each([
    ['a group that is not there', named('TargetGroupNotFoundException')],
    ['a role that may not ask', named('AccessDenied')],
    ['a throttle that does not end', named('Throttling')],
    ['a service that is down', named('InternalFailure', 'server')],
  ])('%s says nothing about a target: never that it is unhealthy', async (_what, error) => {
    elb.on(DescribeTargetHealthCommand).rejects(error);
    expect(await observed()).toMatchObject({ type: 'blind' });
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
    expect(await observed(fleet(`{ load_balancer: '${BALANCER}' }`))).toMatchObject({
      observations: { 'api-1': { health: 'healthy', capacity: 75 } },
    });
  });

  test.each([
    ['failed', 'unhealthy'],
    ['provisioning', undefined],
  ] as const)('a load balancer that is %s', async (code, health) => {
    elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ State: { Code: code } }] });
    const reading = await observed(fleet(`{ load_balancer: '${BALANCER}' }`));
    if (health === undefined) expect(reading).toMatchObject({ type: 'blind' });
    else expect(reading).toMatchObject({ observations: { 'api-1': { health } } });
  });

  test('nobody is asked about targets that name nothing there', async () => {
    const plain = fleet();
    const targets = plain.targets.filter(({ elbv2 }) => elbv2 === undefined);
    expect(await observed({ ...plain, targets })).toMatchObject({ type: 'observed' });
    expect(elb.calls()).toHaveLength(0);
  });
});
