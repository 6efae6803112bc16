import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelSize } from './sizes.ts';
import { FREEZES_SIZE, USUAL_SIZE } from './sizes.ts';
import type { Mutant } from './spin.ts';
import { searchLiveness, searchSafety } from './spin.ts';

/** The largest search takes a minute on one idle core. */
const PATIENCE_MS = 900_000;

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-model-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

// The other sizes' states are all listed, and held against the same assertions, in conformance.test.ts.
it(
  'every state of two freezes and a thaw keeps I1, I2, I3 and I7',
  async () => {
    const { states, errors, violation, complete } = await searchSafety(folder, FREEZES_SIZE);
    expect({ errors, violation, complete }).toEqual({ errors: 0, violation: undefined, complete: true });
    expect(states).toBeGreaterThan(1_000_000);
  },
  PATIENCE_MS,
);

it(
  'with nobody dying every fair run comes to the goal and stays there',
  async () => {
    const { states, errors, violation, complete } = await searchLiveness(folder, USUAL_SIZE);
    expect({ errors, violation, complete }).toEqual({ errors: 0, violation: undefined, complete: true });
    expect(states).toBeGreaterThan(500_000);
  },
  PATIENCE_MS,
);

describe('a simplification breaks it', () => {
  const MUTANTS: readonly {
    readonly mutant: Mutant;
    readonly size: ModelSize;
    readonly breaks: string;
  }[] = [
    { mutant: 'FLIP_WITHOUT_FENCE', size: USUAL_SIZE, breaks: '>=fence_gen' },
    { mutant: 'STAGE_WITHOUT_FENCE', size: USUAL_SIZE, breaks: 'retired>>' },
    { mutant: 'FLIP_BEFORE_INSYNC', size: USUAL_SIZE, breaks: 'everywhere>>' },
    { mutant: 'DELETE_BEFORE_TREES_RETIRED', size: USUAL_SIZE, breaks: 'unretired>>tree_of[newest]' },
    { mutant: 'FENCE_ALONE_REFRESHED', size: USUAL_SIZE, breaks: '>=fence_gen' },
    { mutant: 'THAW_RETRIES', size: FREEZES_SIZE, breaks: 'freeze_seq<=first_seen' },
  ];
  for (const { mutant, size, breaks } of MUTANTS) {
    it(
      mutant,
      async () => {
        const { errors, violation } = await searchSafety(folder, size, mutant);
        expect(errors).toBe(1);
        expect(violation).toContain(breaks);
      },
      PATIENCE_MS,
    );
  }
});
