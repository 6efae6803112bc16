import { planOf } from '../../lib/cell/cell-bodies.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { Crowd, CrowdedCell } from './crowded-zone.ts';
import { crowdedCell } from './crowded-zone.ts';
import { seededChoice } from './seeded-choice.ts';

const STEPS = 8;
/** A slice, then the trees that only rollback roots held, then the next slice. */
const ROUNDS_MAX = 8;
const TARGETS = ['t-1', 't-2', 't-3', 't-4', 't-5'] as const;
const FLAPS = 7;
const QUARTER_MS = 900_000;
/** More would be a loss that a person has to see. */
const FAILED_MAX = 2;
/** The apex's NS and SOA, and the fence. */
const FIXED = 3;
const ROOM_CODES: ReadonlySet<string> = new Set(['zone-limit', 'retained-trees', 'state-limit']);

/**
 * Works small cells in zones with little room, by random changes and with roles that are absent, and judges each of them:
 * no change is kept back for room that something only retained takes, and in the end what failed has left.
 *
 * @throws Error naming the seed.
 */
export async function judgeCrowdedCells(first: number, count: number): Promise<void> {
  for (let seed = first; seed < first + count; seed += 1) await judgeCrowdedCell(seed);
}

/**
 * A tenth of a real case: five endpoints of ten targets in two families, so that every change of one target needs a
 * hundred new records. Before retention yielded, nine changes filled the zone, and then no target could leave any more.
 *
 * @throws Error when a target that comes or goes is not as observed within one round.
 */
export async function judgeFlapping(): Promise<void> {
  const cell = await crowdedCell({ endpoints: 5, targets: 10, dualStack: true, recordLimit: 1_000 });
  const observe = async (target: string, health: 'healthy' | 'unhealthy'): Promise<void> => {
    cell.observe(target, health);
    await cell.plan();
    await cell.enact();
    const expected = health === 'healthy' ? 5 : 0;
    if (cell.answering(target) !== expected) throw new Error(`${target} is ${health}, and answers as before`);
    await cell.clean();
    await cell.audit();
  };
  // One after the other: a target that came and went several times would be let back late (ADR 62).
  for (let target = 1; target <= FLAPS; target += 1) {
    await observe(`t-${target}`, 'unhealthy');
    await observe(`t-${target}`, 'healthy');
  }
  await observe(`t-${FLAPS + 1}`, 'unhealthy');
}

async function judgeCrowdedCell(seed: number): Promise<void> {
  const choose = seededChoice(seed);
  const families = 1 + choose(2);
  const endpoints = 2 + choose(2);
  const tree = TARGETS.length * families;
  const held = FIXED + endpoints * (tree + 2 * families);
  const recordLimit = held + tree + choose(3 * tree);
  const crowd: Crowd = { endpoints, targets: TARGETS.length, dualStack: families === 2, recordLimit };
  const cell = await crowdedCell(crowd);
  const failed = new Set<string>();
  const demand = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`seed ${seed}: ${what}`);
  };
  const turn = async (): Promise<void> => {
    await cell.plan();
    demand((await keptForRoom(cell, recordLimit)).length === 0, 'a change waits for room that yields');
  };
  for (let step = 1; step <= STEPS; step += 1) {
    await disturb(cell, failed, step, choose);
    await turn();
    await cell.enact();
    if (choose(2) === 0) await cell.clean();
    if (choose(2) === 0) await cell.audit();
  }
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) {
    // Longer than the window within which capacity that is lost is counted.
    cell.world.time.advanceTo(cell.world.time.now() + QUARTER_MS);
    await turn();
    await cell.round();
  }
  for (const target of TARGETS) {
    const expected = failed.has(target) ? 0 : endpoints;
    demand(cell.answering(target) === expected, `${target} answers for ${cell.answering(target)} endpoints`);
  }
}

async function disturb(
  cell: CrowdedCell,
  failed: Set<string>,
  step: number,
  choose: (bound: number) => number,
): Promise<void> {
  if (choose(3) === 0) return cell.readdress(step);
  const target = TARGETS[choose(TARGETS.length)] ?? 't-1';
  if (failed.delete(target)) return cell.observe(target, 'healthy');
  if (failed.size >= FAILED_MAX) return;
  failed.add(target);
  cell.observe(target, 'unhealthy');
}

/** Endpoints that wait for room although there would be enough without what is only retained. */
async function keptForRoom({ world }: CrowdedCell, recordLimit: number): Promise<readonly string[]> {
  const { cell } = world.scope;
  const { state } = world.ledger.peek(cell);
  const waiting = state.keptBack.filter(({ findings }) => findings.some(({ code }) => ROOM_CODES.has(code)));
  const plans = [
    await planOf(world.ledger, cell, state.goal),
    await planOf(world.ledger, cell, state.applied),
  ].filter((plan) => plan !== undefined);
  const free = recordLimit - recordsThatStay(plans);
  const largest = Math.max(0, ...plans.flatMap((plan) => plan.endpoints.map(({ leaves }) => leaves.length)));
  return free < largest ? [] : waiting.map(({ name }) => name);
}

function recordsThatStay(plans: readonly Plan[]): number {
  const trees = new Map(
    plans.flatMap(({ endpoints }) => endpoints.map((each) => [each.tree, each] as const)),
  );
  const roots = new Set<string>();
  let records = FIXED;
  for (const { name, leaves } of trees.values()) {
    records += leaves.length;
    for (const { type } of leaves) roots.add(`${name} ${type}`);
  }
  return records + 2 * roots.size;
}
