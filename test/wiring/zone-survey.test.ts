import { GetHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { route53RequestHandler } from '../../lib/emulator/wire/route53-handler.ts';
import { NotAsked } from '../../lib/preflight/survey.ts';
import { route53Survey } from '../../lib/wiring/zone-survey.ts';
import { route53ClientDefaults } from '../../lib/zone/route53/route53-zone.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import { emulatedWorld } from '../zone/emulated-world.ts';

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

function surveyed() {
  const { core, zoneId } = emulatedWorld(virtualClock());
  const requestHandler = route53RequestHandler(core);
  const client = new Route53Client({
    ...route53ClientDefaults,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    requestHandler,
  });
  onTestFinished(() => client.destroy());
  return { core, survey: route53Survey(() => client), zone: { zone: 'example.test', zoneId } };
}

describe('a hosted zone, as a preflight asks for it', () => {
  it('has a name, a delegation set, and room', async () => {
    const { survey, zone } = surveyed();
    expect(await survey.describe(zone)).toEqual({
      name: 'example.test',
      private: false,
      nameServers: ['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net', 'ns-3.awsdns-03.org', 'ns-4.awsdns-04.co.uk'],
      acceleratedRecovery: 'disabled',
    });
    expect(await survey.records(zone)).toEqual({ used: 2, limit: 10_000 });
  });

  it('is not there, which is an answer', async () => {
    const { survey, zone } = surveyed();
    expect(await survey.describe({ ...zone, zoneId: 'ZNOWHERE' })).toBeUndefined();
    await expect(survey.records({ ...zone, zoneId: 'ZNOWHERE' })).rejects.toThrow(NotAsked);
  });

  it('shows by throttled reads that others use the rate', async () => {
    const { core, survey, zone } = surveyed();
    expect(await survey.throttledOf(zone, 5)).toBe(0);
    core.configure({ throttle: { burst: 2, perSecond: 0.001 } });
    expect(await survey.throttledOf(zone, 5)).toBe(3);
  });

  it('says nothing while the control plane is away', async () => {
    const { core, survey, zone } = surveyed();
    core.configure({ away: true });
    const asked = [
      () => survey.describe(zone),
      () => survey.records(zone),
      () => survey.throttledOf(zone, 5),
    ];
    for (const ask of asked)
      await expect(ask()).rejects.toThrow(/Route 53 does not say it .*ServiceUnavailable/);
  });
});

describe('accelerated recovery', () => {
  it.each([
    ['ENABLED', 'enabled'],
    ['DISABLED', 'disabled'],
    ['ENABLING', 'ENABLING'],
    ['ENABLE_FAILED', 'ENABLE_FAILED'],
  ] as const)('%s is said as %s', async (status, said) => {
    const route53 = mockClient(Route53Client);
    onTestFinished(() => route53.restore());
    const HostedZone = {
      Id: 'Z1',
      Name: 'example.test.',
      CallerReference: 'a test',
      Features: { AcceleratedRecoveryStatus: status },
    };
    route53.on(GetHostedZoneCommand).resolves({ HostedZone });
    const survey = route53Survey(() => new Route53Client({ region: 'us-east-1' }));
    expect(await survey.describe({ zone: 'example.test', zoneId: 'Z1' })).toMatchObject({
      acceleratedRecovery: said,
    });
  });
});
