import { describe, expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { ownProcess } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import type { MutantResult, MutantWork } from './mutant-worker.ts';
import { MUTANTS } from './mutants.ts';

/** Runs that the campaign found, each with the bug that it found there. They are kept in test/reproductions without it. */
const KEPT: readonly { readonly bug: string; readonly line: string; readonly replacement: Replacement }[] = [
  {
    bug: 'a retry that waits for a time ahead which nobody has seen yet',
    line: 'obstacles~:1,3z,12,2z,14,4,4z,1,1z,5,1,5z,1,2z,3,2,3,2,5z,2,19,1z,1',
    replacement: {
      file: 'cell/asked-answers.ts',
      find: 'return newest === null || newest.at > now ? 0 : newest.at + FIRST_RETRY_MS;',
      put: 'return now + wait;',
    },
  },
  {
    bug: 'a count that was made right by a late deletion',
    line: 'rescue~:3,4z,15,21,3,9,2z,9,2,2z,3,1,6,3z,2,5z,2',
    replacement: {
      file: 'enactor/confirm-zone.ts',
      find: 'const stood = sameRecords(after.records, reading.records);',
      put: 'const stood = after.records.length >= 0;',
    },
  },
];

/** A bug that the seeds find in a run of some length. */
const LONG = 'a bound that counts over what serves';

describe('a run that was kept, under workflows with the bug in them', () => {
  it.each(KEPT)('breaks a rule: $bug', async ({ line, replacement }) => {
    const work: MutantWork = { replacements: [replacement], line };
    const result = await ownProcess<MutantResult>(new URL('./mutant-worker.ts', import.meta.url), work);
    expect(result).toMatchObject({ type: 'killed' });
  });
});

describe('a run that a campaign finds under workflows with the bug in them', () => {
  it('is made shorter where that is asked for, and breaks the same rule', async () => {
    const { scenario = '', replacements = [] } = MUTANTS.find(({ name }) => name === LONG) ?? {};
    const campaign = { type: 'campaign', strategy: 'mixed', scenario, firstSeed: 1, stride: 1 } as const;
    const found = (isShrunk: boolean) =>
      played({ replacements, task: { ...campaign, seconds: 600, decisionsMax: 50_000, isShrunk } });
    const [whole, shrunk] = [await found(false), await found(true)];
    const again = await played({ replacements, line: shrunk.line ?? '' });
    expect([shrunk.message, again.message]).toEqual([whole.message, whole.message]);
    const [long, short] = [whole, shrunk].map(({ line = '' }) => parseReplay(line).choices.length);
    expect(short).toBeLessThan(long ?? 0);
  });
});

async function played(work: MutantWork): Promise<Extract<MutantResult, { readonly type: 'killed' }>> {
  const result = await ownProcess<MutantResult>(new URL('./mutant-worker.ts', import.meta.url), work);
  if (result.type !== 'killed') throw new Error(JSON.stringify(result));
  return result;
}
