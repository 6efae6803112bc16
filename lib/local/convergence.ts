import type { CellState } from '../ledger/decider/state.ts';
import type { FenceReading } from '../plan/fence.ts';
import { readFenceRecords } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { fenceName } from '../plan/owned-names.ts';
import { shortDigest } from '../plan/plan.ts';
import type { World } from '../wiring/world.ts';
import { recordsAt } from '../zone/read-records.ts';
import { ZoneNotFound, ZoneUnavailable } from '../zone/zone.ts';

/** The planner's last outcome in a cell, and the number of the newest event when it was reached. */
export interface PlannerWord {
  readonly position: number;
  /** The outcome of its run. */
  readonly outcome: string;
}

/** How far one cell is from its goal. */
export interface CellConvergence {
  readonly cell: CellName;
  readonly zone: string;
  /** True when nothing is left to do: the planner has nothing to add, and log and fence both say the goal is applied. */
  readonly converged: boolean;
  /** True when the roles have done what they may, and the rest waits for a person or for something outside of Pawl. */
  readonly waits: boolean;
  /** Why not, or what else is worth knowing; empty when there is nothing to say. */
  readonly remark: string;
  readonly goal?: number;
  readonly applied?: number;
  readonly seq?: Seq;
  /** The endpoints that are applied. */
  readonly names: readonly DnsName[];
}

const SETTLED: ReadonlySet<string> = new Set(['unchanged', 'paused']);
const FENCE_RECORDS = 20;

/** Looks at every cell that has a fleet, in order of name. @throws LedgerUnavailable. */
export async function convergenceOf(
  world: World,
  words: ReadonlyMap<CellName, PlannerWord>,
): Promise<readonly CellConvergence[]> {
  const ledger = await world.ledger();
  const cells: CellConvergence[] = [];
  for (const cell of [...(await ledger.cells())].sort()) {
    const found = await cellConvergence(world, cell, words.get(cell));
    if (found !== undefined) cells.push(found);
  }
  return cells;
}

async function cellConvergence(
  world: World,
  cell: CellName,
  word: PlannerWord | undefined,
): Promise<CellConvergence | undefined> {
  const { number, state } = await (await world.ledger()).head(cell);
  const { fleet, goal, applied } = state;
  if (fleet === null) return undefined;
  const facts = {
    cell,
    zone: fleet.zone,
    names: state.owned,
    ...(goal === null ? {} : { goal: goal.generation }),
    ...(applied === null ? {} : { applied: applied.generation }),
  };
  const working = (remark: string): CellConvergence => ({ ...facts, converged: false, waits: false, remark });
  const waiting = (remark: string): CellConvergence => ({ ...facts, converged: false, waits: true, remark });
  // The planner's outcome counts only if the planner has seen all that the log says now.
  if (word === undefined || word.position < number) return working('the planner has not looked yet');
  if (!SETTLED.has(word.outcome)) return working('the planner is not done yet');
  const obstacle = obstacleText(state);
  const settled = (more: Pick<Partial<CellConvergence>, 'seq'>): CellConvergence => ({
    ...facts,
    ...more,
    converged: obstacle === undefined,
    waits: obstacle !== undefined,
    remark: obstacle ?? pauseText(state),
  });
  if (goal === null) return settled({});
  if (state.frozen !== null) return waiting(`frozen by ${state.frozen.by}`);
  if (applied?.generation !== goal.generation) return working('the goal is not applied yet');
  const scope = { cell, zone: fleet.zone, zoneId: fleet.zoneId };
  const reading = await readFence(world, scope);
  if (typeof reading === 'string') return working(reading);
  if (reading.type !== 'fence') return working(`the fence is ${reading.type}`);
  const { fence } = reading;
  if (fence.frozen) return waiting(`frozen by ${fence.by}`);
  const agrees =
    fence.ledger === state.ledger &&
    fence.generation === goal.generation &&
    fence.plan === shortDigest(goal.digest);
  if (!agrees) return working(`the fence says generation ${fence.generation}`);
  return settled({ seq: fence.seq });
}

/** What keeps the plan from what is asked until a person acts or something outside changes; undefined: nothing. */
function obstacleText({ newest, keptBack, refused, blind, loosening }: CellState): string | undefined {
  if (newest?.disposition === 'held') return `generation ${newest.generation} is held for approval`;
  const waiting = keptBack.filter(({ rejected }) => rejected === undefined).map(({ name }) => name);
  const declined = new Set(keptBack.filter(({ rejected }) => rejected !== undefined).map(({ name }) => name));
  const names = [
    ...new Set([...refused.map(({ name }) => name).filter((name) => !declined.has(name)), ...waiting]),
  ];
  const [first] = names;
  if (first !== undefined)
    return `${first}${names.length === 1 ? '' : ` and ${names.length - 1} more`} kept back`;
  const [source] = blind;
  if (source !== undefined) return `${source.source} cannot see`;
  const isAsked = loosening !== null && loosening.rejected === undefined;
  return isAsked ? 'a looser policy waits for approval' : undefined;
}

/** What is worth knowing of a cell at its goal; empty when nothing is. */
function pauseText({ paused }: CellState): string {
  return paused === null ? '' : `the planner is paused by ${paused.by}`;
}

/** What stands at the fence's name, or why that cannot be seen. */
async function readFence(world: World, scope: CellScope): Promise<FenceReading | string> {
  try {
    const { records } = await recordsAt(world.zone(scope.zoneId), fenceName(scope), FENCE_RECORDS);
    return readFenceRecords(records);
  } catch (error) {
    if (error instanceof ZoneUnavailable || error instanceof ZoneNotFound) return error.message;
    throw error;
  }
}
