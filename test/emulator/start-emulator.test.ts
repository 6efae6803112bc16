import { Resolver } from 'node:dns/promises';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListHostedZonesCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { expect, onTestFinished, test } from 'vitest';
import type { LoggedRequest } from '../../lib/emulator/start-emulator.ts';
import { startEmulator } from '../../lib/emulator/start-emulator.ts';

async function started(options: Parameters<typeof startEmulator>[0] = {}) {
  const log: LoggedRequest[] = [];
  const emulator = await startEmulator({ onRequest: (request) => void log.push(request), ...options });
  onTestFinished(() => emulator.close());
  const client = new Route53Client({
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  return { emulator, client, log };
}

test('what a client writes over HTTP is answered over DNS, and each request is in the log', async () => {
  const { emulator, client, log } = await started();
  const made = await client.send(new CreateHostedZoneCommand({ Name: 'example.test', CallerReference: '1' }));
  await client.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: made.HostedZone?.Id,
      ChangeBatch: {
        Changes: [
          {
            Action: 'CREATE',
            ResourceRecordSet: {
              Name: 'www.example.test',
              Type: 'A',
              TTL: 60,
              ResourceRecords: [{ Value: '192.0.2.7' }],
            },
          },
        ],
      },
    }),
  );
  const resolver = new Resolver();
  resolver.setServers([`${emulator.dns.host}:${emulator.dns.port}`]);
  expect(await resolver.resolve4('www.example.test')).toEqual(['192.0.2.7']);
  expect(log.map(({ action, status }) => `${action} ${status}`)).toEqual([
    'CreateHostedZone 201',
    'ChangeResourceRecordSets 200',
  ]);
});

test('limits are settable, at the start and later', async () => {
  const { emulator, client, log } = await started({ settings: { throttle: { burst: 1, perSecond: 0.001 } } });
  await client.send(new ListHostedZonesCommand());
  await expect(client.send(new ListHostedZonesCommand())).rejects.toThrow('Rate exceeded');
  emulator.core.configure({ throttle: undefined });
  await client.send(new ListHostedZonesCommand());
  expect(log.map(({ status, code }) => [status, code])).toEqual([
    [200, undefined],
    [400, 'Throttling'],
    [200, undefined],
  ]);
});

test('a port that is taken for DNS leaves none open', async () => {
  const { emulator } = await started();
  const { port } = emulator.dns;
  await expect(startEmulator({ dnsPort: port })).rejects.toMatchObject({ name: 'DnsPortInUse' });
});
