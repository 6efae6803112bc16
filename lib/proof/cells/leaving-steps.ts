import type { ProtocolStep } from '../theory.ts';
import { BATCH } from './batch-effects.ts';
import { BETWEEN } from './handover-steps.ts';
import { RESCUE } from './rescue-protocol.ts';

const FROZEN_SWAP = ['fence-stands', 'fence-is-new', 'fence-is-frozen', 'freezes', 'counts-on', 'keeps-plan'];

function effectsOf(steps: readonly ProtocolStep[], name: string): ProtocolStep['effects'] {
  return steps.find((step) => step.name === name)?.effects ?? [];
}

/**
 * The batches by which a person gives a cell back. The theory has no end of a cell, so nothing is proven of them and
 * the table of steps has none of them; what holds batches against the theory holds these to guards of the theory all the same.
 */
export const LEAVING: readonly ProtocolStep[] = [
  {
    name: 'roots-become-plain',
    says: 'A person gives a cell back: its roots answer by records of their own, and rollback roots go.',
    code: 'lib/operator/give-back.ts',
    guards: [...FROZEN_SWAP, 'makes-nothing', 'drops-nothing', 'moves-what-a-person-names'],
    happens: [],
    effects: effectsOf(RESCUE, 'rescue-flips'),
  },
  {
    name: 'names-are-cleared',
    says: 'A person gives a cell back: what nothing points at goes, and offers with it.',
    code: 'lib/operator/give-back.ts',
    guards: [
      ...[...FROZEN_SWAP, 'makes-nothing', 'drops-its-own', 'drops-what-nothing-points-at'],
      ...['drops-what-leads-there', 'offers-what-the-log-lets-go'],
    ],
    happens: [],
    effects: effectsOf(BETWEEN, 'tend-offers'),
  },
  {
    name: 'fence-ends',
    says: 'A person gives a cell back: the frozen fence goes last.',
    code: 'lib/operator/give-back.ts',
    guards: ['fence-stands', 'fence-is-frozen', 'makes-nothing', 'moves-nothing', 'drops-nothing'],
    happens: [],
    effects: BATCH,
  },
];
