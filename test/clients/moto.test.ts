import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '../../lib/doctor/examine.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { systemRandomness } from '../../lib/runtime/ids.ts';
import { rateBudget } from '../../lib/runtime/rate-budget.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { route53ClientDefaults, route53Zone } from '../../lib/zone/route53/route53-zone.ts';
import { freePort, startServer } from '../aws/server-process.ts';
import { pythonOfClients } from './python-of-clients.ts';

let url: string;
let folder: string;
let end: (() => Promise<void>) | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-moto-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  end = await startServer({
    name: 'moto',
    file: pythonOfClients(),
    args: ['-m', 'moto.server', '--host', '127.0.0.1', '--port', String(port)],
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
    logFile: join(folder, 'moto.log'),
    probe: `${url}/moto-api/data.json`,
  });
});

afterAll(async () => {
  await end?.();
  await rm(folder, { recursive: true, force: true });
});

// Many people test against moto, and LocalStack's Route 53 is moto's (docs/adr/0050-independent-emulators.md).
test("doctor calls moto's Route 53 not safe, and says of what it falls short", async () => {
  const client = new Route53Client({
    ...route53ClientDefaults,
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  });
  const { HostedZone } = await client.send(
    new CreateHostedZoneCommand({ Name: 'moto.test', CallerReference: 'one' }),
  );
  const zone = route53Zone(client, HostedZone?.Id ?? '', {
    clock: systemClock,
    randomness: systemRandomness,
    budget: rateBudget(
      { clock: systemClock, randomness: systemRandomness },
      { requestsPerSecond: 10_000, burst: 10_000, reserve: 0 },
    ),
    telemetry: silentTelemetry,
    deadlineMs: 20_000,
  });
  const { verdict, checks } = await examine({ zone, clock: systemClock, randomness: systemRandomness });
  client.destroy();
  expect(verdict).toBe('unsafe');
  const gaps = checks.filter(({ result }) => result === 'gap').map(({ id }) => id);
  // Nothing of Pawl is ever applied there: not even the fence can move.
  expect(gaps).toEqual(expect.arrayContaining(['atomic-batch', 'replacement', 're-assertion', 'order']));
});
