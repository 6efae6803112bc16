import type { Effect, ProtocolStep } from '../theory.ts';
import { effect } from '../theory.ts';
import { batchBut, FENCE_ALONE, SWAP, UNFROZEN } from './batch-effects.ts';

/** What a batch does that moves the fence of the cell that gives, too. */
const TAKING: readonly Effect[] = batchBut(
  effect('fence', 'c: Cell', 'if c = at(writer) then next else if c = giver then nextBeside else fence(c)'),
  effect('written', 'f: Fence', 'written(f) | f = next | f = nextBeside'),
  effect(
    'follows',
    'f: Fence, g: Fence',
    'follows(f, g) | g = next & (f = next | follows(f, fence(at(writer)))) | g = nextBeside & (f = nextBeside | follows(f, fence(giver)))',
  ),
  effect(
    'movedAt',
    'c: Cell',
    'if c = at(writer) then next else if c = giver then nextBeside else movedAt(c)',
  ),
  effect('calm', 'f: Fence, x: Change', 'calm(f, x) | x = change & (f = next | f = nextBeside)'),
  effect('breach', 'c: Cell', 'breach(c) | (c = at(writer) | c = giver) & (exists f: Fence. promise(c, f))'),
  effect('settles', 'w: Writer, x: Change', 'settles(w, x) & w != writer'),
  effect('offer', 'c: Cell, d: Cell, r: Root', 'offer(c, d, r) & !(c = giver & moves(r))'),
);

/** Batches of two cells. */
export const BETWEEN: readonly ProtocolStep[] = [
  {
    name: 'tend-offers',
    says: 'An enactor makes the offers in the zone those of the log, and writes the fence anew.',
    code: 'lib/enactor/see-to-offers.ts',
    guards: [...SWAP, ...UNFROZEN, 'keeps-seq', 'keeps-plan', ...FENCE_ALONE, 'offers-what-the-log-lets-go'],
    happens: [
      'exists c: Cell, r: Root. puts(c, r) & !offer(at(writer), c, r)',
      'exists c: Cell, r: Root. takesBack(c, r) & offer(at(writer), c, r)',
    ],
    effects: batchBut(
      effect(
        'offer',
        'c: Cell, d: Cell, r: Root',
        'offer(c, d, r) & !(c = at(writer) & takesBack(d, r)) | c = at(writer) & puts(d, r)',
      ),
    ),
  },
  {
    name: 'take',
    says: 'An enactor takes roots from another cell, by one batch that moves both fences.',
    code: 'lib/enactor/flip.ts',
    guards: [
      ...SWAP,
      ...UNFROZEN,
      'counts-on',
      'has-the-generation',
      'goes-forward',
      'makes-nothing',
      'drops-nothing',
      'giver-fence-stands',
      'giver-fence-is-new',
      'giver-is-open',
      'giver-keeps-plan',
      'giver-counts-on',
      'moves-what-is-offered',
      'points-at-its-own',
      'points-at-what-is-everywhere',
      'names-what-is-complete',
    ],
    happens: [
      'exists r: Root, n: Node, m: Node. points(r, n) & own(n, giver) & to(r, m)',
      'exists r: Root, q: Root, n: Node, m: Node. rolls(q, r) & moves(r) & moves(q) & points(q, n) & own(n, giver) & to(r, m)',
    ],
    effects: TAKING,
  },
];
