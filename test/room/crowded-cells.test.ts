// @module-tag slow
import { it } from 'vitest';
import { judgeCrowdedCells } from '../support/crowded-cells.ts';

it('in 12 random zones with little room no change waits for what is only retained, and what failed leaves', () =>
  judgeCrowdedCells(1, 12));
