import { expect, test } from 'vitest';
import type { PeriodResult } from '../../../lib/cli/lease/hold-story.ts';
import { holdStory } from '../../../lib/cli/lease/hold-story.ts';
import { instant } from '../../../lib/runtime/clock.ts';

test('what changes is said once, and an hour of misses with its count', () => {
  const { tell } = holdStory('rack-7', 'me');
  const said = (result: PeriodResult, mayAct: boolean) => tell(result, mayAct, instant(0))?.text;
  expect(said({ type: 'no-tick' }, false)).toBe(
    'rack-7: its zone has no tick, because no planner has looked at it yet. me may not act.',
  );
  expect(said({ type: 'held', e: 1 }, true)).toBe('rack-7: held by me, epoch 1.');
  expect(said({ type: 'held', e: 1 }, true)).toBeUndefined();
  const away: PeriodResult = { type: 'missed', reason: 'The table is away.' };
  expect(said(away, true)).toBe(
    'rack-7: nothing is known to be written (The table is away). Its time goes on.',
  );
  for (let period = 0; period < 3; period += 1) expect(said(away, true)).toBeUndefined();
  expect(said(away, false)).toBe(
    'rack-7: nothing is known to be written (The table is away). me may not act. 4 periods before this came to nothing.',
  );
  for (let period = 0; period < 55; period += 1) expect(said(away, false)).toBeUndefined();
  expect(said({ type: 'held', e: 2 }, true)).toBe(
    'rack-7: held by me, epoch 2. 60 periods before this came to nothing.',
  );
  expect(said({ type: 'others', by: 'you' }, false)).toBe(
    'rack-7: you holds it; me takes it over once it has lapsed.',
  );
});

test('a period that is told once more when its time has ended counts once', () => {
  const { tell } = holdStory('rack-7', 'me');
  const away: PeriodResult = { type: 'missed', reason: 'away' };
  tell({ type: 'held', e: 1 }, true, instant(0));
  tell(away, true, instant(1));
  expect(tell(away, false, instant(2), false)?.text).toContain('me may not act. 1 period before');
  tell(away, false, instant(3));
  expect(tell({ type: 'held', e: 2 }, true, instant(4))?.missed).toBe(2);
});
