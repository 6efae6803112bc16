import { describe, it } from 'vitest';
import { BRANCH_CHECKS } from '../support/branch-checks.ts';

describe('of evacuated branches', () => {
  for (const [name, check] of Object.entries(BRANCH_CHECKS)) it(name, check);
});
