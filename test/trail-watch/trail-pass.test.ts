import { describe, it } from 'vitest';
import { TRAIL_PASS_CHECKS } from './trail-pass-checks.ts';

describe('a pass over a trail', () => {
  for (const [name, check] of Object.entries(TRAIL_PASS_CHECKS)) it(name, check);
});
