import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LeaseRow } from '../../lib/lease/lease-row.ts';
import type { LeaseTable } from '../../lib/lease/lease-table.ts';
import type { Report } from '../../lib/local/reports.ts';
import { DEFAULT_INTERVALS, startLocalWorld } from '../../lib/local/start-local-world.ts';
import { cellName } from '../../lib/plan/names.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { NOTHING_CUT, writeLeaseCuts } from '../../lib/wiring/lease-cuts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CELL = cellName('use1-a');
const ZONES = ['use1-az1', 'use1-az2', 'use1-az4'];
const GROUPS = 60;
const NAMES = ['api.example.test', 'shop.example.test'];
const S = 1_000;
/** Longer than a holder may act without a tick (226 s), so that every row is taken back. */
const CUT_MS = 240 * S;
const LOOKS_MAX = 600;

/** The rows of all zones by zone and group. */
async function rowsOf(leases: LeaseTable): Promise<ReadonlyMap<string, LeaseRow>> {
  const rows = new Map<string, LeaseRow>();
  for (const az of ZONES) {
    const { rows: page } = await leases.readRows({ cell: CELL, az });
    for (const read of page) if (read.type === 'row') rows.set(`${az} ${read.row.group}`, read.row);
  }
  return rows;
}

/** How often each row was written between two looks. */
function writes(
  before: ReadonlyMap<string, LeaseRow>,
  after: ReadonlyMap<string, LeaseRow>,
): readonly number[] {
  return [...after].map(([key, { s }]) => s - (before.get(key)?.s ?? 0));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

test('a cut of the table in a local world: nobody lapses, nothing leaves DNS, and all are back in two periods', async () => {
  const folder = await temporaryFolder();
  const reports: Report[] = [];
  const running = await startLocalWorld({
    folder,
    fleetFile: join(import.meta.dirname, '../../examples/leases.yaml'),
    ...{ dnsPort: 0, route53Port: 0, insyncDelayMs: 50, intervals: DEFAULT_INTERVALS },
    report: (report) => reports.push(report),
  });
  try {
    const { leases } = running.world;
    if (leases === undefined) throw new Error('A local world has a table of leases.');
    const resolver = new Resolver({ timeout: 2_000, tries: 3 });
    resolver.setServers([`${running.facts.dns.host}:${running.facts.dns.port}`]);
    const answers = async () => {
      for (const name of NAMES) expect(await resolver.resolve4(name)).toHaveLength(1);
    };
    const eventsSince = (from: number, ...types: readonly string[]) =>
      reports.slice(from).flatMap((report) => {
        const { type } = report.type === 'event' ? report.event.event : { type: '' };
        return types.includes(type) ? [type] : [];
      });

    // A new group serves once it was heard in two ticks: a minute and a half.
    await until(async () => {
      const rows = [...(await rowsOf(leases)).values()];
      const isHeard = rows.length === GROUPS && rows.every(({ t, since }) => t > since);
      return isHeard && (await running.convergence()).every(({ converged }) => converged);
    });
    await answers();

    const rest = await rowsOf(leases);
    await systemClock.sleep(60 * S);
    const rested = writes(rest, await rowsOf(leases));

    const from = reports.length;
    await writeLeaseCuts(folder, { store: true, zones: [] });
    for (let waited = 0; waited < CUT_MS; waited += 10 * S) {
      await answers();
      await systemClock.sleep(10 * S);
    }
    expect(eventsSince(from, 'SourcesBlind')).toEqual(['SourcesBlind']);

    await writeLeaseCuts(folder, NOTHING_CUT);
    const mended = await rowsOf(leases);
    const minute = systemClock.sleep(60 * S);
    await until(async () => writes(mended, await rowsOf(leases)).every((count) => count > 0));
    const back = await rowsOf(leases);
    // Two periods: nobody has tried more often when the last one is heard.
    expect(Math.max(...writes(mended, back))).toBeLessThanOrEqual(2);
    await minute;
    const returned = writes(mended, await rowsOf(leases));

    // At most one write a row a period, 18 to 22 s: two to four in a minute, at rest as after the cut.
    for (const each of [rested, returned]) {
      expect(each).toHaveLength(GROUPS);
      expect(Math.max(...each)).toBeLessThanOrEqual(4);
      expect(sum(each)).toBeGreaterThanOrEqual(2 * GROUPS);
    }
    // The first minute back has no more than one at rest, but for a period that falls into the one and not the other.
    expect(sum(returned)).toBeLessThanOrEqual(sum(rested) + GROUPS / 2);
    // Every holder's time had ended: each took its own row back, once, by the same single write.
    for (const [key, { e }] of back) expect(e).toBe((rest.get(key)?.e ?? 0) + 1);
    await answers();
    expect(eventsSince(from, 'TargetsObserved', 'PlanAppended', 'EndpointsKeptBack')).toEqual([]);
  } finally {
    await running.stop();
  }
});

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    if (await isTrue()) return;
    await systemClock.sleep(S);
  }
  throw new Error('It did not come about.');
}
