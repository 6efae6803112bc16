import { describe, expect, it } from 'vitest';
import { judgeKnownZone, leaves, newCell, takeTreeAway } from '../support/known-zone-rules.ts';

describe('a run that made everything itself', () => {
  it('lists the zone once, under the fence that it made, and flips without reading again what it wrote', async () => {
    const cell = await newCell();
    const made = await cell.enact('sweep');
    expect(made).toMatchObject({ outcome: { type: 'applied' }, lists: 3, changes: 3, refused: 0 });
  });

  it('lists the zone again where another writer has moved the fence meanwhile', async () => {
    const cell = await newCell();
    const made = await cell.enact('sweep', cell.moveFence);
    expect(made).toMatchObject({ outcome: { type: 'applied' }, lists: 4, changes: 3, refused: 0 });
  });

  it('lists the zone again where a hand took a tree away, and points at no tree that is not there', async () => {
    const cell = await newCell();
    const made = await cell.enact('sweep', () => takeTreeAway(cell));
    expect(made).toMatchObject({ outcome: { type: 'applied' }, refused: 1 });
    expect(leaves(await cell.records())).toHaveLength(6);
    expect(await cell.enact('sweep')).toMatchObject({ outcome: { type: 'converged' }, changes: 0 });
  });

  it('keeps every rule of what may rest on a zone that is only remembered', async () => {
    await judgeKnownZone();
  });
});
