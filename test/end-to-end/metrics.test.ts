import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, test } from 'vitest';
import { METRIC_FACTS } from '../../lib/telemetry/metric-facts.ts';
import { writeFleet } from '../local/small-fleet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pawl, pawlStart } from './start-process.ts';

const ADDRESS = /http:\/\/127[.]0[.]0[.]1:\d+\/metrics/;

/** Asks again until the text has it. */
async function scraped(url: string, wanted: RegExp): Promise<string> {
  const end = AbortSignal.timeout(20_000);
  for (;;) {
    const text = await (await fetch(url, { signal: end })).text();
    if (wanted.test(text)) return text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('npm start gives Prometheus what every worker counts in every cell, under the names of CloudWatch', async () => {
  const folder = await temporaryFolder();
  const world = pawlStart(folder, await writeFleet(folder, { cells: ['one', 'two'] }), '--metrics-port', '0');
  await world.prints(ADDRESS);
  const [url = ''] = ADDRESS.exec(world.stdout()) ?? [];
  const text = await scraped(url, /^AuditsMade[{]cell="two",worker="auditor"[}] [1-9]/m);
  for (const cell of ['one', 'two']) {
    for (const worker of ['enactor-a', 'enactor-b', 'enactor-c'])
      expect(text).toMatch(new RegExp(`^EnactorRuns[{]cell="${cell}",worker="${worker}"[}] [1-9]`, 'm'));
    expect(text).toMatch(new RegExp(`^PlannerRuns[{]cell="${cell}",worker="planner"[}] [1-9]`, 'm'));
    expect(text).toMatch(new RegExp(`^PlannerBlocked[{]cell="${cell}",worker="planner"[}] 0$`, 'm'));
  }
  const names = [...text.matchAll(/^([A-Za-z]\w*)\{/gm)].map(([, name = '']) => name);
  expect([...new Set(names)].filter((name) => !METRIC_FACTS.has(name))).toEqual([]);
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  world.child.kill('SIGINT');
  expect(await world.ended(), world.stderr()).toEqual({ code: 0, signal: null });
  await expect(fetch(url)).rejects.toThrow();
});

it('says in a sentence that the port is in use, and works', async () => {
  const folder = await temporaryFolder();
  const first = pawlStart(folder, await writeFleet(folder), '--metrics-port', '0');
  await first.prints(ADDRESS);
  const port = /:(\d+)\/metrics/.exec(first.stdout())?.[1] ?? '';
  const other = await temporaryFolder();
  const second = pawlStart(other, await writeFleet(other), '--until-converged', '--metrics-port', port);
  expect((await second.ended()).code, second.stderr()).toBe(0);
  expect(second.stdout()).toMatch(
    /metrics: The port \d+ on 127[.]0[.]0[.]1, for metrics, is in use.*--metrics-port[.]/,
  );
  first.child.kill('SIGINT');
  await first.ended();
});

it('serves the metrics of a holder of a lease', async () => {
  const folder = await temporaryFolder();
  const world = pawlStart(folder, await writeFleet(folder));
  await world.prints('Try, in another terminal:');
  const members = join(folder, 'rack.members');
  await writeFile(members, 'host-1\n');
  const holder = pawl(
    ...['lease', 'hold', 'one', 'rack', '--az', 'use1-az1', '--members', members, '--by', 'holder'],
    ...['--folder', join(folder, '.pawl'), '--lock', folder, '--metrics-port', '0'],
  );
  onTestFinished(() => {
    holder.child.kill('SIGKILL');
  });
  while (!ADDRESS.test(holder.stderr()) && holder.child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const [url = ''] = ADDRESS.exec(holder.stderr()) ?? [];
  const text = await scraped(url, /^HoldPeriods[{]/m);
  expect(text).toMatch(/^HoldPeriods[{]cell="one",az="use1-az1",group="rack",worker="holder"[}] 1$/m);
  expect(text).toMatch(/^HoldMayAct[{].*[}] 0$/m);
  holder.child.kill('SIGINT');
  expect((await holder.ended()).code, holder.stderr()).toBe(0);
  world.child.kill('SIGINT');
  await world.ended();
});
