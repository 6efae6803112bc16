import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPage } from '../../lib/cli/page/open-page.ts';
import { PAGE_PATHS } from '../../lib/page/page-files.ts';
import { recordsUnder } from '../../lib/zone/read-records.ts';
import type { WorldUnderTest } from '../local/running-world.ts';
import { converged, startWorld } from '../local/running-world.ts';
import { writeFleet } from '../local/small-fleet.ts';
import { askPage } from '../page/asked-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pawl, pawlStart } from './start-process.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const VIEWS = [
  ...['/api/world', '/api/cell/one', '/api/name/api.one.test', '/api/log/one/4', '/api/compare/one/1/1'],
  ...['/api/cell/none', '/api/name/none.test', '/api/compare/one/1/9', '/api/thaw/one', '/api/cell/one/thaw'],
];

/** Everything that the ledger and the zones of a world hold. */
async function everything({ world, account }: WorldUnderTest): Promise<string> {
  const ledger = await world.ledger();
  const cells = await ledger.cells();
  const logs = await Promise.all(
    cells.map((cell) => ledger.events(cell, { after: 0, limit: 1_000, order: 'forward' })),
  );
  const zones = await Promise.all(account.zones().map(({ id, name }) => recordsUnder(world.zone(id), name)));
  return JSON.stringify({ logs, zones });
}

describe('the page of a local world', () => {
  it('changes nothing, whatever it is asked, by any method', async () => {
    const folder = await temporaryFolder();
    const started = await startWorld(folder, await writeFleet(folder, { cells: ['one', 'two'] }));
    await converged(started);
    const troubles: unknown[] = [];
    const onTrouble = (error: unknown): void => {
      troubles.push(error);
    };
    const page = await openPage(started.world, { port: 0, place: '', onTrouble });
    onTestFinished(() => page.close());
    await started.tellEvents();
    const before = await everything(started);
    const followed = await fetch(`${page.url}events`);
    const statuses = new Map<string, Set<number>>();
    for (const method of METHODS) {
      const seen = new Set<number>();
      for (const path of [...PAGE_PATHS, ...VIEWS, '/nothing']) {
        const { status } = await askPage(page.port, path, { method });
        seen.add(status);
        if (status === 503) await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
      statuses.set(method, seen);
    }
    await followed.body?.cancel();
    expect(troubles).toEqual([]);
    for (const method of METHODS.slice(2)) expect([...(statuses.get(method) ?? [])], method).toEqual([405]);
    expect([...(statuses.get('GET') ?? [])].sort()).toEqual(expect.arrayContaining([200, 404]));
    expect(await everything(started)).toBe(before);
  });
});

describe('pawl start', () => {
  it('prints the address of its page before anything has converged, and serves it until it ends', async () => {
    const folder = await temporaryFolder();
    const world = pawlStart(folder, await writeFleet(folder), '--page-port', '0');
    await world.prints(/^Page: http:\/\/127\.0\.0\.1:\d+\/\n/);
    expect(world.stdout()).not.toContain('Try, in another terminal');
    const [, port = ''] = /^Page: http:\/\/127\.0\.0\.1:(\d+)\/\n/.exec(world.stdout()) ?? [];
    expect((await askPage(Number(port), '/')).body).toContain('<title>Pawl</title>');
    expect(JSON.parse((await askPage(Number(port), '/api/world')).body)).toMatchObject({
      world: { kind: 'local', place: `--folder ${folder}/.pawl` },
    });
    const beside = pawl('page', '--port', '0', '--json', '--folder', join(folder, '.pawl'));
    await beside.prints(/"url":"http:/);
    beside.child.kill('SIGINT');
    expect(await beside.ended(), beside.stderr()).toEqual({ code: 0, signal: null });
    const taken = pawl('page', '--port', port, '--folder', join(folder, '.pawl'));
    expect((await taken.ended()).code).toBe(2);
    expect(taken.stderr()).toContain(`pawl: The port ${port} on 127.0.0.1, for the page, is in use`);
    world.child.kill('SIGINT');
    expect(await world.ended(), world.stderr()).toEqual({ code: 0, signal: null });
    await expect(askPage(Number(port), '/')).rejects.toThrow('ECONNREFUSED');
  });

  it('serves none with --no-page', async () => {
    const folder = await temporaryFolder();
    const world = pawlStart(folder, await writeFleet(folder), '--no-page');
    await world.prints('Try, in another terminal');
    expect(world.stdout()).not.toContain('Page:');
  });
});
