import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeFiles } from '../../../lib/cli/zone/import-files.ts';

let folder = '';
let from: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-import-'));
  const file = join(folder, 'example.com.yaml');
  await writeFile(file, 'www: {type: A, ttl: 60, value: 192.0.2.1}\n');
  from = [`octodns:${file}`];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('refuses two ids of a zone that are not one', async () => {
  await expect(describeFiles(from, { zone: 'Z123', zoneId: 'Z999' }, {})).rejects.toThrow(
    '--zone Z123 and --zone-id Z999 are two zones: give one of them.',
  );
});

it('takes an id that is said twice, and a name with an id', async () => {
  const twice = await describeFiles(from, { zone: 'Z123', zoneId: 'Z123' }, {});
  expect(twice.zone.name).toBe('example.com');
  const named = await describeFiles(from, { zone: 'example.com', zoneId: 'Z999' }, {});
  expect(named.zone.name).toBe('example.com');
});
