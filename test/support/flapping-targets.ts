import { serialiseCellFleet } from '../../lib/fleet/cell-fleet-codec.ts';
import { execute } from '../../lib/ledger/execute.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { getPlan } from '../../lib/ledger/plan-bodies.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import type { Observations } from '../../lib/plan/fleet-model.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { apiFleet } from '../plan/given-fleet.ts';
import { seededChoice } from './seeded-choice.ts';

const START = 1_790_000_000_000;
const MINUTE_MS = 60_000;
const TARGETS = 10;
const ROUNDS = 60;
/** The longest wait, and one round more. */
const STEADY_ROUNDS = 61;

/** How often a healthy target waited, and how often one came back after a wait. */
export interface FlappingTally {
  waited: number;
  returned: number;
}

/**
 * Plays one cell for each seed, whose planner runs once a minute, and in which two of ten targets come and go at random. A
 * target that is seen not to serve is out after the run that sees it. One that is healthy waits for an hour at most, and
 * never while fewer than half of the targets answer; one that never failed always answers.
 */
export async function judgeFlapping(first: number, count: number): Promise<FlappingTally> {
  const tally: FlappingTally = { waited: 0, returned: 0 };
  for (let seed = first; seed < first + count; seed += 1) await judgeCell(seed, tally);
  return tally;
}

async function judgeCell(seed: number, tally: FlappingTally): Promise<void> {
  const choose = seededChoice(seed);
  const ledger = memoryLedger('5be1c07a', { firstFormat: NEWEST_LEDGER_FORMAT });
  const policy = {
    coalesceS: 0,
    endpointsChangedPercent: 100,
    capacityRemovedPercent: 100,
    capacityWindowS: 60,
  };
  const fleet = apiFleet(TARGETS, policy);
  const { cell, zone, zoneId } = fleet;
  let now = START;
  const fickle = new Set(['t1', 't2']);
  const down = new Set<string>();
  const steadySince = new Map<string, number>();
  const waiting = new Set<string>();

  const digest = await ledger.putBody(cell, canonicalJson(serialiseCellFleet(fleet)));
  const declared = { digest, zone, zoneId, policy: fleet.policy, endpoints: 1, targets: TARGETS };
  await execute(ledger, cell, { at: () => now, by: 'operator-ana' }, () => ({
    type: 'DeclareFleet',
    ...declared,
  }));
  for (let round = 0; round < ROUNDS + STEADY_ROUNDS; round += 1) {
    now += MINUTE_MS;
    for (const id of round < ROUNDS ? fickle : []) {
      if (choose(3) > 0) continue;
      if (down.delete(id)) steadySince.set(id, now);
      else down.add(id);
    }
    if (round === ROUNDS)
      for (const id of down) {
        down.delete(id);
        steadySince.set(id, now);
      }
    const observations: Observations = Object.fromEntries(
      fleet.targets.map(({ id }) => [id, { health: down.has(id) ? 'unhealthy' : 'healthy', capacity: 100 }]),
    );
    await planCell(
      {
        ledger,
        source: { kind: 'live', observe: async () => ({ type: 'observed', observations }) },
        clock: { now: () => instant(now), sleep: async () => undefined },
        telemetry: silentTelemetry,
        name: 'planner',
      },
      { cell, append: true },
    );
    const { goal } = ledger.peek(cell).state;
    const plan = goal === null ? undefined : await getPlan(ledger, cell, goal.digest);
    const answering = new Set(plan?.endpoints.flatMap(({ leaves }) => leaves.map(({ target }) => target)));
    for (const { id } of fleet.targets) {
      const steadyMs = now - (steadySince.get(id) ?? START);
      const problem = problemOf({ id, isDown: down.has(id), isIn: answering.has(id), steadyMs });
      const isFickle = fickle.has(id);
      if (problem !== undefined) throw new Error(`${problem} (seed ${seed}, round ${round})`);
      if (!isFickle && !answering.has(id)) throw new Error(`${id} never failed and is out (seed ${seed})`);
      if (!down.has(id) && !answering.has(id)) {
        waiting.add(id);
        tally.waited += 1;
      } else if (waiting.delete(id) && answering.has(id)) tally.returned += 1;
    }
  }
}

function problemOf(seen: {
  readonly id: string;
  readonly isDown: boolean;
  readonly isIn: boolean;
  readonly steadyMs: number;
}): string | undefined {
  if (seen.isDown && seen.isIn) return `${seen.id} is seen not to serve, and answers`;
  if (!seen.isDown && !seen.isIn && seen.steadyMs >= 60 * MINUTE_MS)
    return `${seen.id} is healthy for an hour, and is out`;
  return undefined;
}
