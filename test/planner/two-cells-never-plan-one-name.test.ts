// @module-tag slow
import { describe, expect, it } from 'vitest';
import { planOf } from '../../lib/cell/cell-bodies.ts';
import type { Claims, ClaimsOn } from '../../lib/cell/claimed-names.ts';
import { claimedNames, claimsOnNewNames } from '../../lib/cell/claimed-names.ts';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import type { MemoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { CellName } from '../../lib/plan/names.ts';
import { cellName } from '../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { apiFleet } from '../plan/given-fleet.ts';
import { declareIn } from '../support/declared-cell.ts';

// 1. A push declares api in use1-a; it has read use1-b before, which does not declare api.
// 2. A push declares api in use1-b; it has read use1-a before 1.
// 3. Both planners plan.

const CELLS = [cellName('use1-a'), cellName('use1-b')] as const;
/** More calls than a declaration and a planner's run make. */
const CALLS_MAX = 14;
/** What is left is called in the order of the cells. */
const REST = [...Array<number>(2 * CALLS_MAX).fill(0), ...Array<number>(2 * CALLS_MAX).fill(1)];

/** How a planner reads claims: when it is asked, or, as a mistake, before its run. */
type ClaimsReader = (ledger: Ledger, cell: CellName) => Promise<ClaimsOn>;

const whenAsked: ClaimsReader = async () => claimsOnNewNames();
const beforeTheHead: ClaimsReader = async (ledger, cell) => {
  const claims: Claims = await claimedNames(ledger, new Set([cell]));
  return async () => claims;
};

/** Lets each party make its calls in turns of these lengths, and everything after them in the order of the parties. */
async function playedIn(turns: readonly number[], reader: ClaimsReader): Promise<number> {
  const ledger = memoryLedger('5be1c07a', { firstFormat: NEWEST_LEDGER_FORMAT });
  for (const cell of CELLS) await declareIn(ledger, { ...apiFleet(1), cell, endpoints: [] });
  const order = turns.flatMap((length, turn) => Array.from({ length }, () => turn % 2));
  const parties = CELLS.map((cell, party) => startedParty(ledger, cell, party, reader));
  for (const party of [...order, ...REST]) await parties[party]?.step();
  await Promise.all(parties.map(({ ended }) => ended));
  const plans = await Promise.all(CELLS.map((cell) => planOf(ledger, cell, ledger.peek(cell).state.goal)));
  return plans.filter((plan) => plan !== undefined && plan.endpoints.length > 0).length;
}

/** A push of api into the cell and a planner's run after it, which stop before every call until they are stepped. */
function startedParty(ledger: MemoryLedger, cell: CellName, party: number, reader: ClaimsReader) {
  let isOver = false;
  let go: (() => void) | undefined;
  let arrived = Promise.withResolvers<void>();
  const turn = () =>
    new Promise<void>((resolve) => {
      go = resolve;
      arrived.resolve();
    });
  const gated: Ledger = {
    id: ledger.id,
    cells: () => turn().then(() => ledger.cells()),
    head: (name) => turn().then(() => ledger.head(name)),
    append: (head, entry) => turn().then(() => ledger.append(head, entry)),
    events: (name, range) => turn().then(() => ledger.events(name, range)),
    putBody: (name, text) => turn().then(() => ledger.putBody(name, text)),
    getBody: (name, digest) => turn().then(() => ledger.getBody(name, digest)),
  };
  const work = async (): Promise<void> => {
    const claims = party === 0 ? await reader(gated, cell) : undefined;
    await declareIn(gated, { ...apiFleet(1), cell });
    const planner = {
      ledger: gated,
      source: staticSource(),
      clock: { now: () => instant(1_790_000_000_000), sleep: async () => undefined },
      telemetry: silentTelemetry,
      name: 'planner',
    };
    await planCell(planner, { cell, append: true, claims: claims ?? claimsOnNewNames() });
  };
  const ended = work().finally(() => {
    isOver = true;
    arrived.resolve();
  });
  return {
    ended,
    step: async (): Promise<void> => {
      await arrived.promise;
      if (isOver) return;
      arrived = Promise.withResolvers<void>();
      go?.();
      await arrived.promise;
    },
  };
}

describe('of two cells that declare one name at once', () => {
  it('at most one plans it, wherever their planners stop', async () => {
    const found = new Set<number>();
    for (let first = 0; first <= CALLS_MAX; first += 1)
      for (let second = 0; second <= CALLS_MAX; second += 1)
        for (let third = 0; third <= CALLS_MAX / 2; third += 1)
          found.add(await playedIn([first, second, third], whenAsked));
    expect([...found].sort()).toEqual([0, 1]);
  });

  it('both would plan it if claims were read before the head', async () => {
    // The first reads what the second declares, the second declares and plans, and the first goes on.
    const readsOfOneCell = 3;
    expect(await playedIn([readsOfOneCell, CALLS_MAX], beforeTheHead)).toBe(2);
    expect(await playedIn([readsOfOneCell, CALLS_MAX], whenAsked)).toBe(1);
  });
});
