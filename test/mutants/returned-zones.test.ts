import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import { RETURNED_ZONES } from '../support/returned-zones.ts';
import type { MutantResult, MutantWork } from './mutant-worker.ts';
import { MUTANTS } from './mutants.ts';

describe('a zone that went back, under workflows with a bug in them', () => {
  it.each(RETURNED_ZONES)('does harm: $harm', async ({ line, bugs, violation }) => {
    const seeded = MUTANTS.filter(({ name }) => bugs.includes(name));
    expect(seeded.map(({ name }) => name).sort()).toEqual([...bugs].sort());
    const replacements = seeded.flatMap((mutant) => mutant.replacements);
    const work: MutantWork = { replacements, line };
    const result = await ownProcess<MutantResult>(new URL('./mutant-worker.ts', import.meta.url), work);
    expect(result).toMatchObject({ type: 'killed', message: expect.stringContaining(violation) });
  });
});
