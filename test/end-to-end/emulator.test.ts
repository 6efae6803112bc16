import {
  CreateHostedZoneCommand,
  ListHostedZonesByNameCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { expect, onTestFinished, test } from 'vitest';
import { pawl } from './start-process.ts';

const ANY_PORTS = ['--port', '0', '--dns-port', '0'];

function clientOf(endpoint: string): Route53Client {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new Route53Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

async function addressOf(emulator: ReturnType<typeof pawl>): Promise<string> {
  await emulator.prints(/Ctrl-C ends it/);
  return /http:\S+/.exec(emulator.stdout())?.[0] ?? '';
}

test('pawl emulator serves the zones it is told to make, prints each request, and ends cleanly', async () => {
  const emulator = pawl('emulator', ...ANY_PORTS, '--zone', 'example.test', '--zone', 'example.org');
  const client = clientOf(await addressOf(emulator));
  const { HostedZones = [] } = await client.send(new ListHostedZonesByNameCommand());
  expect(HostedZones.map(({ Name }) => Name)).toEqual(['example.org.', 'example.test.']);
  const refused = client.send(new CreateHostedZoneCommand({ Name: 'a..b', CallerReference: 'x' }));
  await expect(refused).rejects.toMatchObject({ name: 'InvalidDomainName' });
  await emulator.prints(/200 {2}ListHostedZonesByName {2}GET/);
  await emulator.prints(/400 {2}CreateHostedZone {2}POST \S+ {2}InvalidDomainName/);
  emulator.child.kill('SIGINT');
  expect(await emulator.ended()).toEqual({ code: 0, signal: null });
});

test('pawl emulator says its documents a line each with --json', async () => {
  const emulator = pawl('emulator', ...ANY_PORTS, '--zone', 'example.test', '--json');
  await emulator.prints('"started"');
  const started = JSON.parse(emulator.stdout().split('\n')[0] ?? '');
  expect(started).toMatchObject({ type: 'started', zones: [{ name: 'example.test' }] });
  await clientOf(started.url).send(new ListHostedZonesByNameCommand());
  await emulator.prints('"request"');
  const [, request] = emulator.stdout().split('\n');
  expect(JSON.parse(request ?? '')).toMatchObject({ type: 'request', status: 200 });
  emulator.child.kill('SIGTERM');
});

test('pawl emulator says which port is in use, and which zone no zone can be', async () => {
  const first = pawl('emulator', ...ANY_PORTS);
  const { port } = new URL(await addressOf(first));
  const second = pawl('emulator', '--port', port, '--dns-port', '0');
  expect(await second.ended()).toMatchObject({ code: 1 });
  expect(second.stderr()).toContain(port);
  const third = pawl('emulator', ...ANY_PORTS, '--zone', 'a..b');
  expect(await third.ended()).toMatchObject({ code: 2 });
  expect(third.stderr()).toContain('--zone a..b');
});
