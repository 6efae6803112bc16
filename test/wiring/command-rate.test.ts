import { expect, it } from 'vitest';
import { instant } from '../../lib/runtime/clock.ts';
import { rateBudget } from '../../lib/runtime/rate-budget.ts';
import { GIVEN_RATE_MAX, givenRate } from '../../lib/wiring/command-rate.ts';
import { seededRandomness, virtualClock } from '../runtime/virtual-clock.ts';

const FAR = instant(3_600_000);

it.each([1, 2, 50, GIVEN_RATE_MAX])(
  'a command that was given %i requests a second sends so many each second, and never borrows',
  async (perSecond) => {
    const clock = virtualClock(0);
    const budget = rateBudget({ clock, randomness: seededRandomness() }, givenRate(perSecond));
    const secondsFor = 5;
    for (let sent = 0; sent < perSecond * (1 + secondsFor); sent += 1) {
      const permit = await budget.take({ urgency: 'urgent', deadline: FAR });
      if (permit === 'late') throw new Error('there was no room in an hour');
      permit.answered('served');
    }
    // A second's worth is saved at the beginning; the rest comes at the rate.
    expect(clock.now() / 1_000).toBeCloseTo(secondsFor, 0);
  },
);
