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
//
// And where a run has looked at the others and died, and its cell gave up the name and declared it again since:
// 1. use1-a declares api, and its planner sees that nobody else does. It dies before it appends a plan.
// 2. use1-a does not declare api any more.
// 3. use1-b declares api and plans it.
// 4. use1-a declares api again, and the same planner runs.

const CELLS = [cellName('use1-a'), cellName('use1-b')] as const;

/** How a planner reads claims; it keeps what this gives it for all of its runs. */
type ClaimsReader = (ledger: Ledger, cell: CellName) => Promise<ClaimsOn>;

const whenAsked: ClaimsReader = async () => claimsOnNewNames();
/** A mistake: before its run. */
const beforeTheHead: ClaimsReader = async (ledger, cell) => {
  const claims: Claims = await claimedNames(ledger, new Set([cell]));
  return async () => claims;
};
/** A mistake: once a fleet, although the fleet may have been declared, replaced and declared again. */
const onceAFleet: ClaimsReader = async () => {
  const looks = new Map<string, Claims>();
  return async (ledger, known) => {
    const digest = known.head.state.fleet?.digest ?? '';
    const claims = looks.get(digest) ?? (await claimsOnNewNames()(ledger, known));
    looks.set(digest, claims);
    return claims;
  };
};

/** What a party does, one after the other: it declares api or nothing, and plans with or without appending. */
type Act = 'declare' | 'withdraw' | 'look' | 'plan';

/** What both parties do, and the most calls that it takes one of them. */
interface Game {
  readonly acts: readonly Act[];
  readonly callsMax: number;
}

const ONE_RUN: Game = { acts: ['declare', 'plan'], callsMax: 14 };
const THREE_RUNS: Game = { acts: ['declare', 'look', 'withdraw', 'declare', 'plan', 'plan'], callsMax: 31 };

interface Played {
  /** Cells that have api in their goal. */
  readonly plans: number;
  /** Of the party that made most of them. */
  readonly calls: number;
}

/** Lets each party make its calls in turns of these lengths, and everything after them in the order of the parties. */
async function playedIn(game: Game, turns: readonly number[], reader: ClaimsReader): Promise<Played> {
  const ledger = memoryLedger('5be1c07a', { firstFormat: NEWEST_LEDGER_FORMAT });
  for (const cell of CELLS) await declareIn(ledger, { ...apiFleet(1), cell, endpoints: [] });
  const order = turns.flatMap((length, turn) => Array.from({ length }, () => turn % 2));
  const rest = [0, 1].flatMap((party) => Array<number>(game.callsMax).fill(party));
  const parties = CELLS.map((cell) => startedParty(ledger, cell, game, reader));
  for (const party of [...order, ...rest]) await parties[party]?.step();
  const calls = Math.max(...parties.map((party) => party.calls()));
  // A party with more calls than that would wait for ever.
  if (calls > game.callsMax) return { plans: 0, calls };
  await Promise.all(parties.map(({ ended }) => ended));
  const plans = await Promise.all(CELLS.map((cell) => planOf(ledger, cell, ledger.peek(cell).state.goal)));
  return { plans: plans.filter((plan) => plan !== undefined && plan.endpoints.length > 0).length, calls };
}

/** A push of api into the cell and its planner's runs, which stop before every call until they are stepped. */
function startedParty(ledger: MemoryLedger, cell: CellName, { acts }: Game, reader: ClaimsReader) {
  let calls = 0;
  let isOver = false;
  let go: (() => void) | undefined;
  let arrived = Promise.withResolvers<void>();
  const turn = () =>
    new Promise<void>((resolve) => {
      calls += 1;
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
  const planner = {
    ledger: gated,
    source: staticSource(),
    clock: { now: () => instant(1_790_000_000_000), sleep: async () => undefined },
    telemetry: silentTelemetry,
    name: 'planner',
  };
  const work = async (): Promise<void> => {
    const claims = await reader(gated, cell);
    for (const act of acts) {
      if (act === 'declare') await declareIn(gated, { ...apiFleet(1), cell });
      else if (act === 'withdraw') await declareIn(gated, { ...apiFleet(1), cell, endpoints: [] });
      else await planCell(planner, { cell, append: act === 'plan', claims });
    }
  };
  const ended = work().finally(() => {
    isOver = true;
    arrived.resolve();
  });
  return {
    ended,
    calls: () => calls,
    step: async (): Promise<void> => {
      await arrived.promise;
      if (isOver) return;
      arrived = Promise.withResolvers<void>();
      go?.();
      await arrived.promise;
    },
  };
}

/** Plays every way to stop a party, the other, and the first again. @param stride of the third turn. */
async function playedEverywhere(game: Game, stride: number) {
  const { callsMax } = game;
  const plans = new Set<number>();
  let calls = 0;
  for (let first = 0; first <= callsMax; first += 1)
    for (let second = 0; second <= callsMax; second += 1)
      for (let third = 0; third <= callsMax / 2; third += stride) {
        const played = await playedIn(game, [first, second, third], whenAsked);
        plans.add(played.plans);
        calls = Math.max(calls, played.calls);
      }
  return { plans: [...plans].sort(), calls };
}

describe('of two cells that declare one name at once', () => {
  it('at most one plans it, wherever their planners stop', async () => {
    const { plans, calls } = await playedEverywhere(ONE_RUN, 1);
    expect(plans).toEqual([0, 1]);
    expect(calls).toBeLessThanOrEqual(ONE_RUN.callsMax);
  });

  it('both would plan it if claims were read before the head', async () => {
    // The first reads what the second declares, the second declares and plans, and the first goes on.
    const readsOfOneCell = 3;
    const turns = [readsOfOneCell, ONE_RUN.callsMax];
    expect(await playedIn(ONE_RUN, turns, beforeTheHead)).toMatchObject({ plans: 2 });
    expect(await playedIn(ONE_RUN, turns, whenAsked)).toMatchObject({ plans: 1 });
  });

  it('at most one plans it, where each has looked, given it up and declared it again', async () => {
    const { plans, calls } = await playedEverywhere(THREE_RUNS, 8);
    expect(plans).toEqual([0, 1]);
    expect(calls).toBeLessThanOrEqual(THREE_RUNS.callsMax);
  }, 120_000);

  it('both would plan it if a look were good for a fleet instead of a declaration', async () => {
    const turnsOf = (first: number) => [first, THREE_RUNS.callsMax];
    const stops = Array.from({ length: THREE_RUNS.callsMax }, (_, first) => first);
    const found = new Set<number>();
    for (const first of stops) found.add((await playedIn(THREE_RUNS, turnsOf(first), onceAFleet)).plans);
    expect(found).toContain(2);
  });
});
