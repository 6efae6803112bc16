import { describe, expect, it } from 'vitest';
import { beginRun } from '../../lib/enactor/enact.ts';
import { isCulprit, nextParts } from '../../lib/enactor/narrow-down.ts';
import type { BatchPart } from '../../lib/plan/batches.ts';
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
