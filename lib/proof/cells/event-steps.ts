import type { ProtocolStep } from '../theory.ts';
import { effect } from '../theory.ts';

/** Events: each is appended whole or not at all. */
export const EVENTS: readonly ProtocolStep[] = [
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
    name: 'give-up-plan',
    says: 'Plans are wanted no more: another one is approved, it is applied, or something of it was refused.',
    code: 'lib/ledger/decider/evolve.ts',
    guards: [],
    happens: ['exists p: Plan. wanted(p) & !keeps(p)'],
    effects: [effect('wanted', 'p: Plan', 'wanted(p) & keeps(p)')],
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
    name: 'record-fence',
    says: 'Whoever flipped, or finds by a later fence that somebody has, records the fence by which a plan is applied. What is recorded late leaves what is applied as it is.',
    code: 'lib/enactor/record.ts',
    guards: ['fence-has-stood'],
    happens: [
      '!noted(cell, mark) & mark != fence(cell) & recorded(cell) != mark',
      '!noted(cell, mark) & noted(cell, recorded(cell)) & below(seq(mark), seq(recorded(cell)))',
    ],
    effects: [
      effect(
        'recorded',
        'c: Cell',
        'if c = cell & below(seq(recorded(c)), seq(mark)) then mark else recorded(c)',
      ),
      effect('noted', 'c: Cell, f: Fence', 'noted(c, f) | c = cell & f = mark'),
    ],
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
