import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import type { Route53Server } from '../../lib/emulator/wire/http-server.ts';
import { serveRoute53 } from '../../lib/emulator/wire/http-server.ts';
import { pythonOfClients } from './python-of-clients.ts';

const run = promisify(execFile);
const WALK = fileURLToPath(new URL('boto3_walk.py', import.meta.url));

let server: Route53Server;

beforeEach(async () => {
  const core = createRoute53(
    { ...PROMPT_ROUTE53, insyncDelayMs: 300 },
    {
      now: () => Date.now(),
      id: (prefix) => `${prefix}${randomUUID().replaceAll('-', '').slice(0, 20).toUpperCase()}`,
    },
  );
  server = await serveRoute53(core, { port: 0 });
});

afterEach(async () => {
  await server.close();
});

test('boto3 makes a zone, changes, pages, waits, is refused, and cleans up', async () => {
  const { stdout } = await run(pythonOfClients(), [WALK, server.url], { timeout: 60_000 });
  const seen: unknown = JSON.parse(stdout);
  const refused = (code: string, status: number, known: string, message: unknown) => ({
    ...{ code, status, known, message },
  });
  expect(seen).toMatchObject({
    zone: { id: expect.stringMatching(/^\/hostedzone\/Z[0-9A-F]{20}$/), name: 'boto.test.' },
    name_servers: 4,
    submitted: 'PENDING',
    settled: 'INSYNC',
    pages: 4,
    records: 104,
    names: ['\\052.boto.test.', 'boto.test.', 'fence.boto.test.', 'tree.boto.test.'],
    identifiers: 101,
    errors: {
      stale: refused(
        'InvalidChangeBatch',
        400,
        'InvalidChangeBatch',
        "[Tried to delete resource record set [name='fence.boto.test.', type='TXT'] but the values provided do not match the current values, Tried to create resource record set [name='fence.boto.test.', type='TXT'] but it already exists]",
      ),
      create: refused(
        'InvalidChangeBatch',
        400,
        'InvalidChangeBatch',
        "[Tried to create resource record set [name='fence.boto.test.', type='TXT'] but it already exists]",
      ),
      weight: refused(
        'InvalidChangeBatch',
        400,
        'InvalidChangeBatch',
        "[Tried to delete resource record set [name='tree.boto.test.', type='A', set-identifier='target-001'] but the values provided do not match the current values]",
      ),
      no_change: refused('NoSuchChange', 404, 'NoSuchChange', expect.stringContaining('CNONE')),
      no_zone: refused('NoSuchHostedZone', 404, 'NoSuchHostedZone', 'No hosted zone found with ID: ZNONE'),
      not_empty: refused('HostedZoneNotEmpty', 400, 'HostedZoneNotEmpty', expect.any(String)),
      no_action: refused('InvalidAction', 404, 'ClientError', expect.any(String)),
    },
    left: [],
  });
});
