import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readWorldFile } from '../../lib/wiring/world-file.ts';
import { smallFleet, writeFleet } from '../local/small-fleet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { PawlProcess } from './start-process.ts';
import { pawl, pawlStart } from './start-process.ts';

const CONVERGED = { code: 0, signal: null };

/** Files by which a world is found or held. */
async function traces(folder: string): Promise<readonly string[]> {
  return (await readdir(join(folder, '.pawl'))).filter((file) => /lock|world/.test(file));
}

async function running(folder: string): Promise<{ readonly world: PawlProcess; readonly dns: Resolver }> {
  const world = pawlStart(folder, await writeFleet(folder, { cells: ['one', 'two'] }));
  await world.prints('Try, in another terminal:');
  const facts = await readWorldFile(join(folder, '.pawl'));
  if (facts === undefined) throw new Error('the world is not to be found');
  const dns = new Resolver();
  dns.setServers([`${facts.dns.host}:${facts.dns.port}`]);
  return { world, dns };
}

describe('pawl start --until-converged', () => {
  it('ends with a summary once every cell is at its goal, and a second run goes on there', async () => {
    const folder = await temporaryFolder();
    const fleet = await writeFleet(folder, { cells: ['one', 'two'] });
    const first = pawlStart(folder, fleet, '--until-converged');
    expect(await first.ended(), first.stderr()).toEqual(CONVERGED);
    expect(first.stdout()).toMatch(/^local world of process \d+ \(.*\.pawl\)\n/);
    expect(first.stdout()).toMatch(/one +plan @1 appended by planner: 1 added \(api\.one\.test\)/);
    expect(first.stdout()).toMatch(
      // Whoever looks first records the flip, and that may be another enactor than the one that made it.
      /two +(plan @1 applied by|fence found at seq 2 under plan @1, written by) enactor-[abc]/,
    );
    expect(first.stdout()).toMatch(/^one +one\.test +converged +@1 +@1 +\d+ +1$/m);
    expect(await traces(folder)).toEqual([]);
    const second = pawlStart(folder, fleet, '--until-converged');
    expect(await second.ended(), second.stderr()).toEqual(CONVERGED);
    expect(second.stdout()).toContain('going on where this world stopped');
    expect(second.stdout()).toMatch(/^two +two\.test +converged +@1 +@1 +\d+ +1$/m);
  });

  it('prints a document a line with --json', async () => {
    const folder = await temporaryFolder();
    const start = pawlStart(folder, await writeFleet(folder), '--until-converged', '--json');
    expect(await start.ended(), start.stderr()).toEqual(CONVERGED);
    const documents = start
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(documents[0]).toMatchObject({ type: 'fleet', fleet: { type: 'pushed' } });
    expect(documents.at(-1)).toMatchObject({
      type: 'summary',
      converged: true,
      cells: [{ cell: 'one', applied: 1 }],
    });
  });

  it('ends with 1 when a cell is not at its goal in time', async () => {
    const folder = await temporaryFolder();
    const slow = ['--insync-ms', '60000', '--within', '1'];
    const start = pawlStart(folder, await writeFleet(folder), '--until-converged', ...slow);
    expect((await start.ended()).code, start.stderr()).toBe(1);
    expect(start.stdout()).toMatch(/^one +one\.test +not converged/m);
    expect(await traces(folder)).toEqual([]);
  });
});

describe('pawl start', () => {
  it('answers a real resolver with the planned targets, and ends cleanly at Ctrl-C', async () => {
    const folder = await temporaryFolder();
    const { world, dns } = await running(folder);
    expect(world.stdout()).toContain('Every cell is at its goal (one, two).');
    const seen = new Set<string>();
    for (let query = 0; query < 40; query += 1)
      for (const a of await dns.resolve4('api.one.test')) seen.add(a);
    expect([...seen].sort()).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(await dns.resolve6('api.two.test')).toEqual(['2001:db8::1']);
    await expect(dns.resolve4('none.two.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    world.child.kill('SIGINT');
    expect(await world.ended(), world.stderr()).toEqual({ code: 0, signal: null });
    expect(await traces(folder)).toEqual([]);
  });

  it('ends at once at a second Ctrl-C, and the next start takes the folder over', async () => {
    const folder = await temporaryFolder();
    const { world } = await running(folder);
    // Stopped, so that both are there before it has done anything about the first.
    for (const signal of ['SIGSTOP', 'SIGINT', 'SIGTERM', 'SIGCONT'] as const) world.child.kill(signal);
    expect((await world.ended()).code).toBe(130);
    expect(await traces(folder)).toHaveLength(2);
    const fleet = await writeFleet(folder, { cells: ['one', 'two'] });
    const next = pawlStart(folder, fleet, '--until-converged');
    expect(await next.ended(), next.stderr()).toEqual(CONVERGED);
    expect(next.stdout()).toMatch(/^one +one\.test +converged +@1 +@1 /m);
  });

  it('goes on after it was killed', async () => {
    const folder = await temporaryFolder();
    const { world } = await running(folder);
    world.child.kill('SIGKILL');
    expect((await world.ended()).signal).toBe('SIGKILL');
    const { dns } = await running(folder);
    expect(await dns.resolve6('api.one.test')).toHaveLength(1);
  });

  it('refuses a folder that another world runs on', async () => {
    const folder = await temporaryFolder();
    const { world, dns } = await running(folder);
    const second = pawlStart(folder, join(folder, 'fleet.yaml'));
    expect((await second.ended()).code).toBe(2);
    expect(second.stderr()).toBe(
      `pawl: A world of process ${world.child.pid} runs on the folder ${folder}/.pawl already: end it first, or give another --folder.\n`,
    );
    expect(second.stdout()).toBe('');
    expect(await dns.resolve6('api.two.test')).toHaveLength(1);
  });

  it('says what is wrong with a fleet file, or which port is in use, and ends with 2', async () => {
    const folder = await temporaryFolder();
    const bad = join(folder, 'bad.yaml');
    await writeFile(bad, smallFleet().replace('targets: [a-1', 'targts: [a-1'));
    const wrong = pawlStart(folder, bad);
    expect((await wrong.ended()).code).toBe(2);
    expect(wrong.stderr()).toMatch(/bad\.yaml:\d+:\d+: .*targts/);
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => {
      taken.close();
    });
    const { port } = taken.address() as AddressInfo;
    const busy = pawlStart(folder, await writeFleet(folder), '--route53-port', String(port));
    expect((await busy.ended()).code).toBe(2);
    expect(busy.stderr()).toMatch(
      new RegExp(`^pawl: The port ${port} on 127\\.0\\.0\\.1, for Route 53, is in use:.*\n$`),
    );
    expect(await traces(folder)).toEqual([]);
  });

  it('is not for a table in AWS', async () => {
    const start = pawl('start', '--table', 'pawl');
    expect((await start.ended()).code).toBe(2);
    expect(start.stderr()).toMatch(
      /^pawl: start runs a local world: leave out --table, --region and --rate\.\n$/,
    );
  });
});
