import assert from 'node:assert/strict';
import type { RecordSet } from '../../lib/plan/records.ts';
import { remove } from '../../lib/plan/records.ts';
import type { CountedCell } from './counted-cell.ts';
import { countedCell } from './counted-cell.ts';

/** Leaves of weighted trees. */
export function leaves(records: readonly RecordSet[]): readonly RecordSet[] {
  return records.filter(({ weight }) => weight !== undefined);
}

/** A cell whose first plan is declared and not yet applied: a sweep of it makes everything. */
export async function newCell(): Promise<CountedCell> {
  const cell = await countedCell(3, 2);
  await cell.declare((fleet) => fleet);
  return cell;
}

/** A hand takes a whole tree away. */
export async function takeTreeAway({ records, zone }: CountedCell): Promise<void> {
  const there = leaves(await records());
  const changes = there.filter(({ name }) => name === there[0]?.name).map(remove);
  const outcome = await zone.change({ kind: 'scratch', changes, comment: 'a hand' });
  assert.equal(outcome.type, 'accepted');
}

/**
 * What an enactor may never conclude from a zone that it only remembers.
 *
 * @throws AssertionError naming the rule that is broken.
 */
export async function judgeKnownZone(): Promise<void> {
  const overtaken = await newCell();
  await overtaken.enact('sweep');
  await overtaken.declare((fleet) => ({
    ...fleet,
    targets: fleet.targets.map((target, index) => ({ ...target, ipv4: [`10.200.0.${index}`] })),
  }));
  const late = await overtaken.enact('sweep', () => overtaken.enact('sweep'));
  assert.equal(late.outcome.type, 'converged');
  const events = await overtaken.events();
  assert.ok(!events.includes('ZoneRegressed'), 'what another enactor flipped meanwhile has not gone back');
  const disturbed = await newCell();
  const mended = await disturbed.enact('sweep', () => takeTreeAway(disturbed));
  assert.equal(mended.outcome.type, 'applied', 'what a hand took away is no refusal of Route 53');
  assert.equal(mended.refused, 1, 'after a refusal the zone is listed before anything is sent');
  assert.equal(leaves(await disturbed.records()).length, 6);
}
