import type { Fence } from '../../plan/fence.ts';
import { boundedReading, isRescueFence, NO_PLAN, readFenceRecords } from '../../plan/fence.ts';
import type { CellName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { RefinedZone } from './refined-zone.ts';

/** A fence as the theory speaks of it. */
export interface FenceValue {
  readonly text: string;
  readonly fence: Fence | undefined;
}

/** @param highest the highest generation that the log of the cell knows: a fence far above it says nothing. */
export function fenceAt(
  zone: RefinedZone,
  cell: CellName,
  highest: number,
  records: readonly RecordSet[] = zone.fences.get(cell) ?? [],
): FenceValue {
  const reading = boundedReading(readFenceRecords(records), highest);
  const values = records.flatMap((record) => record.values ?? [record.type]);
  return {
    text: values.length === 0 ? `no fence of ${cell}` : values.join(),
    fence: reading.type === 'fence' ? reading.fence : undefined,
  };
}

/** A fence that stood in a cell, whoever made it. */
interface StoodFence {
  readonly text: string;
  /** What of it a search may compare: not who wrote it. */
  readonly key: string;
  /** {@link fenceMark} of it; empty where no plan is applied by it. */
  readonly mark: string;
}

/** The fences that stood in a cell, in the order in which they came. */
export type StoodFences = readonly StoodFence[];

/** The fences with the one that stands now. One that returns by a hand, or with the zone, came last then. */
export function withFence(stood: StoodFences, zone: RefinedZone, cell: CellName): StoodFences {
  const { text, fence } = fenceAt(zone, cell, Number.MAX_SAFE_INTEGER);
  const isApplied = fence !== undefined && !isRescueFence(fence) && fence.plan !== NO_PLAN;
  const key = fence === undefined ? text : `${fence.seq} ${fence.nonce}`;
  const mark = isApplied ? fenceMark(fence.seq, fence.generation, fence.plan) : '';
  // What a hand has broken may have the text of what it was.
  return [...stood.filter((each) => each.key !== key || each.text !== text), { text, key, mark }];
}

/** How a log speaks of a fence: it tells its seq, and the plan that is applied by it. */
export function fenceMark(seq: number, generation: number, plan: string): string {
  return `${seq} ${generation} ${plan}`;
}

/** Whether a fence stood by which this plan was applied at this seq. */
export function isMarked(stood: StoodFences, mark: string): boolean {
  return stood.some((each) => each.mark === mark);
}

/** Whether the second fence is the first, or came after it. */
export function isAfter(stood: StoodFences, first: string, second: string): boolean {
  const [from, to] = [first, second].map((text) => stood.findIndex((each) => each.text === text));
  return from !== undefined && to !== undefined && from >= 0 && from <= to;
}

export function fencesKey(stood: StoodFences): string {
  return stood.map(({ key }) => key).join('+');
}
