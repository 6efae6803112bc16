import { describe, expect, it } from 'vitest';
import { beginRun } from '../../lib/enactor/enact.ts';
import { isCulprit, nextParts, refusedParts, remember } from '../../lib/enactor/narrow-down.ts';
import type { BatchPart } from '../../lib/plan/batches.ts';
import type { FenceReading } from '../../lib/plan/fence.ts';
import { instant, systemClock } from '../../lib/runtime/clock.ts';

const REASON = 'it is protected';
const parts = (count: number): readonly BatchPart[] =>
  Array.from({ length: count }, (_, index) => ({ id: `e${index}`, changes: [] }));

/** Sends batches until all but the refused part is written; the number of batches, and what was blamed. */
function narrowedDown(count: number, refused: number) {
  const run = beginRun({ clock: systemClock }, { mode: 'sweep', deadline: instant(0) });
  let left = parts(count);
  let batches = 0;
  let blamed: readonly string[] = [];
  while (left.length > 0 && batches < 1_000) {
    const batch = nextParts(run, left, (some) => some);
    batches += 1;
    const ids = new Set(batch.map(({ id }) => id));
    if (!ids.has(`e${refused}`)) {
      left = left.filter(({ id }) => !ids.has(id));
      run.landed = true;
    } else if (isCulprit(run, { parts: batch, reason: REASON })) {
      blamed = run.suspects;
      left = left.filter(({ id }) => !blamed.includes(id));
      run.suspects = [];
    }
  }
  return { batches, blamed };
}

describe('narrowing a refusal down', () => {
  it('blames the culprit alone in at most 10 batches, wherever it stands among 120', () => {
    for (let refused = 0; refused < 120; refused += 1) {
      const { batches, blamed } = narrowedDown(120, refused);
      expect(blamed).toEqual([`e${refused}`]);
      expect(batches, `at ${refused}`).toBeLessThanOrEqual(10);
    }
  });

  it('takes one batch where there is one part', () => {
    expect(narrowedDown(1, 0)).toEqual({ batches: 1, blamed: ['e0'] });
  });
});

describe('a batch that rested on the fences of two cells', () => {
  const reading: FenceReading = { type: 'missing', records: [] };
  const all = parts(3);
  const rejectedUnder = (beside: string | undefined) => {
    const run = beginRun({ clock: systemClock }, { mode: 'sweep', deadline: instant(0) });
    remember(run, reading, { kind: 'handover', beside, parts: all, reason: REASON });
    return run;
  };

  it('was refused if neither has moved', () => {
    const run = rejectedUnder('theirs');
    expect(refusedParts(run, reading, 'handover', all, 'theirs')).toEqual({ parts: all, reason: REASON });
    expect(run.lost).toBe(0);
  });

  it('lost a race if the other one has moved, or is not among what is decided now', () => {
    for (const beside of ['moved', undefined]) {
      const run = rejectedUnder('theirs');
      expect(refusedParts(run, reading, 'handover', all, beside)).toBeUndefined();
      expect(run.lost).toBe(1);
    }
  });

  it('is not the same as a flip of the same names', () => {
    expect(refusedParts(rejectedUnder('theirs'), reading, 'flip', all, 'theirs')).toBeUndefined();
    expect(refusedParts(rejectedUnder(undefined), reading, 'handover', all)).toMatchObject({ parts: all });
  });
});
