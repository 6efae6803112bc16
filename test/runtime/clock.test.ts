import { describe, expect, it } from 'vitest';
import { instant, systemClock } from '../../lib/runtime/clock.ts';
import { systemRandomness } from '../../lib/runtime/ids.ts';

describe('instant', () => {
  it.each([-1, 1.5, Number.NaN, 2 ** 60])('refuses %d', (ms) => {
    expect(() => instant(ms)).toThrow(RangeError);
  });
});

describe('systemClock', () => {
  it('rejects a sleep with the reason of the signal', async () => {
    const reason = new Error('the run is over');
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  it('sleeps and tells the time', async () => {
    const before = systemClock.now();
    await systemClock.sleep(1);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });
});

describe('systemRandomness', () => {
  it('makes nonces of eight characters that do not repeat, and fractions below one', () => {
    const nonces = new Set(Array.from({ length: 200 }, () => systemRandomness.nonce()));
    expect(nonces.size).toBe(200);
    for (const nonce of nonces) expect(nonce).toMatch(/^[a-z0-9]{8}$/);
    const fraction = systemRandomness.fraction();
    expect(fraction).toBeGreaterThanOrEqual(0);
    expect(fraction).toBeLessThan(1);
  });
});
