// @module-tag slow
import { describe, expect, it } from 'vitest';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { countedCell } from '../support/counted-cell.ts';

const ENDPOINTS = 100;
const TARGETS = 100;

/** The fleet with another address at each target that is asked for. */
function readdressed(fleet: CellFleet, network: number, isChanged: (index: number) => boolean): CellFleet {
  const targets = fleet.targets.map((target, index) => {
    const address = `10.${network}.${Math.floor(index / TARGETS)}.${index % TARGETS}`;
    return isChanged(index) ? { ...target, ipv4: [address] } : target;
  });
  return { ...fleet, targets };
}

describe('what 10,000 records cost in lists and changes, beside the questions about INSYNC', () => {
  it('is the table of docs/performance.md', async () => {
    const cell = await countedCell(ENDPOINTS, TARGETS);
    await cell.declare((fleet) => fleet);
    const created = await cell.enact('sweep');
    const hint = await cell.enact('hint');
    const sweep = await cell.enact('sweep');
    await cell.declare((fleet) => readdressed(fleet, 200, (index) => index === 5));
    const changed = await cell.enact('hint');
    await cell.declare((fleet) => readdressed(fleet, 201, () => true));
    const updated = await cell.enact('hint');
    expect(created).toMatchObject({ outcome: { type: 'applied' }, lists: 3, changes: 14 });
    expect(hint).toMatchObject({ outcome: { type: 'converged' }, lists: 1, changes: 0 });
    expect(sweep).toMatchObject({ outcome: { type: 'converged' }, lists: 36, changes: 0 });
    expect(changed).toMatchObject({ outcome: { type: 'applied' }, lists: 2, changes: 2 });
    expect(updated).toMatchObject({ outcome: { type: 'applied' }, lists: 2, changes: 13 });
    // The first trees, the one that changed, and those that are live now: nobody has retired any.
    const leaves = (await cell.records()).filter(({ weight }) => weight !== undefined);
    expect(leaves).toHaveLength(2 * ENDPOINTS * TARGETS + TARGETS);
  }, 120_000);
});
