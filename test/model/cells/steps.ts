import type { Effect, Step } from '../theory.ts';

function effect(part: string, of: string, becomes: string): Effect {
  return { part, of, becomes };
}

/** What every batch does to the zone, to its history, and to what its writer knows: it goes on under its own fence. */
const BATCH: readonly Effect[] = [
  effect('fence', 'c: Cell', 'if c = at(writer) then next else fence(c)'),
  effect('written', 'f: Fence', 'written(f) | f = next'),
  effect('reached', 'c: Cell, p: Plan', 'reached(c, p) | c = at(writer) & p = gen(next)'),
  effect(
    'follows',
    'f: Fence, g: Fence',
    'follows(f, g) | g = next & (f = next | follows(f, fence(at(writer))))',
  ),
  effect('there', 'n: Node', 'thereAfter(n)'),
  effect('was', 'n: Node', 'was(n) | makes(n)'),
  effect('has', 's: Server, n: Node', 'has(s, n) & !drops(n)'),
  effect('points', 'r: Root, n: Node', 'pointsAfter(r, n)'),
  effect('touched', 'r: Root', 'touched(r) | copiesTouched(r)'),
  effect('answers', 's: Server, r: Root, n: Node', 'answers(s, r, n) | moves(r) & to(r, n)'),
  effect('sent', 'x: Change', 'sent(x) | x = change'),
  effect('upto', 'x: Change, n: Node', 'if x = change then thereAfter(n) else upto(x, n)'),
  effect(
    'since',
    'x: Change, r: Root, n: Node',
    'if x = change then pointsAfter(r, n) else since(x, r, n) | sent(x) & moves(r) & to(r, n)',
  ),
  effect('movedAt', 'c: Cell', 'if c = at(writer) & movesSome then next else movedAt(c)'),
  effect(
    'calm',
    'f: Fence, x: Change',
    'calm(f, x) | x = change & f = (if movesSome then next else movedAt(at(writer)))',
  ),
  effect('breach', 'c: Cell', 'breach(c) | c = at(writer) & (exists f: Fence. promise(c, f))'),
  effect('saw', 'w: Writer', 'if w = writer then next else saw(w)'),
  effect('decided', 'w: Writer', 'if w = writer then next else decided(w)'),
  effect('lists', 'w: Writer, n: Node', 'lists(w, n) & !(w = writer & drops(n))'),
  effect('settles', 'w: Writer, x: Change', 'settles(w, x) & !(w = writer & movesSome)'),
  effect(
    'sees',
    'w: Writer, n: Node',
    'if w = writer then sees(w, n) & !drops(n) | makes(n) else sees(w, n)',
  ),
  effect(
    'knows',
    'w: Writer, r: Root, n: Node',
    'if w = writer & moves(r) then to(r, n) else knows(w, r, n)',
  ),
];

/** The same, but for what these say. */
function batchBut(...others: readonly Effect[]): readonly Effect[] {
  const parts = new Set(others.map(({ part }) => part));
  return [...BATCH.filter(({ part }) => !parts.has(part)), ...others];
}

/** Whoever freezes or thaws with a right to it breaks no promise. */
const KEEPS_PROMISES = effect('breach', 'c: Cell', 'breach(c)');

const SWAP = ['fence-stands', 'fence-is-new', 'change-is-new'];
const UNFROZEN = ['fence-is-open', 'stays-open'];
const FENCE_ALONE = ['makes-nothing', 'moves-nothing', 'drops-nothing'];

