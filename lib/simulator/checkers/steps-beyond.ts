import { STEPS } from '../../proof/cells/steps.ts';
import type { ProtocolStep } from '../../proof/theory.ts';
import { mendedNodes } from './after-hands.ts';
import { leavingRoots } from './leaving-roots.ts';
import type { RefinedBatch } from './refined-names.ts';

/** A batch that the theory does not have, with the reason. Its guards and effects are the theory's own. */
export interface StepBeyond extends ProtocolStep {
  readonly reason: string;
  /** What it is held to that the theory has no words for: what is wrong with a batch, a sentence each. */
  readonly demands?: (batch: RefinedBatch) => readonly string[];
}

function effectsOf(name: string): ProtocolStep['effects'] {
  return STEPS.find((step) => step.name === name)?.effects ?? [];
}

const SWAP = ['fence-stands', 'fence-is-new', 'fence-is-open', 'stays-open', 'keeps-plan'];

const FROZEN_SWAP = ['fence-stands', 'fence-is-new', 'fence-is-frozen', 'freezes', 'keeps-plan'];

/** Each is held to its guards as the steps of the theory are, and nothing is proven of it. */
export const STEPS_BEYOND: readonly StepBeyond[] = [
  {
    name: 'repair',
    says: 'An enactor makes trees that stand as the plan has them.',
    reason: 'In the theory the content of a name is its own for ever, and no hand is in a tree.',
    code: 'lib/enactor/repair-trees.ts',
    demands: mendedNodes,
    guards: [...SWAP, 'makes-what-is-listed', 'makes-what-is-absent', 'moves-nothing', 'drops-nothing'],
    happens: [],
    effects: effectsOf('stage'),
  },
  {
    name: 'roots-become-plain',
    says: 'A person gives a cell back: its roots answer by records of their own, and rollback roots go.',
    reason: 'The theory has no end of a cell.',
    code: 'lib/operator/give-back.ts',
    demands: leavingRoots,
    guards: [...FROZEN_SWAP, 'makes-nothing', 'drops-nothing', 'moves-what-a-person-names'],
    happens: [],
    effects: effectsOf('rescue-flips'),
  },
  {
    name: 'names-are-cleared',
    says: 'A person gives a cell back: what nothing points at goes, and offers with it.',
    reason: 'The theory has no end of a cell.',
    code: 'lib/operator/give-back.ts',
    guards: [
      ...[...FROZEN_SWAP, 'makes-nothing', 'drops-its-own', 'drops-what-nothing-points-at'],
      ...['drops-what-leads-there', 'offers-what-the-log-lets-go'],
    ],
    happens: [],
    effects: effectsOf('tend-offers'),
  },
  {
    name: 'fence-ends',
    says: 'A person gives a cell back: the frozen fence goes last.',
    reason: 'The theory has no end of a cell.',
    code: 'lib/operator/give-back.ts',
    guards: ['fence-stands', 'fence-is-frozen', 'makes-nothing', 'moves-nothing', 'drops-nothing'],
    happens: [],
    effects: effectsOf('stage'),
  },
];
