import { describe, expect, it } from 'vitest';
import { newestHeads } from '../../../lib/cli/look/newest-log.ts';
import type { Head } from '../../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../../lib/ledger/memory-ledger.ts';
import { cellName } from '../../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../../lib/plan/stored-format.ts';
import { apiFleet } from '../../plan/given-fleet.ts';
import { declareIn } from '../../support/declared-cell.ts';

/** A head for each count of events; a cell with more events has the newer ones. */
async function headsWith(...events: readonly number[]): Promise<readonly Head[]> {
  const ledger = memoryLedger('5be1c07a', { firstFormat: NEWEST_LEDGER_FORMAT });
  for (const [index, count] of events.entries())
    for (let event = 1; event <= count; event += 1)
      await declareIn(ledger, { ...apiFleet(event), cell: cellName(`cell-${index}`) });
  return Promise.all(events.map((_, index) => ledger.head(cellName(`cell-${index}`))));
}

const names = (heads: readonly Head[]) => heads.map(({ cell }) => cell);

describe('the cells whose events history reads', () => {
  it('are as many as events are shown: those with the newest events', async () => {
    const heads = await headsWith(1, 3, 2);
    expect(names(newestHeads(heads, { limit: 2 }))).toEqual(['cell-1', 'cell-2']);
  });

  it('are those later by name at the same time, as events are shown', async () => {
    const heads = await headsWith(1, 1, 1);
    expect(names(newestHeads(heads, { limit: 2 }))).toEqual(['cell-2', 'cell-1']);
  });

  it('are all where only certain events are asked for', async () => {
    const heads = await headsWith(1, 1, 1);
    expect(newestHeads(heads, { limit: 1, type: ['PlanApplied'] })).toEqual(heads);
  });
});
