import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { Report } from '../../lib/local/reports.ts';
import type { LoopedRole, LoopRun } from '../../lib/local/role-loop.ts';
import { loopRole } from '../../lib/local/role-loop.ts';
import type { CellName } from '../../lib/plan/names.ts';
import { cellName } from '../../lib/plan/names.ts';
import type { VirtualClock } from '../runtime/virtual-clock.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';

const A = cellName('use1-a');
const B = cellName('use1-b');
const POLL_MS = 500;
const SWEEP_MS = 10_000;

async function pausePlanner(ledger: Ledger, cell: CellName): Promise<void> {
  const head = await ledger.head(cell);
  const type = head.state.paused === null ? 'PlannerPaused' : 'PlannerResumed';
  const event = type === 'PlannerPaused' ? ({ type, reason: 'a test' } as const) : ({ type } as const);
  const outcome = await ledger.append(head, { event, at: 1, by: 'test' });
  if (outcome.type !== 'appended') throw new Error(outcome.type);
}

interface Loop {
  readonly runs: (LoopRun & { readonly at: number })[];
  readonly reports: Report[];
  readonly ledger: Ledger;
}

/** Loops a role until `run` has been called so often, on a clock that jumps. */
async function looped(
  calls: number,
  behaviour: Partial<Pick<LoopedRole, 'run' | 'followsLog' | 'ledger'>> & {
    readonly during?: (loop: Loop, clock: VirtualClock) => Promise<void>;
  } = {},
): Promise<Loop> {
  const clock = virtualClock();
  const start = clock.now();
  const ledger = memoryLedger('0a1b2c3d');
  await pausePlanner(ledger, A);
  await pausePlanner(ledger, B);
  const loop: Loop = { runs: [], reports: [], ledger };
  const ending = new AbortController();
  await loopRole(
    {
      name: 'enactor-a',
      ledger: behaviour.ledger ?? (async () => ledger),
      sweepMs: SWEEP_MS,
      firstSweepMs: 0,
      followsLog: behaviour.followsLog ?? true,
      run: async (request) => {
        loop.runs.push({ ...request, at: clock.now() - start });
        if (loop.runs.length >= calls) ending.abort(new Error('the test is over'));
        await behaviour.during?.(loop, clock);
        return behaviour.run?.(request);
      },
    },
    { clock, report: (report) => loop.reports.push(report), pollMs: POLL_MS, signal: ending.signal },
  );
  return loop;
}

describe('the loop of a role', () => {
  it('sweeps every cell in turn, and again when the interval is over', async () => {
    const { runs, reports } = await looped(4);
    expect(runs.map(({ cell, occasion }) => `${cell} ${occasion}`)).toEqual([
      'use1-a sweep',
      'use1-b sweep',
      'use1-a sweep',
      'use1-b sweep',
    ]);
    expect(runs[2]?.at).toBeGreaterThanOrEqual(SWEEP_MS);
    expect(reports).toEqual([]);
  });

  it('sweeps on when the clock is set back by a quarter of an hour', async () => {
    const { runs } = await looped(4, {
      during: async ({ runs: so }, clock) => {
        if (so.length === 2) clock.shift(-900_000);
      },
    });
    expect(runs.map(({ occasion }) => occasion)).toEqual(['sweep', 'sweep', 'sweep', 'sweep']);
    expect((runs[2]?.at ?? 0) + 900_000).toBeLessThanOrEqual(SWEEP_MS + 2 * POLL_MS);
  });

  it('takes a new event for a hint', async () => {
    const { runs } = await looped(3, {
      during: async ({ runs: so, ledger }) => {
        if (so.length === 2) await pausePlanner(ledger, A);
      },
    });
    expect(runs[2]).toMatchObject({ cell: A, occasion: 'hint', position: 2 });
    expect(runs[2]?.at).toBeLessThan(SWEEP_MS);
  });

  it('waits for its sweep when it does not follow the log', async () => {
    const { runs } = await looped(3, {
      followsLog: false,
      during: async ({ runs: so, ledger }) => {
        if (so.length === 2) await pausePlanner(ledger, A);
      },
    });
    expect(runs[2]).toMatchObject({ cell: A, occasion: 'sweep' });
  });

  it('comes again when the run asked for it', async () => {
    const { runs } = await looped(3, {
      run: async ({ cell }) => (cell === B ? 1_000_000 + 2_000 : undefined),
    });
    expect(runs[2]).toMatchObject({ cell: B, occasion: 'hint' });
    expect(runs[2]?.at).toBeGreaterThanOrEqual(2_000);
    expect(runs[2]?.at).toBeLessThan(SWEEP_MS);
  });

  it('goes on after an exception, waits longer each time, lets no other cell wait, and says it once', async () => {
    const { runs, reports } = await looped(9, {
      run: async ({ cell }) => {
        if (cell === A) throw new Error('down');
        return undefined;
      },
    });
    const at = runs.flatMap((run) => (run.cell === A ? [run.at] : []));
    const waits = at.slice(1).map((each, index) => each - (at[index] ?? 0));
    expect(waits.slice(0, 5)).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
    expect(reports).toEqual([
      { type: 'trouble', role: 'enactor-a', cell: A, reason: 'Error: down', waitMs: 500 },
    ]);
    expect(runs.filter(({ cell }) => cell === B)).not.toEqual([]);
  });

  it('goes on when the ledger cannot be opened at first, and says when that is over', async () => {
    const ledger = memoryLedger('0a1b2c3d');
    await pausePlanner(ledger, A);
    let opened = 0;
    const { runs, reports } = await looped(1, {
      ledger: async () => {
        opened += 1;
        if (opened <= 3) throw new Error('not yet');
        return ledger;
      },
    });
    expect(runs).toHaveLength(1);
    expect(reports).toEqual([
      { type: 'trouble', role: 'enactor-a', reason: 'Error: not yet', waitMs: 500 },
      { type: 'over', role: 'enactor-a', times: 3, ms: 3_500 },
    ]);
  });

  it('says another failure of the same run', async () => {
    let run = 0;
    const { reports } = await looped(8, {
      run: async ({ cell }) => {
        if (cell === B) return undefined;
        run += 1;
        if (run < 5) throw new Error(run === 3 ? 'away' : 'down');
        return undefined;
      },
    });
    const said = reports.map((report) => (report.type === 'trouble' ? report.reason : report.type));
    expect(said).toEqual(['Error: down', 'Error: away', 'Error: down', 'over']);
  });

  it('ends after the run under way, and says nothing of what the end has cut short', async () => {
    const { runs, reports } = await looped(1, {
      run: async () => {
        throw new Error('cut short');
      },
    });
    expect(runs).toHaveLength(1);
    expect(reports).toEqual([]);
  });
});