/** Batches: each is one request of Route 53, applied whole or not at all. */
const BATCHES: readonly Step[] = [
  {
    name: 'make-fence',
    says: 'An enactor makes the first fence of a cell, under no plan, in a batch with nothing else.',
    code: 'lib/enactor/fence-cases.ts',
    guards: [
      ...SWAP,
      ...FENCE_ALONE,
      'fence-is-missing',
      'stays-open',
      'names-no-plan',
      'has-the-generation',
      'goes-forward',
    ],
    happens: ['gen(next) = plan'],
    effects: BATCH,
  },
  {
    name: 'stage',
    says: 'An enactor creates trees of its goal, and nodes that generations share only where they are not there. With nothing to create it writes the fence anew above what stands, which asserts it again.',
    code: 'lib/enactor/stage-trees.ts',
    guards: [
      ...SWAP,
      ...UNFROZEN,
      'keeps-plan',
      'makes-what-is-listed',
      'makes-what-is-absent',
      'makes-it-whole',
      'moves-nothing',
      'drops-nothing',
    ],
    happens: [
      'exists n: Node, m: Node. makes(n) & makes(m) & n != m & under(n, m)',
      'exists n: Node, m: Node. makes(n) & n != m & under(n, m) & there(m)',
      'exists n: Node. there(n) & !makes(n) & home(n) = at(writer)',
    ],
    effects: BATCH,
  },
  {
    name: 'flip',
    says: 'An enactor points roots and rollback roots at trees of its goal, all of them or a slice, and takes over what the cell has adopted. A repair of roots is a flip to the plan that is applied.',
    code: 'lib/enactor/flip.ts',
    guards: [
      ...SWAP,
      ...UNFROZEN,
      'has-the-generation',
      'goes-forward',
      'makes-nothing',
      'drops-nothing',
      'moves-its-own',
      'points-at-its-own',
      'points-at-what-is-everywhere',
      'names-what-is-complete',
    ],
    happens: [
      'movesSome & whole(next) & plan != gen(saw(writer))',
      'movesSome & !whole(next) & (exists r: Root, n: Node. tree(plan, r, n) & !points(r, n) & !moves(r))',
      'exists r: Root, n: Node, m: Node. points(r, n) & foreign(n) & to(r, m)',
      'exists r: Root, n: Node. touched(r) & to(r, n) & plan = gen(saw(writer)) & whole(next)',
      'exists r: Root, q: Root, n: Node. to(r, n) & r != q & points(q, n) & !copied(n)',
      'exists r: Root, n: Node. points(r, n) & moves(r) & (forall m: Node. !to(r, m))',
    ],
    effects: BATCH,
  },
  {
    name: 'delete',
    says: 'A janitor deletes what is retired, and orphans that no plan has, with its proof.',
    code: 'lib/janitor/retire.ts',
    guards: [
      ...SWAP,
      ...UNFROZEN,
      'keeps-plan',
      'makes-nothing',
      'moves-nothing',
      'drops-its-own',
      'drops-what-is-retired',
      'whole-zone-was-read',
      'drops-what-nothing-points-at',
      'drops-what-leads-there',
      'last-move-is-everywhere',
      'proof-holds',
    ],
    happens: [
      'exists n: Node, m: Node. drops(n) & drops(m) & n != m & under(n, m)',
      'exists n: Node, m: Node. drops(n) & n != m & under(n, m) & !drops(m) & (exists r: Root. points(r, m))',
      'exists n: Node, r: Root, q: Root, m: Node. drops(n) & serves(n, r) & points(r, m) & touched(q)',
    ],
    effects: BATCH,
  },
  {
    name: 'renew',
    says: 'A janitor writes the fence anew, to have a change to wait for.',
    code: 'lib/janitor/renew.ts',
    guards: [...SWAP, ...UNFROZEN, 'keeps-plan', ...FENCE_ALONE],
    happens: ['exists r: Root, n: Node. points(r, n)'],
    effects: BATCH,
  },
  {
    name: 'freeze',
    says: 'A person freezes the fence, frozen or not, or makes a frozen one where none is.',
    code: 'lib/operator/freeze.ts',
    guards: [...SWAP, ...FENCE_ALONE, 'freezes', 'keeps-plan'],
    happens: [
      '!frozen(saw(writer)) & !missing(saw(writer))',
      'frozen(saw(writer)) & (exists f: Fence. promise(at(writer), f))',
    ],
    effects: batchBut(KEEPS_PROMISES),
  },
  {
    name: 'freeze-again',
    says: 'An enactor freezes the fence of a cell that the log says is frozen.',
    code: 'lib/enactor/fence-cases.ts',
    guards: [...SWAP, ...FENCE_ALONE, 'fence-is-open', 'freezes', 'keeps-plan'],
    happens: ['!missing(saw(writer))'],
    effects: BATCH,
  },
  {
    name: 'thaw',
    says: 'A person thaws the fence that was looked at.',
    code: 'lib/operator/thaw.ts',
    guards: [...SWAP, ...FENCE_ALONE, 'fence-is-frozen', 'stays-open', 'keeps-plan', 'decided-on-this'],
    happens: ['exists f: Fence. promise(at(writer), f)'],
    effects: batchBut(
      effect(
        'breach',
        'c: Cell',
        'breach(c) | c = at(writer) & (exists f: Fence. promise(c, f) & !follows(f, decided(writer)))',
      ),
      effect('promise', 'c: Cell, f: Fence', 'promise(c, f) & c != at(writer)'),
    ),
  },
];

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
const BETWEEN: readonly Step[] = [
  {
    name: 'tend-offers',
    says: 'An enactor makes the offers in the zone those of the log, and writes the fence anew.',
    code: 'lib/enactor/see-to-offers.ts',
    guards: [...SWAP, ...UNFROZEN, 'keeps-plan', ...FENCE_ALONE, 'offers-what-the-log-lets-go'],
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
      'has-the-generation',
      'goes-forward',
      'makes-nothing',
      'drops-nothing',
      'giver-fence-stands',
      'giver-fence-is-new',
      'giver-is-open',
      'giver-keeps-plan',
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

/** A rescue has Route 53 alone: it knows what it reads there and what it has written. */
const RESCUE: readonly Step[] = [
  {
    name: 'rescue-freezes',
    says: 'A rescue freezes the fence, frozen or not, or makes one where none is; its generation is not below any that it finds.',
    code: 'lib/operator/rescue-writes.ts',
    guards: [...SWAP, ...FENCE_ALONE, 'freezes', 'goes-forward', 'names-no-plan'],
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

/** Events: each is appended whole or not at all. */
const EVENTS: readonly Step[] = [
  {
    name: 'append-plan',
    says: 'A planner or a person appends a plan, decided at the head at which it is appended. A rollback is one that has trees of an earlier plan; the goal above a fence that is ahead is another.',
    code: 'lib/operator/append-plan.ts',
    guards: ['event-is-new', 'needs-what-is-listed', 'forgets-what-is-unwanted'],
    happens: [
      'exists n: Node, m: Node. part(plan, n) & part(plan, m) & listed(n) & !coined(m)',
      'exists n: Node. part(plan, n) & was(n)',
      'exists n: Node. forgets(n)',
    ],
    effects: [
      effect('head', 'c: Cell', 'if c = cellOf(plan) then nextHead else head(c)'),
      effect('logged', 'h: Head', 'logged(h) | h = nextHead'),
      effect('wanted', 'p: Plan', 'p = plan | wanted(p) & (cellOf(p) = cellOf(plan) -> keeps(p))'),
      effect('listed', 'n: Node', 'listed(n) & !forgets(n) | part(plan, n)'),
      effect('coined', 'n: Node', 'coined(n) | part(plan, n)'),
    ],
  },
  {
    name: 'record-staging',
    says: 'An enactor records by which change a tree was staged.',
    code: 'lib/enactor/stage-trees.ts',
    guards: ['change-has-it'],
    happens: ['!staged(node, change)'],
    effects: [effect('staged', 'n: Node, x: Change', 'staged(n, x) | n = node & x = change')],
  },
  {
    name: 'record-applied',
    says: 'Whoever flipped, or wrote the fence since, records the change with the seq of the fence.',
    code: 'lib/enactor/record.ts',
    guards: ['change-came-after'],
    happens: ['!told(mark, change)'],
    effects: [effect('told', 'f: Fence, x: Change', 'told(f, x) | f = mark & x = change')],
  },
  {
    name: 'retire',
    says: 'A janitor records what no later plan may use, at exactly the head that it read.',
    code: 'lib/janitor/retire.ts',
    guards: ['head-stands', 'event-is-new', 'retires-what-is-spare'],
    happens: ['exists n: Node. retires(n) & listed(n) & there(n)'],
    effects: [
      effect('head', 'c: Cell', 'if c = at(writer) then nextHead else head(c)'),
      effect('logged', 'h: Head', 'logged(h) | h = nextHead'),
      effect('listed', 'n: Node', 'listed(n) & !retires(n)'),
    ],
  },
  {
    name: 'let-go',
    says: 'A person lets another cell have an endpoint.',
    code: 'lib/operator/record-handover.ts',
    guards: [],
    happens: ['!released(cell, root)'],
    effects: [effect('released', 'c: Cell, r: Root', 'released(c, r) | c = cell & r = root')],
  },
  {
    name: 'end-offer',
    says: 'An enactor records that no offer stands of what the log let go no more, or that what was given has come back.',
    code: 'lib/enactor/see-to-offers.ts',
    guards: ['no-offer-stands', 'nobody-makes-one', 'is-its-own-still'],
    happens: ['released(cell, root)'],
    effects: [effect('released', 'c: Cell, r: Root', 'released(c, r) & !(c = cell & r = root)')],
  },
  {
    name: 'adopt',
    says: 'A person lets the cell take over what stands at a root.',
    code: 'lib/operator/adopt.ts',
    guards: [],
    happens: ['!adopted(cell, root)'],
    effects: [effect('adopted', 'c: Cell, r: Root', 'adopted(c, r) | c = cell & r = root')],
  },
];

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
const READINGS: readonly Step[] = [
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
    says: 'A freeze is done: its fence stands and is INSYNC.',
    code: 'lib/operator/freeze.ts',
    guards: ['reads-itself-back'],
    happens: ['!promise(at(writer), saw(writer))'],
    effects: [effect('promise', 'c: Cell, f: Fence', 'promise(c, f) | c = at(writer) & f = saw(writer)')],
  },
];

/** What Route 53 and hands do. */
const OTHERS: readonly Step[] = [
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

export const STEPS: readonly Step[] = [...BATCHES, ...BETWEEN, ...RESCUE, ...EVENTS, ...READINGS, ...OTHERS];
