import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { leaseSource } from '../../../lib/fleet/sources/lease-source.ts';
import type { Hearing } from '../../../lib/lease/hear-zone.ts';
import { judgeZone } from '../../../lib/lease/judge-zone.ts';
import { instant } from '../../../lib/runtime/clock.ts';
import { standingLeases } from '../../support/lease-pages.ts';
import { LEASED_CELL, leasedFleet } from '../../support/leased-fleet.ts';
import { BYTES_A_MB, report } from '../report.ts';

/**
 * What a planner's look at so many members costs, in three zones, in rows that are full: reading through the real client
 * and its wire format, without a network, and judging. Units and pages are exact; times are of this machine.
 */
const members = Number(process.argv[2] ?? 10_000);
const ROUNDS = 11;
const NOW = Date.UTC(2026, 10, 28);

setFlagsFromString('--expose-gc');
const collected: unknown = runInNewContext('gc');
const usedMb = (): number => {
  if (typeof collected === 'function') collected();
  return process.memoryUsage().heapUsed / BYTES_A_MB;
};

const { zones, targets } = leasedFleet(members, NOW);
const { leases, counts } = standingLeases(zones);
let hearings: readonly Hearing[] = [];
const source = leaseSource({
  leases,
  clock: { now: () => instant(NOW) },
  heard: (_, heard) => {
    hearings = heard;
  },
});
const before = usedMb();
const { type } = await source.look(targets, LEASED_CELL);
if (type !== 'observed') throw new Error('The look saw nothing.');
const heapMb = usedMb() - before;
const { requests, pages, units } = counts;
const look = await times(async () => {
  await source.look(targets, LEASED_CELL);
});
const leased = zones.map(({ zone: { az } }) =>
  targets
    .filter((target) => target.az === az)
    .map(({ id, capacity, before: was, reference }) => ({
      ...{ id, capacity, before: was, group: String(reference['group']) },
    })),
);
const judge = await times(async () => {
  for (const [index, hearing] of hearings.entries()) judgeZone(hearing, leased[index] ?? []);
});
report(`leases of ${members}`, {
  ...{ rows: targets.length, requests, pages, read_units: units },
  ...{ look_ms: look, judge_ms: judge, heap_mb: heapMb },
});

/** The median of so many rounds, milliseconds. */
async function times(round: () => Promise<void>): Promise<number> {
  const taken: number[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    const started = performance.now();
    await round();
    taken.push(performance.now() - started);
  }
  return taken.sort((a, b) => a - b)[(ROUNDS - 1) / 2] ?? 0;
}
