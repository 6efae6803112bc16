import type { RecordedEvent } from '../../ledger/decider/events.ts';
import type { CellState } from '../../ledger/decider/state.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { newestEvent } from '../../ledger/newest-events.ts';
import { getPlan } from '../../ledger/plan-bodies.ts';
import type { Generation } from '../../plan/generation.ts';
import { generation } from '../../plan/generation.ts';
import type { CellName } from '../../plan/names.ts';
import { cellName } from '../../plan/names.ts';
import type { Plan } from '../../plan/plan.ts';
import { BadInput } from '../command/failures.ts';

/** A plan as a person names it: `use1-a@145`, or `use1-a` for the cell's goal. */
export interface PlanReference {
  readonly cell: CellName;
  readonly generation?: Generation | undefined;
}

/** Exactly one plan. */
export interface ExactReference {
  readonly cell: CellName;
  readonly generation: Generation;
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
  const [, cell = '', digits] = match;
  return { cell: cellName(cell), generation: digits === undefined ? undefined : generation(Number(digits)) };
}

/** The second of two plans may be named by its generation alone: `@144`, or `144`. */
export function referenceBeside(text: string, first: PlanReference): PlanReference {
  const digits = GENERATION.exec(text)?.[1];
  return digits === undefined
    ? planReference(text)
    : { cell: first.cell, generation: generation(Number(digits)) };
}

/** Parses a generation as a person types it: `145`, or `@145`. @throws BadInput when it is none. */
export function typedGeneration(text: string): Generation {
  const digits = GENERATION.exec(text)?.[1];
  if (digits === undefined) throw new BadInput(`"${text}" is not a generation: write a number, such as 145.`);
  return generation(Number(digits));
}

/**
 * The plan of that generation, or the goal (the newest plan when none is approved yet).
 *
 * @throws BadInput when there is no such plan.
 */
export async function findPlan(
  ledger: Ledger,
  head: Head,
  wanted: Generation | undefined,
): Promise<FoundPlan> {
  const { cell, state } = head;
  const meant = wanted ?? state.goal?.generation ?? state.newest?.generation;
  if (meant === undefined)
    throw new BadInput(`Cell ${cell} has no plan yet: run "pawl plan --cell ${cell}".`);
  const event = await findAppended(ledger, head, meant);
  const digest = event === undefined ? undefined : appendedDigest(event, meant);
  if (event === undefined || digest === undefined) {
    throw new BadInput(`Cell ${cell} has no plan ${cell}@${meant}: its newest is ${newestOf(state)}.`);
  }
  return { plan: await getPlan(ledger, cell, digest), digest, event };
}

/** The event that appended a generation to the log; undefined when none did. */
async function findAppended(
  ledger: Ledger,
  head: Head,
  wanted: Generation,
): Promise<RecordedEvent | undefined> {
  if (wanted > head.state.highest) return undefined;
  return newestEvent(ledger, head, (event) => appendedDigest(event, wanted) !== undefined);
}

function appendedDigest({ event }: RecordedEvent, wanted: Generation): string | undefined {
  if (event.type === 'PlanAppended' && event.generation === wanted) return event.digest;
  if (event.type === 'FenceAhead' && event.reissue?.generation === wanted) return event.reissue.digest;
  return undefined;
}

function newestOf({ cell, newest }: CellState): string {
  return newest === null ? 'none' : `${cell}@${newest.generation}`;
}
