import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { AskedWorld } from './asked-world.ts';
import { askedWorld } from './asked-world.ts';

/*
 * A file goes out in waves in a running world, and another one is taken back in its first wave, while a client asks every
 * 20 ms: not one answer is missing.
 */

const CELLS = ['use1', 'euw1', 'apse2'];
const WAVES = 'use1; euw1,apse2';
/** Long enough to see what fails. */
const BAKE_MS = 15_000;
const BAKE = `${BAKE_MS / 1_000}s`;
const PATIENCE = { timeout: 60_000, interval: 200 };

/** Each cell has an endpoint whose two targets have addresses of this network. */
function fleet(network: string): string {
  const cell = (name: string, index: number) => `  ${name}:
    zone: example.test
    policy: { coalesce_s: 0, capacity_removed_percent: 100 }
    targets:
      ${name}-1: { az: az1, capacity: 10, ipv4: ${network}.${index * 10 + 1} }
      ${name}-2: { az: az2, capacity: 10, ipv4: ${network}.${index * 10 + 2} }
    endpoints: { ${name}.example.test: { kind: addresses, targets: [${name}-1, ${name}-2] } }
`;
  return `version: 1\ncells:\n${CELLS.map(cell).join('')}`;
}

/** The networks of what each cell's endpoint answers. */
async function networks(world: AskedWorld): Promise<readonly string[]> {
  const found: string[] = [];
  for (const cell of CELLS) {
    const { out } = await world.run('resolve', `${cell}.example.test`, '--count', '20', '--json');
    found.push([...new Set(out.match(/\d+\.\d+\.\d+(?=\.\d+")/g))].join(' '));
  }
  return found;
}

it('a good file reaches every wave, and a bad one is taken back where it was seen first', async () => {
  const [before, good, bad] = ['192.0.2', '198.51.100', '203.0.113'];
  const file = join(await temporaryFolder(), 'fleet.yaml');
  const push = async (network = '', bake = '') => {
    await writeFile(file, fleet(network));
    return world.run('fleet', 'push', file, '--waves', WAVES, '--bake', bake, '--yes');
  };
  await writeFile(file, fleet(before));
  const world = await askedWorld(await temporaryFolder(), file);
  world.ask(CELLS.map((cell) => ({ name: `${cell}.example.test`, type: 'A' })));

  const went = await push(good, '1s');
  expect(went, went.out).toMatchObject({ code: 0 });
  expect(went.out).toMatch(/Wave 1 of 2: declared in use1[\s\S]*Wave 2 of 2: declared in euw1, apse2/);
  await expect.poll(() => networks(world), PATIENCE).toEqual([good, good, good]);

  // What was declared less than a bake ago may be another rollout's.
  await setTimeout(BAKE_MS);
  const pushing = push(bad, BAKE);
  await expect.poll(() => networks(world), PATIENCE).toEqual([bad, good, good]);
  // Nobody listens at these addresses: health checks say so.
  for (const target of ['use1-1', 'use1-2'])
    await world.run('target', 'observe', target, '--health', 'unhealthy');
  const stopped = await pushing;
  expect(stopped, stopped.out).toMatchObject({ code: 1 });
  expect(stopped.out).toMatch(/use1\.example\.test is kept back \(.*no-answer\)/);
  expect(stopped.out).toContain('Never declared in euw1, apse2');
  await expect.poll(() => networks(world), PATIENCE).toEqual([good, good, good]);

  // It says what brings the file of before back.
  const earlier = /pawl (fleet push --from-ledger \S+)\n\s+pawl (resume use1)/.exec(stopped.out);
  expect(earlier).not.toBeNull();
  for (const target of ['use1-1', 'use1-2'])
    await world.run('target', 'observe', target, '--health', 'healthy');
  for (const line of earlier?.slice(1) ?? []) {
    const { code, out } = await world.run(...line.split(' '), ...(line.startsWith('fleet') ? ['--yes'] : []));
    expect(code, out).toBe(0);
  }
  await expect.poll(async () => (await world.run('status')).code, PATIENCE).toBe(0);
  expect(await networks(world)).toEqual([good, good, good]);
  expect((await world.run('verify')).code).toBe(0);
  const { questions, missing } = world.asked();
  expect(missing).toEqual([]);
  expect(questions).toBeGreaterThan(100);
}, 240_000);
