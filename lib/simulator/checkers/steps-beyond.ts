import { LEAVING } from '../../proof/cells/leaving-steps.ts';
import { STEPS } from '../../proof/cells/steps.ts';
import type { ProtocolStep } from '../../proof/theory.ts';
import { mendedNodes } from './after-hands.ts';
import { lastFence, leavingRoots } from './leaving-roots.ts';
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
const MAKES = ['makes-what-is-listed', 'makes-what-is-absent', 'moves-nothing', 'drops-nothing'];

/** Each is held to its guards as the steps of the theory are, and nothing is proven of it. */
export const STEPS_BEYOND: readonly StepBeyond[] = [
  {
    name: 'repair',
    says: 'An enactor makes trees that stand as the plan has them.',
    reason: 'In the theory the content of a name is its own for ever, and no hand is in a tree.',
    code: 'lib/enactor/repair-trees.ts',
    demands: mendedNodes,
    guards: [...SWAP, 'counts-on', ...MAKES],
    happens: [],
    effects: effectsOf('stage'),
  },
  {
    name: 'stage-after-hands',
    says: 'An enactor stages a tree of which a hand has taken a node away, or put another record there.',
    reason: 'In the theory no hand is in a tree.',
    code: 'lib/enactor/stage-trees.ts',
    demands: mendedNodes,
    guards: [...SWAP, 'keeps-seq', ...MAKES],
    happens: [],
    effects: effectsOf('stage'),
  },
  ...LEAVING.map(
    (step): StepBeyond => ({
      ...step,
      reason: 'The theory has no end of a cell.',
      ...(step.name === 'roots-become-plain' ? { demands: leavingRoots } : {}),
      ...(step.name === 'fence-ends' ? { demands: lastFence } : {}),
    }),
  ),
];
