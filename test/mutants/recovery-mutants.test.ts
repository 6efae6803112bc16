import { describe, expect, it } from 'vitest';
import type { Fault } from '../../lib/simulator/recovery/recovery-schedule.ts';
import { ownProcess } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import type { RecoveryMutantWork } from './recovery-mutant-worker.ts';

interface RecoveryMutant extends Replacement {
  readonly name: string;
  readonly what: Fault['what'];
  /** The claim that it breaks. */
  readonly breaks: RegExp;
}

const HOLDERS = 3_000;
const RULE = 'lease/lease-rule.ts';
const HOLD = 'lease/hold-period.ts';
const HEAR = 'lease/hear-zone.ts';

const MUTANTS: readonly RecoveryMutant[] = [
  {
    name: 'a holder that tries again at once',
    what: 'store',
    breaks: /A row met 2 tries in a period/,
    file: HOLD,
    find: 'const tick = await deps.leases.readTick(request.zone);',
    put: 'const tick = await deps.leases.readTick(request.zone).catch(() => deps.leases.readTick(request.zone));',
  },
  {
    name: 'a holder that writes twice to be sure',
    what: 'store',
    breaks: /A row met 2 writes in a period/,
    file: HOLD,
    find: 'const outcome = await leases.putRow(zone, row, known);',
    put: `await leases.putRow(zone, row, known);
  const outcome = await leases.putRow(zone, { ...row, s: row.s + 1 }, row);`,
  },
  {
    name: 'a tick that rises while its zone is deaf',
    what: 'network',
    breaks: /taken for lapsed/,
    file: RULE,
    find: 'if (deaf || now - tick.at < TICK_MIN_MS) return undefined;',
    put: 'if (now - tick.at < TICK_MIN_MS) return undefined;',
  },
  {
    name: 'a zone that is never deaf',
    what: 'network',
    // Nothing leaves DNS all the same: the judgement takes no more out than may be missing.
    breaks: /taken for lapsed/,
    file: RULE,
    find: 'return heard < declared - missingMax(declared);',
    put: 'return heard < declared - declared;',
  },
  {
    name: 'rows that expire by the clock',
    what: 'store',
    breaks: /heard again never.* taken for lapsed/,
    file: HEAR,
    find: 'await heardRows(leases, zone, groups, tick);',
    put: 'await heardRows(leases, zone, groups, clock.now() - tick.at > 90_000 ? { ...tick, n: tick.n + 5 } : tick);',
  },
  {
    name: 'rows that lapse as soon as they are silent',
    what: 'store',
    breaks: /taken for lapsed/,
    file: RULE,
    find: "return n - t > MISSED_TICKS_MAX ? 'lapsed' : 'silent';",
    put: "return 'lapsed';",
  },
  {
    name: 'a holder that waits until its own row has lapsed',
    what: 'store',
    breaks: /All are heard again never/,
    file: HOLD,
    find: "if (row.by !== by && standingAt(n, row.t) !== 'lapsed') return others(memory, row.by);",
    put: "if (standingAt(n, row.t) !== 'lapsed') return others(memory, row.by);",
  },
];

describe('the replay of a recovery', () => {
  it.each(MUTANTS)('finds: $name', async ({ file, find, put, what, breaks }) => {
    const work: RecoveryMutantWork = { replacements: [{ file, find, put }], what, holders: HOLDERS };
    expect(await ownProcess(new URL('./recovery-mutant-worker.ts', import.meta.url), work)).toMatch(breaks);
  });

  it.each(['store', 'network'] as const)('finds nothing where there is no bug (%s)', async (what) => {
    const work: RecoveryMutantWork = { replacements: [], what, holders: HOLDERS };
    expect(await ownProcess(new URL('./recovery-mutant-worker.ts', import.meta.url), work)).toBe('survived');
  });
});
