import { Resolver } from 'node:dns/promises';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWorldFile } from '../../lib/wiring/world-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pawl, pawlStart } from './start-process.ts';

/*
 * The product as a person has it: a world in one terminal, commands in another, a real resolver asking throughout.
 * Everything here is a child process; nothing is reached but by the command line and DNS.
 */
const FLEET = (address: string, health = 'healthy') => `version: 1
defaults: { policy: { coalesce_s: 0, capacity_removed_percent: 100, endpoints_changed_percent: 100 } }
cells:
  use1-a:
    zone: example.test
    targets:
      api-1: { az: az1, capacity: 100, ipv4: ${address} }
      api-2: { az: az2, capacity: 300, ipv4: 192.0.2.2, health: ${health} }
    endpoints:
      api.example.test: { kind: addresses, targets: [api-1, api-2] }
`;

const GOAL_PATIENCE = 100;

interface Shell {
  run(
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  /** Waits until the cell has applied this generation. */
  applied(generation: number): Promise<void>;
  addresses(): Promise<readonly string[]>;
  /** Every query so far was answered. */
  neverEmpty(): void;
}

async function openShell(folder: string): Promise<Shell> {
  const facts = await readWorldFile(join(folder, '.pawl'));
  if (facts === undefined) throw new Error('the world is not to be found');
  const dns = new Resolver();
  dns.setServers([`${facts.dns.host}:${facts.dns.port}`]);
  let empty = 0;
  const run: Shell['run'] = async (...args) => {
    const child = pawl(...args, '--folder', join(folder, '.pawl'));
    const { code } = await child.ended();
    return { code, out: child.stdout(), err: child.stderr() };
  };
  const addresses = async () => {
    const seen = new Set<string>();
    for (let query = 0; query < 30; query += 1) {
      const answers = await dns.resolve4('api.example.test').catch(() => []);
      if (answers.length === 0) empty += 1;
      for (const answer of answers) seen.add(answer);
    }
    return [...seen].sort();
  };
  return {
    run,
    addresses,
    neverEmpty: () => expect(empty).toBe(0),
    applied: async (generation) => {
      for (let look = 0; look < GOAL_PATIENCE; look += 1) {
        const { out } = await run('status', '--json');
        const [cell] = (JSON.parse(out) as { cells: { applied: { generation: number } | null }[] }).cells;
        await addresses();
        if (cell?.applied?.generation === generation) return;
      }
      throw new Error(`generation ${generation} was not applied`);
    },
  };
}

describe('a person at the command line', () => {
  it('pushes, looks, freezes, thaws, drains, rolls back and rescues, and the name always answers', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'fleet.yaml');
    await writeFile(file, FLEET('192.0.2.1'));
    const world = pawlStart(folder, file);
    await world.prints('Try, in another terminal:');
    const shell = await openShell(folder);
    expect(await shell.addresses()).toEqual(['192.0.2.1', '192.0.2.2']);

    const resolved = await shell.run('resolve', 'api.example.test', '--count', '200', '--json');
    expect(resolved.code, resolved.err).toBe(0);

    await writeFile(file, FLEET('192.0.2.11'));
    expect((await shell.run('fleet', 'push', file)).code).toBe(2);
    expect(await shell.run('fleet', 'push', file, '--yes')).toMatchObject({ code: 0 });
    await shell.applied(2);
    expect(await shell.addresses()).toContain('192.0.2.11');

    expect(await shell.run('freeze', 'use1-a', '--reason', 'a test')).toMatchObject({ code: 0 });
    await writeFile(file, FLEET('192.0.2.12'));
    expect(await shell.run('fleet', 'push', file, '--yes')).toMatchObject({ code: 0 });
    expect((await shell.run('status')).code).toBe(1);
    expect(await shell.addresses()).toContain('192.0.2.11');
    expect(await shell.run('thaw', 'use1-a')).toMatchObject({ code: 0 });
    await shell.applied(3);
    expect(await shell.addresses()).toContain('192.0.2.12');

    expect(await shell.run('target', 'drain', 'api-2', '--reason', 'a test', '--yes')).toMatchObject({
      code: 0,
    });
    await shell.applied(4);
    expect(await shell.addresses()).toEqual(['192.0.2.12']);

    expect(await shell.run('rollback', 'use1-a', '--to', '1', '--yes')).toMatchObject({ code: 0 });
    await shell.applied(5);
    expect(await shell.addresses()).toEqual(['192.0.2.1', '192.0.2.2']);

    const rescue = await shell.run(
      'rescue',
      '--to-rollback',
      '--cell',
      'use1-a',
      '--zone',
      'example.test',
      '--yes',
    );
    expect(rescue, rescue.err).toMatchObject({ code: 0 });
    // The name servers lag behind the command by the emulator's INSYNC delay.
    await expect.poll(() => shell.addresses()).toEqual(['192.0.2.12']);

    expect(await shell.run('verify')).toMatchObject({ code: 0 });
    const history = await shell.run('history', '--cell', 'use1-a', '--json', '--limit', '100');
    expect(history.out).toContain('CellFrozen');
    shell.neverEmpty();
    world.child.kill('SIGINT');
    expect(await world.ended(), world.stderr()).toEqual({ code: 0, signal: null });
  });

  it('is told in one sentence what is wrong with a file, and nothing is written', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'fleet.yaml');
    await writeFile(file, FLEET('192.0.2.1'));
    const world = pawlStart(folder, file);
    await world.prints('Try, in another terminal:');
    const shell = await openShell(folder);
    await writeFile(file, FLEET('2001:db8::1'));
    const pushed = await shell.run('fleet', 'push', file, '--yes');
    expect(pushed.code).toBe(2);
    expect(pushed.err).toMatch(/fleet\.yaml:7:\d+: .*IPv6/);
    await writeFile(file, FLEET('192.0.2.1').replaceAll('example.test', 'missing.test'));
    const moved = await shell.run('fleet', 'push', file, '--yes');
    expect(moved.code).toBe(2);
    expect(moved.err.match(/^pawl: .*missing\.test.*$/gm), moved.err).toHaveLength(1);
    expect(moved.err).not.toMatch(/^\s+at /m);
    const history = await shell.run('history', '--json');
    expect((history.out.match(/FleetDeclared/g) ?? []).length).toBe(1);
  });
});
