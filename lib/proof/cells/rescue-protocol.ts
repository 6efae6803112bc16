import type { ProtocolStep } from '../theory.ts';
import { effect } from '../theory.ts';
import { batchBut, FENCE_ALONE, KEEPS_PROMISES, SWAP } from './batch-effects.ts';

/** A rescue has Route 53 alone: it knows what it reads there and what it has written. */
export const RESCUE: readonly ProtocolStep[] = [
  {
    name: 'rescue-freezes',
    says: 'A rescue freezes the fence, frozen or not, or makes one where none is; its generation is not below any that it finds.',
    code: 'lib/operator/rescue-writes.ts',
    guards: [...SWAP, ...FENCE_ALONE, 'counts-on', 'freezes', 'goes-forward', 'names-no-plan'],
    happens: ['exists f: Fence. promise(at(writer), f)', 'gen(next) != gen(saw(writer))'],
    effects: batchBut(KEEPS_PROMISES),
  },
  {
    name: 'rescue-stages',
    says: 'A rescue creates trees through its own frozen fence.',
    code: 'lib/operator/rescue-writes.ts',
    guards: [
      ...SWAP,
      'fence-is-frozen',
      'freezes',
      'keeps-seq',
      'keeps-plan',
      'makes-new-names',
      'makes-what-is-absent',
      'makes-it-whole',
      'moves-nothing',
      'drops-nothing',
    ],
    happens: ['exists n: Node. makes(n)'],
    effects: batchBut(KEEPS_PROMISES, effect('coined', 'n: Node', 'coined(n) | makes(n)')),
  },
  {
    name: 'rescue-flips',
    says: 'A rescue points roots at its trees, or at what their rollback roots point at.',
    code: 'lib/operator/rescue-writes.ts',
    guards: [
      ...SWAP,
      'fence-is-frozen',
      'freezes',
      'counts-on',
      'keeps-plan',
      'names-no-plan',
      'makes-nothing',
      'drops-nothing',
      'moves-what-a-person-names',
      'points-at-its-own',
      'points-at-what-its-changes-made',
    ],
    happens: [
      'exists r: Root, n: Node. to(r, n) & !copied(n) & coined(n) & !listed(n)',
      'exists r: Root, q: Root, n: Node. rolls(q, r) & points(q, n) & to(r, n) & !points(r, n)',
    ],
    effects: batchBut(KEEPS_PROMISES),
  },
];
