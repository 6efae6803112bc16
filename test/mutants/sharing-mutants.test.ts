import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import type { SharingMutantWork } from './sharing-mutant-worker.ts';

const CELLS = 12;
const BORROWED = 'runtime/borrowed-rate.ts';
const BUDGET = 'runtime/rate-budget.ts';
const SHARES = 'infrastructure/rate-shares.ts';

interface SharingMutant {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** What the broken rule says. */
  readonly says: RegExp;
}

function mutant(name: string, says: RegExp, file: string, find: string, put: string): SharingMutant {
  return { name, replacements: [{ file, find, put }], says };
}

/** Bugs in how the rate of an account is shared. The rules must find each of them. */
const MUTANTS: readonly SharingMutant[] = [
  mutant(
    'a borrower that does not back off',
    /a person waits|of its floor/,
    BUDGET,
    'throttled: () => borrowed?.throttled(),',
    'throttled: () => borrowed?.served(),',
  ),
  mutant(
    'a pause that is never longer than the first',
    /a person|a flip|somebody waits/,
    BORROWED,
    'pauseMs = Math.min(longestPauseMs, pauseMs * 2);',
    'pauseMs = FIRST_PAUSE_MS / 20;',
  ),
  mutant(
    'a borrower that may send what the account has, and more',
    /left in the account's bucket/,
    SHARES,
    'borrowing: { upToPerSecond: toGive, urgentPerSecond: reservePerSecond }',
    'borrowing: { upToPerSecond: requestsPerSecond * 2, urgentPerSecond: reservePerSecond }',
  ),
  mutant(
    'a burst that leaves nothing of the reserve',
    /left in the account's bucket/,
    SHARES,
    'burst: Math.min(BURST_MAX, Math.max(1, (burst * open) / containers)),',
    'burst,',
  ),
  mutant(
    'floors that give out the reserve as well',
    /a person|a flip|somebody waits/,
    SHARES,
    'requestsPerSecond: (toGive * share) / containersOf(role, deployment),',
    'requestsPerSecond: (requestsPerSecond * 1.25 * share) / containersOf(role, deployment),',
  ),
  mutant(
    'urgent work that has no more than routine work',
    /a flip waits|somebody waits/,
    BUDGET,
    'urgent.push({ waitMs: () => kept.waitMs(1, 0), take: () => kept.take(1) });',
    'kept.take(1);',
  ),
  mutant(
    'a floor that a Throttling costs',
    /of its floor/,
    BUDGET,
    '              ready.giveBack?.();\n',
    '              ready.take();\n',
  ),
  mutant(
    'a Throttling that is never forgotten',
    /in the last minute/,
    BORROWED,
    '        limit = mostPerSecond;\n',
    '',
  ),
  mutant(
    'nothing that is borrowed',
    /requests in 60 s/,
    BORROWED,
    'perSecond = Math.min(limit, perSecond + STEP);',
    'perSecond = Math.min(0, limit);',
  ),
];

describe('the rules of sharing, on a budget with a bug in it,', () => {
  for (const { name, replacements, says } of MUTANTS) {
    it(`find "${name}"`, async () => {
      const work: SharingMutantWork = { replacements, cells: CELLS };
      const result = await ownProcess(new URL('./sharing-mutant-worker.ts', import.meta.url), work);
      expect(result).toMatch(/^killed: /);
      expect(result).toMatch(says);
    });
  }
});
