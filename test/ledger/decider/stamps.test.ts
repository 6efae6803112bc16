import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { evolve } from '../../../lib/ledger/decider/evolve.ts';
import { latestStamp } from '../../../lib/ledger/decider/stamps.ts';
import type { CellState } from '../../../lib/ledger/decider/state.ts';
import { initialState } from '../../../lib/ledger/decider/state.ts';
import { memoryLedger } from '../../../lib/ledger/memory-ledger.ts';
import { verifyLedger } from '../../../lib/ledger/verify.ts';
import { canonicalJson } from '../../../lib/plan/canonical.ts';
import { generation } from '../../../lib/plan/generation.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../../lib/plan/stored-format.ts';
import { CELL, LEDGER, planAppended } from '../../support/ledger-events.ts';
import { judgeSkewedClocks } from '../../support/skewed-clocks.ts';

const AT = 1_790_000_000_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const paused: LedgerEvent = { type: 'PlannerPaused', reason: 'x' };
const surveyed = (records: number): LedgerEvent => ({
  type: 'ZoneSurveyed',
  facts: { records, recordLimit: 10_000, negativeTtlS: 60, delegations: [], conflicts: [] },
});

/** The state after events, each with its writer and its time from `AT` on. */
function stateOf(format: number, ...events: readonly (readonly [string, number, LedgerEvent])[]): CellState {
  return events.reduce((state, [by, at, event]) => evolve(state, event, { at: AT + at, by }), {
    ...initialState(CELL, LEDGER),
    format,
  });
}

describe('a time that a clock wrote a day ahead', () => {
  const ahead = ['operator-ana', DAY_MS, paused] as const;

  it('is doubted by one other clock, and counts as then once a second one agrees', () => {
    const doubted = stateOf(4, ahead, ['planner', 1_000, surveyed(1)]);
    expect(doubted).toMatchObject({
      paused: { at: AT + DAY_MS },
      ahead: { by: 'planner', since: AT + 1_000, at: AT + 1_000 },
    });
    const agreed = stateOf(4, ahead, ['planner', 1_000, surveyed(1)], ['enactor-a', 2_000, surveyed(2)]);
    expect(agreed).toMatchObject({ paused: { at: AT + 2_000 }, ahead: null });
  });

  it('stays where the same clock says it twice: that clock may be the one that is wrong', () => {
    const twice = stateOf(4, ahead, ['planner', 1_000, surveyed(1)], ['planner', 2_000, surveyed(2)]);
    expect(twice).toMatchObject({
      paused: { at: AT + DAY_MS },
      ahead: { by: 'planner', since: AT + 1_000, at: AT + 2_000 },
    });
  });

  it('of a refusal counts as when it was found: what has been waited for since is not waited for once more', () => {
    const refused: LedgerEvent = {
      type: 'EndpointRefused',
      generation: generation(1),
      name: dnsName('api.example.test'),
      step: 'stage',
      records: ['api.example.test A'],
      reason: 'x',
      batches: 2,
    };
    const both = [['enactor-a', DAY_MS, refused] as const, ['planner', 1_000, surveyed(1)] as const];
    const agreed = ['enactor-b', HOUR_MS, surveyed(2)] as const;
    expect(stateOf(4, ...both, agreed).refused).toMatchObject([{ at: AT + 1_000 }]);
    const right = ['enactor-b', 60_000, { ...refused, name: dnsName('web.example.test') }] as const;
    const other = ['planner', 2_000, surveyed(1)] as const;
    expect(stateOf(4, ...both, other, right, agreed).refused).toMatchObject([
      { name: 'api.example.test', at: AT + 1_000 },
      { name: 'web.example.test', at: AT + 60_000 },
    ]);
  });

  it('stays as it is in a cell of an older format', () => {
    const all = [ahead, ['planner', 1_000, surveyed(1)], ['enactor-a', 2_000, surveyed(2)]] as const;
    expect(stateOf(3, ...all)).toMatchObject({ paused: { at: AT + DAY_MS }, ahead: null });
  });
});

describe('a plan of a clock that is two days ahead', () => {
  it('does not make the log forget what was taken before', () => {
    const takes = (number: number): LedgerEvent => planAppended(number, { capacityRemoved: { api: 300 } });
    const ahead = ['operator-ana', 2 * DAY_MS, takes(2)] as const;
    const { capacityRemoved } = stateOf(4, ['planner', 0, takes(1)], ahead);
    expect(capacityRemoved['api']).toEqual([
      { at: AT, permille: 300 },
      { at: AT + 2 * DAY_MS, permille: 300 },
    ]);
  });
});

describe('a clock that is behind', () => {
  it('changes no time of the others, however often it writes', () => {
    const late = ['operator-ana', -DAY_MS, surveyed(1)] as const;
    const state = stateOf(4, ['planner', 0, paused], late, late, ['enactor-a', 1_000, surveyed(2)], late);
    expect(state.paused?.at).toBe(AT);
    expect(stateOf(4, ['planner', 0, paused], late, ['enactor-a', 1_000, surveyed(2)]).ahead).toBe(null);
  });
});

describe('a log whose clocks went back', () => {
  it('is intact, and in the order of its numbers', async () => {
    const ledger = memoryLedger(LEDGER);
    let head = await ledger.head(CELL);
    for (const [index, ms] of [0, DAY_MS, 0, -DAY_MS, 5, 10].entries()) {
      const outcome = await ledger.append(head, {
        event: index === 0 ? { type: 'FormatRaised', format: NEWEST_LEDGER_FORMAT } : surveyed(index),
        at: AT + ms,
        by: `writer-${index % 3}`,
      });
      if (outcome.type !== 'appended') throw new Error(outcome.type);
      head = outcome.head;
    }
    const { cells } = await verifyLedger({ ledger });
    expect(cells.map(({ events, problems }) => ({ events, problems }))).toEqual([
      { events: 6, problems: [] },
    ]);
  });
});

describe('the times of a state', () => {
  it('are all found, whatever part holds them', () => {
    const state = {
      ...stateOf(4, ['planner', 0, paused]),
      history: [],
      refused: [{ name: 'x', since: AT + 7 }],
    };
    expect(latestStamp(state)).toBe(AT + 7);
    expect(latestStamp(JSON.parse(canonicalJson({ capacityRemoved: { at: 500 } })))).toBe(500);
    expect(latestStamp(initialState(CELL, LEDGER))).toBe(0);
  });

  it('are right in all histories in which one clock is wrong, and no window outlasts the wrong clock', async () => {
    const tally = await judgeSkewedClocks(1, 60);
    expect(tally.lowered).toBeGreaterThan(20);
    expect(tally.coalesced).toBeGreaterThan(20);
  });
});
