import { describe, expect, it } from 'vitest';
import type { RecordSet } from '../../lib/plan/records.ts';
import { remove } from '../../lib/plan/records.ts';
import type { CountedCell } from '../support/counted-cell.ts';
import { countedCell } from '../support/counted-cell.ts';

/** A cell whose first plan is declared and not yet applied: a sweep of it makes everything. */
async function newCell(): Promise<CountedCell> {
  const cell = await countedCell(3, 2);
  await cell.declare((fleet) => fleet);
  return cell;
}

function leaves(records: readonly RecordSet[]): readonly RecordSet[] {
  return records.filter(({ weight }) => weight !== undefined);
}

describe('a run that made everything itself', () => {
  it('lists the zone once, under the fence that it made, and flips without reading again what it wrote', async () => {
    const cell = await newCell();
    const made = await cell.enact('sweep');
    expect(made).toMatchObject({ outcome: { type: 'applied' }, lists: 3, changes: 3 });
  });

  it('lists the zone again where another writer has moved the fence meanwhile', async () => {
    const cell = await newCell();
    const made = await cell.enact('sweep', cell.moveFence);
    expect(made).toMatchObject({ outcome: { type: 'applied' }, lists: 4, changes: 3 });
  });

  it('lists the zone again where a hand took a tree away, and points at no tree that is not there', async () => {
    const cell = await newCell();
    const before = new Set<string>();
    const made = await cell.enact('sweep', async () => {
      const [first] = leaves(await cell.records());
      const changes = leaves(await cell.records()).filter(({ name }) => name === first?.name);
      for (const { name } of changes) before.add(name);
      await cell.zone.change({ kind: 'scratch', changes: changes.map(remove), comment: 'a hand' });
    });
    expect(made.outcome).toMatchObject({ type: 'applied' });
    expect(before.size).toBe(1);
    expect(leaves(await cell.records())).toHaveLength(6);
    const sweep = await cell.enact('sweep');
    expect(sweep).toMatchObject({ outcome: { type: 'converged' }, changes: 0 });
  });
});
