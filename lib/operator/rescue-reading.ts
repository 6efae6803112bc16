import { holdsFence, readFence } from '../cell/fence-reader.ts';
import type { Writer } from '../cell/fenced-write.ts';
import type { FenceReading } from '../plan/fence.ts';
import { boundedReading, NO_LEDGER } from '../plan/fence.ts';
import type { Generation } from '../plan/generation.ts';
import { generation, MAX_GENERATIONS_AHEAD } from '../plan/generation.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { labelGeneration, labelRescueSeq, parseOwnedName } from '../plan/owned-names.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedOwnedNames, zoneView } from '../plan/zone-view.ts';
import { recordsUnder } from '../zone/read-records.ts';

/** All that Route 53 alone can say of a cell: the fence, then the zone, with the same fence in it. */
export interface RescueReading {
  readonly reading: FenceReading;
  readonly view: ZoneView;
  /** The greatest among the fence's generation and those in the names of the zone's trees, 1 or more. */
  readonly generation: Generation;
  /** The last fence seq that anything in the zone shows, 0 or more. */
  readonly seq: number;
  /** The fence's ledger, if a record at its name shows it. */
  readonly ledger: string;
}

const LEDGER_FIELD = /\bledger=([0-9a-f]{8})\b/;

/**
 * Reads the fence, then the zone: `moved` when the fence among the zone's records is not the one that was read.
 *
 * @param reference a generation that the cell is known to have reached: without a ledger it bounds what is believed.
 * @throws ZoneUnavailable when Route 53 cannot be read.
 */
export async function readForRescue(writer: Writer, reference: number): Promise<RescueReading | 'moved'> {
  const { zone, scope } = writer;
  const read = await readFence(zone, scope);
  const { records } = await recordsUnder(zone, scope.zone);
  const view = zoneView(records);
  if (!holdsFence(view, read, scope)) return 'moved';
  const trees = treeNumbers(view, scope, reference);
  const reading = boundedReading(read, Math.max(trees.generation, reference));
  const fence = reading.type === 'fence' ? reading.fence : undefined;
  return {
    reading,
    view,
    generation: generation(Math.max(1, trees.generation, fence?.generation ?? 0)),
    seq: fence?.seq ?? trees.rescueSeq,
    ledger: fence?.ledger ?? ledgerAmong(read),
  };
}

/**
 * The greatest numbers in tree names; a generation too far above every tree that an alias points at is not believed.
 */
function treeNumbers(
  view: ZoneView,
  scope: CellScope,
  reference: number,
): { readonly generation: number; readonly rescueSeq: number } {
  const labels = (names: Iterable<Parameters<typeof parseOwnedName>[0]>): readonly string[] =>
    [...names].flatMap((name) => {
      const owned = parseOwnedName(name, scope);
      return owned?.kind === 'tree' ? [owned.label] : [];
    });
  const generations = (of: readonly string[]) => of.map((label) => labelGeneration(label) ?? 0);
  const all = labels(view.keys());
  const pointed = Math.max(reference, ...generations(labels(pointedOwnedNames(view, scope))));
  const believable = generations(all).filter((found) => found <= pointed + MAX_GENERATIONS_AHEAD);
  return {
    generation: Math.max(0, ...believable),
    rescueSeq: Math.max(0, ...all.map((label) => labelRescueSeq(label) ?? 0)),
  };
}

function ledgerAmong(read: FenceReading): string {
  const values = read.records.flatMap((record) => record.values ?? []);
  const found = values.map((value) => LEDGER_FIELD.exec(value)?.[1]).find((id) => id !== undefined);
  return found ?? NO_LEDGER;
}
