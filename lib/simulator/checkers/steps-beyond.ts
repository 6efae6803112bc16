import { STEPS } from '../../proof/cells/steps.ts';
import type { ProtocolStep } from '../../proof/theory.ts';

/** A batch that the theory does not have, with the reason. Its guards and effects are the theory's own. */
interface StepBeyond extends ProtocolStep {
  readonly reason: string;
}

function effectsOf(name: string): ProtocolStep['effects'] {
  return STEPS.find((step) => step.name === name)?.effects ?? [];
}

const SWAP = ['fence-stands', 'fence-is-new', 'fence-is-open', 'stays-open', 'keeps-plan'];

/** Each is held to its guards as the steps of the theory are, and nothing is proven of it. */
export const STEPS_BEYOND: readonly StepBeyond[] = [
  {
    name: 'repair',
    says: 'An enactor makes trees that stand as the plan has them.',
    reason: 'In the theory the content of a name is its own for ever, and no hand is in a tree.',
    code: 'lib/enactor/repair-trees.ts',
    guards: [...SWAP, 'makes-what-is-listed', 'makes-what-is-absent', 'moves-nothing', 'drops-nothing'],
    happens: [],
    effects: effectsOf('stage'),
  },
];

/** The steps by which the content of a name may change after a hand: what it put beside a tree that goes stays there. */
export const MENDING: ReadonlySet<string> = new Set(['repair', 'delete']);
