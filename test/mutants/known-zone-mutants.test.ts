import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';

const KNOWN = 'enactor/known-zone.ts';

/**
 * Bugs in what an enactor remembers of its zone. Route 53 refuses what rests on them, so no rule of the simulator is
 * broken by them (docs/verification.md); what they cost is a batch that was sent in vain, or a false refusal.
 */
const MUTANTS: readonly (readonly [name: string, replacement: Replacement])[] = [
  [
    'a zone that is trusted although its fence has moved',
    {
      file: 'enactor/situation.ts',
      find: 'if (run.known?.fence === fenceKey(basis.reading))',
      put: 'if (run.known !== undefined)',
    },
  ],
  [
    'a zone that is still known after Route 53 refused what rests on it',
    {
      file: KNOWN,
      find: `  if (\n    known === undefined ||\n    beside !== undefined ||\n    outcome.type !== 'applied' ||`,
      put: `  if (outcome.type !== 'applied') return known;\n  if (\n    known === undefined ||\n    beside !== undefined ||`,
    },
  ],
  [
    'a zone that is carried on without what the batch wrote',
    {
      file: KNOWN,
      find: 'afterChanges(known.view, [...swap, ...changes])',
      put: 'afterChanges(known.view, changes.length > 0 ? swap : swap)',
    },
  ],
];

describe('what an enactor remembers of its zone', () => {
  it('is right without a bug in it', async () => {
    expect(await judged([])).toBe('survived');
  });

  it.each(MUTANTS)('is found wrong with %s', async (_, replacement) => {
    expect(await judged([replacement])).toMatch(/^killed: AssertionError/);
  });
});

function judged(replacements: readonly Replacement[]): Promise<string> {
  return ownProcess(new URL('./known-zone-worker.ts', import.meta.url), replacements);
}
