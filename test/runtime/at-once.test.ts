import { describe, expect, it } from 'vitest';
import { eachAtOnce } from '../../lib/runtime/at-once.ts';

describe('work on many items', () => {
  it('is at most so much at once, and comes back in the order of the items', async () => {
    let working = 0;
    let most = 0;
    const results = await eachAtOnce([5, 1, 4, 2, 3], 2, async (item) => {
      working += 1;
      most = Math.max(most, working);
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
      working -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it('is none for no items', async () => {
    expect(await eachAtOnce([], 4, async () => 1)).toEqual([]);
  });

  it('begins nothing more after a failure, and throws what failed', async () => {
    const begun: number[] = [];
    const work = eachAtOnce([1, 2, 3, 4], 1, async (item) => {
      begun.push(item);
      if (item === 2) throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(begun).toEqual([1, 2]);
  });
});
