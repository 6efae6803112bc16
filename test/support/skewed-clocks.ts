import { serialiseCellFleet } from '../../lib/fleet/cell-fleet-codec.ts';
import type { SourceReading } from '../../lib/fleet/sources/source.ts';
import type { Command } from '../../lib/ledger/decider/commands.ts';
import { latestStamp } from '../../lib/ledger/decider/stamps.ts';
import type { CellState } from '../../lib/ledger/decider/state.ts';
import { execute } from '../../lib/ledger/execute.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import { seq } from '../../lib/plan/generation.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { PlanOutcome } from '../../lib/planner/planner.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { apiFleet } from '../plan/given-fleet.ts';
import { seededChoice } from './seeded-choice.ts';

const START = 1_790_000_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const COALESCE_MS = 30_000;
const WRITERS = ['planner', 'enactor-a', 'auditor', 'operator-ana'] as const;
const ROUNDS = 40;

type WriterName = (typeof WRITERS)[number];

/** How often a time was taken down, and how often a planner waited. */
export interface ClockTally {
  lowered: number;
  coalesced: number;
}

/** What an event's writer wrote, and the earliest time that its window may be counted from. */
interface Written {
  readonly at: number;
  readonly notBefore: number;
}

/**
 * Plays one cell for each seed, in which one writer's clock is wrong by up to two days for half of the time. No time of a
 * state is ever earlier than what it is the time of, unless the clock that is behind wrote it. As soon as two writers whose
 * clocks are right have followed each other, no time lies ahead. And no planner waits for longer than its policy says.
 */
export async function judgeSkewedClocks(first: number, count: number): Promise<ClockTally> {
  const tally: ClockTally = { lowered: 0, coalesced: 0 };
  for (let seed = first; seed < first + count; seed += 1) await judgeCell(seed, tally);
  return tally;
}

async function judgeCell(seed: number, tally: ClockTally): Promise<void> {
  const choose = seededChoice(seed);
  const ledger = memoryLedger('5be1c07a', { firstFormat: NEWEST_LEDGER_FORMAT });
  const fleet = apiFleet(4, { coalesceS: COALESCE_MS / 1_000, endpointsChangedPercent: 100 });
  const { cell } = fleet;
  const wrong = WRITERS[choose(WRITERS.length)];
  const skew = (choose(2) === 0 ? 1 : -1) * (60_000 + choose(2 * DAY_MS));
  let now = START;
  let [round, changes] = [0, 0];
  const skewOf = (by: WriterName): number => (by === wrong && round < ROUNDS / 2 ? skew : 0);
  const written = new Map<string, Written>();
  const right = new Set<WriterName>();

  const asks = async (by: WriterName, command: (state: CellState) => Command | undefined): Promise<void> => {
    const outcome = await execute(ledger, cell, { at: () => now + skewOf(by), by }, ({ state }) =>
      command(state),
    );
    if (outcome.type !== 'appended' && outcome.type !== 'recorded') fail(`${by}: ${outcome.type}`);
  };
  const plans = async (): Promise<PlanOutcome> => {
    changes += 1;
    const capacity = 100 + changes;
    const reading: SourceReading = {
      type: 'observed',
      observations: Object.fromEntries(
        fleet.targets.map(({ id }, index) => [
          id,
          { health: 'healthy', capacity: index === 0 ? capacity : 100 },
        ]),
      ),
    };
    const outcome = await planCell(
      {
        ledger,
        source: { kind: 'live', observe: async () => reading },
        clock: { now: () => instant(now + skewOf('planner')), sleep: async () => undefined },
        telemetry: silentTelemetry,
        name: 'planner',
      },
      { cell, append: true },
    );
    if (outcome.type !== 'coalesced') return outcome;
    tally.coalesced += 1;
    if (outcome.until - now - skewOf('planner') > COALESCE_MS) fail('a planner waits for a time far ahead');
    return outcome;
  };
  const works: Readonly<Record<WriterName, () => Promise<unknown>>> = {
    planner: plans,
    'enactor-a': () =>
      asks('enactor-a', ({ goal, applied }) =>
        goal === null ? undefined : appliedBy(goal, applied?.seq ?? 0),
      ),
    auditor: () => asks('auditor', () => surveyOf(++changes)),
    'operator-ana': () =>
      asks('operator-ana', ({ drained }) =>
        drained.length === 0
          ? { type: 'DrainTarget', target: 't4', reason: 'x' }
          : { type: 'RestoreTarget', target: 't4' },
      ),
  };
  const fail = (what: string): never => {
    throw new Error(`${what} (seed ${seed}, round ${round}, ${wrong} by ${skew} ms)`);
  };
  const note = (by: WriterName): void => {
    if (skewOf(by) === 0) right.add(by);
    else right.clear();
    for (const [what, { key, at }] of Object.entries(timesOf(ledger.peek(cell).state))) {
      const known = written.get(`${what} ${key}`);
      if (known === undefined)
        written.set(`${what} ${key}`, { at, notBefore: now + Math.min(0, skewOf(by)) });
      else if (at < known.notBefore) fail(`the time of ${what} is earlier than it`);
      if (known !== undefined && at < known.at) tally.lowered += 1;
    }
  };
  const { zone, zoneId, policy } = fleet;
  const digest = await ledger.putBody(cell, canonicalJson(serialiseCellFleet(fleet)));
  const declared = { digest, zone, zoneId, policy, endpoints: 1, targets: 4 };
  await asks('operator-ana', () => ({ type: 'DeclareFleet', ...declared }));
  note('operator-ana');
  for (; round < ROUNDS; round += 1) {
    now += 1_000 + choose(90_000);
    const by = WRITERS[choose(WRITERS.length)] ?? 'planner';
    const before = ledger.peek(cell);
    await works[by]();
    const after = ledger.peek(cell);
    if (after.number === before.number) continue;
    note(by);
    if (right.size >= 2 && latestStamp({ ...after.state, ahead: null }) > now) fail('a time lies ahead');
  }
  await works.auditor();
  await works['enactor-a']();
  // Longer than the window of capacity, which is as long as the policy says once the clocks are right.
  now += HOUR_MS;
  if ((await plans()).type !== 'appended') fail('nothing is planned although every clock is right');
}

/** The times that a state holds once, each with what it is the time of. */
function timesOf({ newest, applied, fleet }: CellState): Record<string, { key: string; at: number }> {
  return {
    ...(newest === null ? {} : { plan: { key: String(newest.generation), at: newest.at } }),
    ...(applied === null ? {} : { flip: { key: String(applied.seq), at: applied.at } }),
    ...(fleet === null ? {} : { fleet: { key: fleet.digest, at: fleet.at } }),
  };
}

function appliedBy(goal: NonNullable<CellState['goal']>, seqBefore: number): Command {
  const { generation, digest } = goal;
  return {
    ...{ type: 'RecordApplied', generation, digest, seq: seq(seqBefore + 1), enactor: 'enactor-a' },
    ...{ reason: 'flip', endpoints: [], rollbacks: {} },
  };
}

function surveyOf(records: number): Command {
  const facts = { records, recordLimit: 10_000, negativeTtlS: 60, delegations: [], conflicts: [] };
  return { type: 'RecordSurvey', facts };
}
