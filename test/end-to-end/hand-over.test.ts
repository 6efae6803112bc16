import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { AskedWorld } from './asked-world.ts';
import { askedWorld } from './asked-world.ts';

/*
 * Endpoints go over between cells of a running world, while a client asks every 20 ms: not one answer is missing. The
 * roles run as in any local world; nothing else is reached but by the command line and by DNS.
 */

const NAMES = ['api', 'www', 'lab', '*.apps'].map((label) => `${label}.example.test`);
const QUESTIONS = NAMES.flatMap((name) => [{ name, type: 'A' } as const, { name, type: 'AAAA' } as const]);
const PATIENCE = { timeout: 60_000, interval: 200 };

/** A fleet file whose cells have these endpoints. */
function fleet(cells: Readonly<Record<string, readonly string[]>>): string {
  const cell = (name: string, endpoints: readonly string[]) => `  ${name}:
    zone: example.test
    targets:
      a-1: { az: az1, capacity: 10, ipv4: 192.0.2.1, ipv6: 2001:db8::1 }
      a-2: { az: az2, capacity: 10, ipv4: 192.0.2.2, ipv6: 2001:db8::2 }
    endpoints:
${endpoints.map((each) => `      "${each}": { kind: addresses, targets: [a-1, a-2] }\n`).join('')}`;
  const all = Object.entries(cells).map(([name, endpoints]) => cell(name, endpoints));
  return `version: 1\ndefaults: { policy: { coalesce_s: 0 } }\ncells:\n${all.join('')}`;
}

/** Pushes a fleet file, and waits until every cell of it is converged and owns what it declares. */
async function push(
  world: AskedWorld,
  file: string,
  cells: Readonly<Record<string, readonly string[]>>,
  ...flags: readonly string[]
): Promise<void> {
  await writeFile(file, fleet(cells));
  const pushed = await world.run('fleet', 'push', file, '--yes', ...flags);
  expect(pushed, pushed.out).toMatchObject({ code: 0 });
  await expect
    .poll(async () => (await world.run('status')).out, PATIENCE)
    .not.toMatch(/offers|awaits|behind/);
  await expect.poll(async () => (await world.run('status')).code, PATIENCE).toBe(0);
}

it('an endpoint goes over, a cell is split and renamed, and all of it is undone: every answer is there', async () => {
  const file = join(await temporaryFolder(), 'fleet.yaml');
  await writeFile(file, fleet({ use1: NAMES }));
  const world = await askedWorld(await temporaryFolder(), file);
  world.ask(QUESTIONS);
  const [api = '', www = '', ...others] = NAMES;
  await push(world, file, { use1: [api, ...others], other: [www] });
  await push(world, file, { use1: [api], other: [www, ...others] });
  await push(world, file, { west: [api], other: [www, ...others] }, '--from', 'use1');
  await push(world, file, { use1: NAMES }, '--from', 'west,other');
  const history = (await world.run('history', '--limit', '200')).out;
  expect(history).toContain(`${www} taken over from cell use1`);
  expect(history).toContain(`${api} given: cell west has taken it over`);
  expect((await world.run('verify')).code).toBe(0);
  expect((await world.run('audit', '--no-dns')).code).toBe(0);
  const { questions, missing } = world.asked();
  expect(missing).toEqual([]);
  expect(questions).toBeGreaterThan(100);
}, 240_000);
