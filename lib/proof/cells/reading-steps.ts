import type { Effect, ProtocolStep } from '../theory.ts';
import { effect } from '../theory.ts';

const FORGETS_ALL: readonly Effect[] = [
  effect('lists', 'w: Writer, n: Node', 'lists(w, n) & w != writer'),
  effect('spare', 'w: Writer, n: Node', 'spare(w, n) & w != writer'),
  effect('settles', 'w: Writer, x: Change', 'settles(w, x) & w != writer'),
  effect('holds', 'w: Writer, r: Root', 'holds(w, r) & w != writer'),
  effect('lends', 'w: Writer, r: Root', 'lends(w, r) & w != writer'),
  effect('looked', 'w: Writer', 'looked(w) & w != writer'),
  effect('sees', 'w: Writer, n: Node', 'sees(w, n) & w != writer'),
  effect('knows', 'w: Writer, r: Root, n: Node', 'knows(w, r, n) & w != writer'),
];

/** What somebody learns. */
export const READINGS: readonly ProtocolStep[] = [
  {
    name: 'begin',
    says: 'A pass begins with the fence. Nothing that was decided before survives.',
    code: 'lib/enactor/enact.ts',
    guards: [],
    happens: ['fence(cell) != saw(writer)'],
    effects: [
      effect('at', 'w: Writer', 'if w = writer then cell else at(w)'),
      effect('saw', 'w: Writer', 'if w = writer then fence(cell) else saw(w)'),
      effect('decided', 'w: Writer', 'if w = writer then fence(cell) else decided(w)'),
      effect('began', 'w: Writer', 'if w = writer then fence(cell) else began(w)'),
      effect('wrote', 'w: Writer, f: Fence', 'wrote(w, f) & w != writer'),
      ...FORGETS_ALL,
    ],
  },
  {
    name: 'look-again',
    says: 'Somebody who lost reads the fence again, and forgets what was known under the earlier one; a person has still decided on that one.',
    code: 'lib/operator/freeze.ts',
    guards: [],
    happens: ['fence(at(writer)) != saw(writer)'],
    effects: [effect('saw', 'w: Writer', 'if w = writer then fence(at(w)) else saw(w)'), ...FORGETS_ALL],
  },
  {
    name: 'hear',
    says: 'The log is read, after the fence.',
    code: 'lib/enactor/enact.ts',
    guards: [],
    happens: ['exists n: Node, x: Change. listed(n) & own(n, at(writer)) & told(movedAt(at(writer)), x)'],
    effects: [
      effect('heard', 'w: Writer', 'if w = writer then head(at(w)) else heard(w)'),
      effect('lists', 'w: Writer, n: Node', 'if w = writer then listed(n) & own(n, at(w)) else lists(w, n)'),
      effect(
        'spare',
        'w: Writer, n: Node',
        'if w = writer then coined(n) & own(n, at(w)) & (forall p: Plan. wanted(p) -> !part(p, n)) else spare(w, n)',
      ),
      effect(
        'settles',
        'w: Writer, x: Change',
        'if w = writer then told(movedAt(at(w)), x) else settles(w, x)',
      ),
      effect('holds', 'w: Writer, r: Root', 'if w = writer then !released(at(w), r) else holds(w, r)'),
      effect('lends', 'w: Writer, r: Root', 'if w = writer then released(at(w), r) else lends(w, r)'),
    ],
  },
  {
    name: 'look',
    says: 'The zone is listed. A listing in which the fence is another may show anything, and nothing rests on it.',
    code: 'lib/enactor/situation.ts',
    guards: ['listing-is-of-this-fence'],
    happens: ['exists r: Root, n: Node. shows(r, n) & listing(n) & current(writer)'],
    effects: [
      effect('looked', 'w: Writer', 'looked(w) | w = writer'),
      effect('sees', 'w: Writer, n: Node', 'if w = writer then listing(n) else sees(w, n)'),
      effect('knows', 'w: Writer, r: Root, n: Node', 'if w = writer then shows(r, n) else knows(w, r, n)'),
      effect('beside', 'w: Writer', 'if w = writer then fence(giver) else beside(w)'),
    ],
  },
  {
    name: 'foretell',
    says: 'An enactor knows from the log where the roots point, and reads no zone: the fence names the plan that is applied.',
    code: 'lib/enactor/situation.ts',
    guards: ['fence-names-its-plan'],
    happens: ['exists r: Root, n: Node. tree(gen(saw(writer)), r, n) & current(writer)'],
    effects: [
      effect(
        'knows',
        'w: Writer, r: Root, n: Node',
        'knows(w, r, n) | w = writer & holds(w, r) & tree(gen(saw(w)), r, n)',
      ),
    ],
  },
  {
    name: 'freeze-returns',
    says: 'A freeze is done: its own fence stands and is INSYNC.',
    code: 'lib/operator/freeze.ts',
    guards: ['reads-itself-back', 'is-its-own-fence'],
    happens: ['!promise(at(writer), began(writer))'],
    effects: [effect('promise', 'c: Cell, f: Fence', 'promise(c, f) | c = at(writer) & f = began(writer)')],
  },
];
