import type { RecordedEvent } from '../../ledger/decider/events.ts';
import type { CellState } from '../../ledger/decider/state.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { getPlan } from '../../ledger/plan-bodies.ts';
import type { CellName } from '../../plan/names.ts';
import { cellName } from '../../plan/names.ts';
import type { Plan } from '../../plan/plan.ts';
import { BadInput } from '../command/failures.ts';
import { newestEvent } from '../command/newest-events.ts';

/** A plan as a person names it: `use1-a@145`, or `use1-a` for the cell's goal. */
export interface PlanReference {
  readonly cell: CellName;
  readonly generation?: number | undefined;
}

/** A plan from the log. */
export interface FoundPlan {
  readonly plan: Plan;
  readonly digest: string;
  /** The event that appended it. */
  readonly event: RecordedEvent;
}

const REFERENCE = /^([^@]+)(?:@([1-9]\d{0,14}))?$/;
const GENERATION = /^@?([1-9]\d{0,14})$/;

/** @throws BadInput, InvalidValue when it is not the name of a plan. */
export function planReference(text: string): PlanReference {
  const match = REFERENCE.exec(text);
  if (match === null)
    throw new BadInput(`"${text}" does not name a plan: write CELL or CELL@GENERATION, such as use1-a@145.`);
  const [, cell = '', generation] = match;
  return { cell: cellName(cell), generation: generation === undefined ? undefined : Number(generation) };
}

/** The same with a required generation, for actions on exactly one plan. @throws BadInput when it is left out. */
export function exactReference(text: string): { readonly cell: CellName; readonly generation: number } {
  const { cell, generation } = planReference(text);
  if (generation === undefined)
    throw new BadInput(`Say which plan: "pawl status" shows what waits, such as ${cell}@146.`);
  return { cell, generation };
}

/** The second of two plans may be named by its generation alone: `@144`, or `144`. */
export function referenceBeside(text: string, first: PlanReference): PlanReference {
  const generation = GENERATION.exec(text)?.[1];
  return generation === undefined
    ? planReference(text)
    : { cell: first.cell, generation: Number(generation) };
}

/** Parses a generation as a person types it: `145`, or `@145`. @throws BadInput when it is none. */
export function typedGeneration(text: string): number {
  const generation = GENERATION.exec(text)?.[1];
  if (generation === undefined)
    throw new BadInput(`"${text}" is not a generation: write a number, such as 145.`);
  return Number(generation);
}

/**
 * The plan of that generation, or the goal (the newest plan when none is approved yet).
 *
 * @throws BadInput when there is no such plan.
 */
export async function findPlan(ledger: Ledger, head: Head, wanted: number | undefined): Promise<FoundPlan> {
  const { cell, state } = head;
  const generation = wanted ?? state.goal?.generation ?? state.newest?.generation;
  if (generation === undefined)
    throw new BadInput(`Cell ${cell} has no plan yet: run "pawl plan --cell ${cell}".`);
  const event = await findAppended(ledger, head, generation);
  const digest = event === undefined ? undefined : appendedDigest(event, generation);
  if (event === undefined || digest === undefined) {
    throw new BadInput(`Cell ${cell} has no plan ${cell}@${generation}: its newest is ${newestOf(state)}.`);
  }
  return { plan: await getPlan(ledger, cell, digest), digest, event };
}

/** The event that appended a generation to the log; undefined when none did. */
async function findAppended(
  ledger: Ledger,
  head: Head,
  generation: number,
): Promise<RecordedEvent | undefined> {
  if (generation > head.state.highest) return undefined;
  return newestEvent(ledger, head, (event) => appendedDigest(event, generation) !== undefined);
}

function appendedDigest({ event }: RecordedEvent, generation: number): string | undefined {
  if (event.type === 'PlanAppended' && event.generation === generation) return event.digest;
  if (event.type === 'FenceAhead' && event.reissue?.generation === generation) return event.reissue.digest;
  return undefined;
}

function newestOf({ cell, newest }: CellState): string {
  return newest === null ? 'none' : `${cell}@${newest.generation}`;
}
