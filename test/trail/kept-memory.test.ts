import { describe, expect, it } from 'vitest';
import type { Fence } from '../../lib/plan/fence.ts';
import { create, remove } from '../../lib/plan/records.ts';
import { trailPlayer } from '../../lib/trail/play-trail.ts';
import type { TrailEvent } from '../../lib/trail/trail-event.ts';
import { cleanLog, leaf, logOf, pointer, trailAuthor, tree } from '../support/written-trail.ts';

const REMEMBERED = 60;
const HOUR_MS = 3_600_000;
const STEP_MS = 90_000;
/** Events that can wait: those of an hour, and the one that shows that it has passed. */
const WAITING = HOUR_MS / STEP_MS + 1;

/** A cell whose trees come and go, beside a hand; each of its batches rests on an event that the log does not have. */
async function played(generations: number) {
  const author = trailAuthor();
  const player = trailPlayer([await logOf(cleanLog())], {
    isOwn: ({ name }) => name === 'pawl',
    remembered: REMEMBERED,
  });
  let at = Date.UTC(2026, 10, 28);
  const most: Record<string, number> = {};
  const play = (event: TrailEvent): void => {
    player.take([event]);
    for (const [what, count] of Object.entries(player.kept())) most[what] = Math.max(most[what] ?? 0, count);
  };
  const next = () => {
    at += STEP_MS;
    return at;
  };
  for (let number = 1; number <= generations; number += 1) {
    const head: Fence['head'] = { number: 100 + number, digits: 'abcabcabcabc' };
    const alias = pointer(tree(number + 5_000), tree(number + 6_000));
    play(author.write({ by: 'enactor-a', head }, [create(leaf(number))], next()));
    play(author.hand([create(alias)], next()));
    play(author.hand([remove(alias)], next()));
    play(author.write({ by: 'janitor', head }, [remove(leaf(number))], next()));
  }
  const kept = player.kept();
  return { most, kept, report: player.done() };
}

describe('what is kept of a trail', () => {
  it('does not grow with its events', async () => {
    const [short, long] = [await played(200), await played(800)];
    expect(short.report.events).toBe(800);
    expect(long.report.events).toBe(3_200);
    expect(long.most).toEqual(short.most);
    // Each memory was full, so that its bound was at work.
    expect(long.most).toEqual({
      ...{ events: WAITING, fences: Math.ceil(WAITING / 2), ids: REMEMBERED - 1 },
      ...{ nonces: REMEMBERED, retired: REMEMBERED, said: REMEMBERED, hands: 2 * REMEMBERED },
      ...{ touched: REMEMBERED, places: REMEMBERED - 2, facts: REMEMBERED },
      ...{ gone: REMEMBERED, records: 3, pointers: 1, missing: 0, names: 1 },
    });
  });
});
