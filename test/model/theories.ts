import { CELLS } from './cells/cells.ts';
import { VARIANTS } from './cells/variants.ts';
import { LEASE_VARIANTS, LEASES } from './leases/leases.ts';
import type { Theory } from './theory.ts';
import type { Variant } from './variant.ts';

/** A protocol, and the broken ones beside it. */
export interface Proven {
  readonly theory: Theory;
  readonly variants: readonly Variant[];
}

/** All that is proven. */
export const THEORIES: readonly Proven[] = [
  { theory: CELLS, variants: VARIANTS },
  { theory: LEASES, variants: LEASE_VARIANTS },
];
