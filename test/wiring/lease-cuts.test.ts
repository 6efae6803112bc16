import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { firstTick } from '../../lib/lease/lease-rule.ts';
import type { LeaseTable } from '../../lib/lease/lease-table.ts';
import { LeasesAway } from '../../lib/lease/lease-table.ts';
import { memoryLeases } from '../../lib/lease/memory-leases.ts';
import { cellName } from '../../lib/plan/names.ts';
import { cutLeases, NOTHING_CUT, readLeaseCuts, writeLeaseCuts } from '../../lib/wiring/lease-cuts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ZONE = { cell: cellName('use1-a'), az: 'use1-az1' };
const OTHER = { ...ZONE, az: 'use1-az2' };
const ROW = { group: 'a', e: 1, s: 1, t: 1, since: 1, members: [255], by: 'one', tries: 0 };

const planners = (table: LeaseTable, zone: typeof ZONE) => [
  () => table.readTick(zone),
  () => table.readRows(zone),
  () => table.putTick(zone, firstTick(0), firstTick(1)),
];
const holders = (table: LeaseTable, zone: typeof ZONE) => [
  () => table.readRow(zone, 'a'),
  () => table.putRow(zone, { ...ROW, s: 2 }, { e: 9, s: 9 }),
];

async function isAway(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return false;
  } catch (error) {
    if (error instanceof LeasesAway) return true;
    throw error;
  }
}

test('a cut zone is away for its holders alone, a cut table for everybody, until it is mended', async () => {
  const folder = await temporaryFolder();
  const table = cutLeases(memoryLeases(), folder);
  const away = (calls: readonly (() => Promise<unknown>)[]) => Promise.all(calls.map(isAway));
  const none = [false, false, false];
  expect(await readLeaseCuts(folder)).toEqual(NOTHING_CUT);
  expect(await away(planners(table, ZONE))).toEqual(none);

  await writeLeaseCuts(folder, { store: false, zones: ['use1-az1'] });
  expect(await away(planners(table, ZONE))).toEqual(none);
  expect(await away(holders(table, ZONE))).toEqual([true, true]);
  expect(await away(holders(table, OTHER))).toEqual([false, false]);

  await writeLeaseCuts(folder, { store: true, zones: [] });
  expect(await away([...planners(table, OTHER), ...holders(table, OTHER)])).toEqual(Array(5).fill(true));

  await writeLeaseCuts(folder, NOTHING_CUT);
  expect(await away([...planners(table, ZONE), ...holders(table, ZONE)])).toEqual(Array(5).fill(false));
});

test('a file of cuts that cannot be read cuts nothing', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'lease-cuts.json'), '{"store":');
  expect(await readLeaseCuts(folder)).toEqual(NOTHING_CUT);
});
