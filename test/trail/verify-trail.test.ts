import { describe, it } from 'vitest';
import { TRAIL_CHECKS } from './trail-checks.ts';

describe('a trail beside a log', () => {
  for (const [name, check] of Object.entries(TRAIL_CHECKS)) it(name, check);
});
