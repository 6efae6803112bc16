/** How many times as much as CI the long samples play: `PAWL_SAMPLES=4`, a whole number from 1. */
const TIMES = Number(process.env['PAWL_SAMPLES'] ?? 1);
if (!Number.isSafeInteger(TIMES) || TIMES < 1) throw new Error('PAWL_SAMPLES is a whole number from 1.');

/** As many samples as CI has time for, or `PAWL_SAMPLES` times as many. */
export function samples(inCi: number): number {
  return inCi * TIMES;
}
