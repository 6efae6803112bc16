import type { RecordedEvent } from '../../ledger/decider/events.ts';
import type { CellState } from '../../ledger/decider/state.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { getPlan } from '../../ledger/plan-bodies.ts';
import type { CellName } from '../../plan/names.ts';
import { cellName } from '../../plan/names.ts';
import { ownValue } from '../../plan/own-value.ts';
import type { TreeLabel } from '../../plan/owned-names.ts';
import type { Plan } from '../../plan/plan.ts';
import { BadInput } from '../command/failures.ts';

/** A plan as a person names it: `use1-a@145`, or `use1-a` for the cell's goal. */
export interface PlanReference {
  readonly cell: CellName;
  readonly generation?: number;
}

/** A plan out of the log. */
export interface FoundPlan {
  readonly plan: Plan;
  readonly digest: string;
  /** The event that appended it. */
  readonly event: RecordedEvent;
}

const PAGE_EVENTS = 500;
const REFERENCE = /^([^@]+)(?:@([1-9]\d{0,14}))?$/;

/** @throws BadInput, InvalidValue when it is not the name of a plan. */
export function planReference(text: string): PlanReference {
  const match = REFERENCE.exec(text);
  if (match === null)
    throw new BadInput(`"${text}" does not name a plan: write CELL or CELL@GENERATION, such as use1-a@145.`);
  const [, cell = '', generation] = match;
  return { cell: cellName(cell), ...(generation === undefined ? {} : { generation: Number(generation) }) };
}

/** The second of two plans may be named by its generation alone: `@144`, or `144`. */
export function referenceBeside(text: string, first: PlanReference): PlanReference {
  return /^@?[1-9]\d{0,14}$/.test(text)
    ? { cell: first.cell, generation: Number(text.replace('@', '')) }
    : planReference(text);
}

/** A generation as it was typed: `145`, or `@145`. @throws BadInput when it is none. */
export function typedGeneration(text: string): number {
  if (!/^@?[1-9]\d{0,14}$/.test(text))
    throw new BadInput(`"${text}" is not a generation: write a number, such as 145.`);
  return Number(text.replace('@', ''));
}

/**
 * The plan that is meant: that generation, or the goal (the newest plan, when none is approved yet).
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

/** The event that brought a generation into the log; undefined when none did. */
async function findAppended(
  ledger: Ledger,
  head: Head,
  generation: number,
): Promise<RecordedEvent | undefined> {
  if (generation > head.state.highest) return undefined;
  return findNewest(ledger, head, (event) => appendedDigest(event, generation) !== undefined);
}

/** The newest event whose plan makes, or brings into the log, this tree of an endpoint; undefined when none does. */
export async function findMaker(
  ledger: Ledger,
  head: Head,
  endpoint: string,
  label: TreeLabel,
): Promise<RecordedEvent | undefined> {
  return findNewest(
    ledger,
    head,
    ({ event }) => event.type === 'PlanAppended' && ownValue(event.newTrees, endpoint) === label,
  );
}

/** The newest event of that kind; from the end, because what people ask about is near it. */
async function findNewest(
  ledger: Ledger,
  { cell, number }: Head,
  isMeant: (event: RecordedEvent) => boolean,
): Promise<RecordedEvent | undefined> {
  // Each page ends where the one before it began.
  for (let upTo = number; upTo > 0; upTo -= PAGE_EVENTS) {
    const after = Math.max(0, upTo - PAGE_EVENTS);
    const events = await ledger.events(cell, { after, limit: upTo - after, order: 'forward' });
    const found = events.findLast(isMeant);
    if (found !== undefined) return found;
  }
  return undefined;
}

function appendedDigest({ event }: RecordedEvent, generation: number): string | undefined {
  if (event.type === 'PlanAppended' && event.generation === generation) return event.digest;
  if (event.type === 'FenceAhead' && event.reissue?.generation === generation) return event.reissue.digest;
  return undefined;
}

function newestOf({ cell, newest }: CellState): string {
  return newest === null ? 'none' : `${cell}@${newest.generation}`;
}
