import type { ProtocolStep } from '../theory.ts';
import { effect } from '../theory.ts';

/** What Route 53 and hands do. */
export const SURROUNDINGS: readonly ProtocolStep[] = [
  {
    name: 'name-server-learns-of-a-name',
    says: 'A name server learns of one tree or node, in any order.',
    code: 'lib/emulator/change-propagation.ts',
    guards: ['is-there'],
    happens: ['!has(server, node)'],
    effects: [effect('has', 's: Server, n: Node', 'has(s, n) | s = server & n = node')],
  },
  {
    name: 'name-server-learns-of-a-root',
    says: 'A name server learns of one root: what it may answer is less, and never without what the zone has.',
    code: 'lib/emulator/change-propagation.ts',
    guards: [],
    happens: [
      'exists n: Node, m: Node. answers(server, root, n) & answers(server, root, m) & !stays(n) & points(root, m)',
    ],
    effects: [
      effect(
        'answers',
        's: Server, r: Root, n: Node',
        'answers(s, r, n) & (s = server & r = root -> stays(n) | points(r, n))',
      ),
    ],
  },
  {
    name: 'change-is-insync',
    says: 'Route 53 says INSYNC: the change and all before it are at every name server.',
    code: 'lib/emulator/change-propagation.ts',
    guards: ['is-sent', 'all-have-it', 'none-is-behind'],
    happens: ['!insync(change) & (exists n: Node, r: Root. upto(change, n) & since(change, r, n))'],
    effects: [effect('insync', 'x: Change', 'insync(x) | x = change')],
  },
  {
    name: 'hand-moves-a-root',
    says: 'A hand points a root at another tree of its endpoint, without the fence.',
    code: 'lib/simulator/engine/tampering.ts',
    guards: ['hand-stays-at-the-endpoint'],
    happens: ['!points(root, node)'],
    effects: [
      effect('points', 'r: Root, n: Node', 'if r = root then n = node else points(r, n)'),
      effect('touched', 'r: Root', 'touched(r) | r = root'),
      effect('answers', 's: Server, r: Root, n: Node', 'answers(s, r, n) | r = root & n = node'),
      effect('since', 'x: Change, r: Root, n: Node', 'since(x, r, n) | sent(x) & r = root & n = node'),
    ],
  },
];
