import { lookAtCells } from '../../lib/cli/look/look-at-cells.ts';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import { apiFleet } from '../plan/given-fleet.ts';
import { countedLedger } from './counted-ledger.ts';
import { declareIn } from './declared-cell.ts';

const NOW = 1_790_000_000_000;

/** What `pawl status` asks of a ledger in memory with so many cells, each planned and none applied. */
export async function looksAtScale(cells: number): Promise<{
  readonly calls: Readonly<Record<string, number>>;
  readonly route53: number;
  readonly seconds: number;
}> {
  const ledger = memoryLedger('5be1c07a', { firstFormat: NEWEST_LEDGER_FORMAT });
  const clock = { now: () => instant(NOW), sleep: async () => undefined };
  const deps = { ledger, source: staticSource(), clock, telemetry: silentTelemetry, name: 'planner' };
  for (let index = 1; index <= cells; index += 1) {
    const cell = cellName(`cell-${index}`);
    const [endpoint] = apiFleet(1).endpoints;
    if (endpoint === undefined) throw new Error('The fleet has no endpoint.');
    const zone = dnsName(`cell-${index}.example.test`);
    const named = { ...endpoint, name: dnsName(`api.${zone}`) };
    await declareIn(ledger, { ...apiFleet(1), cell, zone, zoneId: `Z${index}`, endpoints: [named] });
    await planCell(deps, { cell, append: true });
  }
  let route53 = 0;
  const zone = (id: string): Zone => ({
    id,
    listRecords: async () => {
      route53 += 1;
      return { records: [] };
    },
    describe: async () => {
      route53 += 1;
      return { id, name: dnsName('example.test'), recordCount: 2, private: false };
    },
    change: () => Promise.reject(new Error('Nobody changes a zone here.')),
    changeStatus: () => Promise.reject(new Error('Nobody changes a zone here.')),
  });
  const { counted, calls } = countedLedger(ledger);
  const world = { clock, telemetry: silentTelemetry, operator: 'reader', zone };
  const began = performance.now();
  const names = await counted.cells();
  await lookAtCells(world, counted, names);
  return { calls: Object.fromEntries(calls), route53, seconds: (performance.now() - began) / 1_000 };
}
