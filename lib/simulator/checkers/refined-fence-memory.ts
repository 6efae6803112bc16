import type { CellState } from '../../ledger/decider/state.ts';
import type { CellName } from '../../plan/names.ts';
import type { StoodFences } from './refined-fences.ts';
import { fenceAt, fencesKey, withFence } from './refined-fences.ts';
import type { Freezes } from './refined-freezes.ts';
import {
  beforeMove,
  freezesKey,
  NO_FREEZES,
  returnProblem,
  withoutPerson,
  withPerson,
  withPromise,
  withWritten,
} from './refined-freezes.ts';
import type { ToldByLogs } from './refined-told.ts';
import { ANYTHING_TOLD, NOTHING_TOLD, toldKey, toldOfFences, toldTogether } from './refined-told.ts';
import type { RefinedZone } from './refined-zone.ts';
import type { Actor } from './zone-history.ts';

/** What is remembered of a cell's fences. */
export interface CellFences {
  readonly stood: StoodFences;
  /** What logs told that were read since the fence stood and say it no more. */
  readonly told: ToldByLogs;
  /** What those told that the writer of the fence that stands had read. */
  readonly toldBefore: ToldByLogs;
  readonly freezes: Freezes;
}

export const NO_FENCES: CellFences = {
  ...{ stood: [], told: NOTHING_TOLD, toldBefore: NOTHING_TOLD, freezes: NO_FREEZES },
};

/** The cell, and whether a change is INSYNC now. */
interface Place {
  readonly cell: CellName;
  readonly isInsync: (change: string) => boolean;
}

function standing(zone: RefinedZone, { cell, isInsync }: Place) {
  const { text, fence } = fenceAt(zone, cell, Number.MAX_SAFE_INTEGER);
  return { text, isFrozen: fence?.frozen === true, isInsync };
}

/** The fence has moved, by whomever. */
export function withMove(memory: CellFences, was: RefinedZone, is: RefinedZone, place: Place): CellFences {
  const { stood, freezes } = memory;
  const before = stood.length === 0 ? withFence(stood, was, place.cell) : stood;
  return {
    ...memory,
    stood: withFence(before, is, place.cell),
    told: NOTHING_TOLD,
    freezes: beforeMove(freezes, standing(was, place)),
  };
}

/** A freeze promises nothing any more: a thaw has ended it, or a hand has taken its fence away. */
export function withoutPromise(memory: CellFences): CellFences {
  return { ...memory, freezes: { ...memory.freezes, promised: undefined } };
}

/** A batch of the cell. */
interface WrittenBatch {
  readonly was: RefinedZone;
  readonly is: RefinedZone;
  readonly by: string;
  readonly step: string;
  readonly change: string | undefined;
  readonly told: ToldByLogs;
}

/** A batch of the cell's own writers has moved the fence. */
export function withBatch(memory: CellFences, batch: WrittenBatch, place: Place): CellFences {
  const { was, is, by, step, change, told } = batch;
  const moved = withMove(memory, was, is, place);
  const written = {
    ...moved,
    toldBefore: told,
    freezes: withWritten(moved.freezes, by, standing(is, place).text, change),
  };
  return step === 'thaw' ? withoutPromise(written) : written;
}

/** What the logs told that whoever replaces the fence can have read. */
export function toldTo(
  { told, toldBefore }: CellFences,
  { zone, cell, state }: { readonly zone: RefinedZone; readonly cell: CellName; readonly state: CellState },
  { by, isReturned }: { readonly by: string; readonly isReturned: boolean },
): ToldByLogs {
  const { fence } = fenceAt(zone, cell, state.highest);
  return toldTogether(
    ...[toldOfFences(state, fence?.seq ?? 0), told],
    // Whoever wrote the fence may go on by the log that it read before.
    ...(fence !== undefined && fence.by === by ? [toldBefore] : []),
    ...(isReturned ? [ANYTHING_TOLD] : []),
  );
}

/** An event was appended. What the log still tells needs no memory. */
export function withEvent(
  memory: CellFences,
  { zone, cell }: { readonly zone: RefinedZone; readonly cell: CellName },
  before: CellState,
  after: CellState,
): CellFences {
  const seq = fenceAt(zone, cell, after.highest).fence?.seq ?? 0;
  const [knew, knows] = [toldOfFences(before, seq), toldOfFences(after, seq)];
  return toldKey(knew) === toldKey(knows) ? memory : { ...memory, told: toldTogether(memory.told, knew) };
}

export function withBeginning(memory: CellFences, actor: Actor, zone: RefinedZone, place: Place): CellFences {
  return { ...memory, freezes: withPerson(memory.freezes, actor, standing(zone, place).text) };
}

/** Somebody has ended, who has frozen the cell or not; and what stands against that, empty where nothing does. */
export function withEnd(
  memory: CellFences,
  { name, hasFrozen }: { readonly name: string; readonly hasFrozen: boolean },
  zone: RefinedZone,
  place: Place,
): { readonly memory: CellFences; readonly problem: string } {
  const { freezes } = memory;
  const problem = hasFrozen ? returnProblem(freezes, name, standing(zone, place)) : '';
  const after = withoutPerson(hasFrozen ? withPromise(freezes, name) : freezes, name);
  return { memory: { ...memory, freezes: after }, problem };
}

export function fenceMemoryKey({ stood, told, toldBefore, freezes }: CellFences): string {
  const keyOf = (text: string) => stood.find((each) => each.text === text)?.key ?? '';
  return [fencesKey(stood), ...[toldKey(told), toldKey(toldBefore)], freezesKey(freezes, keyOf)].join();
}
