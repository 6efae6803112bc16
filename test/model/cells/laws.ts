import type { Predicate } from '../../../lib/proof/theory.ts';
import { said } from '../../../lib/proof/theory.ts';

export const LAWS: readonly Predicate[] = [
  said(
    'generations-are-ordered',
    'Generations are numbers.',
    `
    (forall p: Plan. atMost(p, p))
    & (forall p: Plan, q: Plan. atMost(p, q) & atMost(q, p) -> p = q)
    & (forall p: Plan, q: Plan, r: Plan. atMost(p, q) & atMost(q, r) -> atMost(p, r))
    & (forall p: Plan, q: Plan. atMost(p, q) | atMost(q, p))`,
  ),
  said(
    'seqs-are-ordered',
    'The numbers of fences are numbers.',
    `
    (forall s: Count. !below(s, s))
    & (forall s: Count, t: Count, u: Count. below(s, t) & below(t, u) -> below(s, u))
    & (forall s: Count, t: Count. precedes(s, t) -> below(s, t))`,
  ),
  said(
    'leads-on',
    'Who leads to a name leads to all that it leads to.',
    `
    (forall n: Node. under(n, n))
    & (forall k: Node, n: Node, m: Node. under(k, n) & under(n, m) -> under(k, m))`,
  ),
  said(
    'trees-stay-at-home',
    "What a tree leads to is of the same endpoint, and Pawl's if the tree is.",
    `
    forall n: Node, m: Node. under(n, m) -> home(n) = home(m) & (foreign(n) <-> foreign(m))
      & (forall r: Root. serves(n, r) <-> serves(m, r))`,
  ),
  said(
    'plans-are-of-one-cell',
    'A plan needs names of its own cell, and all that its trees lead to.',
    `
    (forall p: Plan, n: Node. part(p, n) -> home(n) = cellOf(p) & !foreign(n))
    & (forall p: Plan, n: Node, m: Node. part(p, n) & under(n, m) -> part(p, m))
    & (forall p: Plan, r: Root, n: Node. tree(p, r, n) -> part(p, n) & serves(n, r))
    & (forall p: Plan, r: Root, n: Node, m: Node. tree(p, r, n) & tree(p, r, m) -> n = m)`,
  ),
  said(
    'no-fence-says-nothing',
    'No fence names no plan and freezes nothing, and no generation is below it.',
    `
    forall f: Fence. missing(f) -> !whole(f) & !frozen(f) & (forall p: Plan. atMost(gen(f), p))`,
  ),
];

/** An empty zone and an empty log, but for the answers of others. */
export const BEGINNING: readonly Predicate[] = [
  said(
    'no-fence-yet',
    'No cell has a fence.',
    `
    (forall c: Cell, d: Cell. fence(c) = fence(d) -> c = d)
    & (forall c: Cell. missing(fence(c)) & movedAt(c) = fence(c))
    & (forall f: Fence. written(f) <-> exists c: Cell. fence(c) = f)
    & (forall c: Cell, p: Plan. !reached(c, p))
    & (forall c: Cell. recorded(c) = fence(c)) & (forall c: Cell, f: Fence. !noted(c, f))
    & (forall f: Fence, g: Fence. follows(f, g) <-> f = g & written(f))
    & (forall f: Fence, x: Change. !calm(f, x))`,
  ),
  said(
    'only-others-answer',
    'Roots point at what others have put there, if at anything.',
    `
    (forall n: Node. there(n) -> foreign(n))
    & (forall n: Node. was(n) <-> there(n))
    & (forall n: Node, m: Node. there(n) & under(n, m) -> there(m))
    & (forall s: Server, n: Node. has(s, n) <-> there(n))
    & (forall r: Root, n: Node. points(r, n) -> there(n) & serves(n, r))
    & (forall r: Root, n: Node, m: Node. points(r, n) & points(r, m) -> n = m)
    & (forall s: Server, r: Root, n: Node. answers(s, r, n) <-> points(r, n))
    & (forall r: Root. !touched(r))`,
  ),
  said(
    'nothing-is-sent',
    'Nobody has written anything.',
    `
    (forall x: Change. !sent(x) & !insync(x))
    & (forall x: Change, n: Node. !upto(x, n) & !staged(n, x))
    & (forall x: Change, r: Root, n: Node. !since(x, r, n))
    & (forall f: Fence, x: Change. !told(f, x))`,
  ),
  said(
    'nothing-is-logged',
    'The logs are empty.',
    `
    (forall c: Cell, d: Cell. head(c) = head(d) -> c = d)
    & (forall c: Cell. logged(head(c)))
    & (forall n: Node. !listed(n) & !coined(n))
    & (forall p: Plan. !wanted(p))
    & (forall c: Cell, r: Root. !adopted(c, r) & !released(c, r))
    & (forall c: Cell, d: Cell, r: Root. !offer(c, d, r))
    & (forall c: Cell, f: Fence. !promise(c, f) & !breach(c))`,
  ),
  said(
    'nobody-knows-anything',
    'Whoever is at work has read the fence, and nothing else.',
    `
    (forall w: Writer. saw(w) = fence(at(w)) & decided(w) = saw(w) & began(w) = saw(w) & !looked(w))
    & (forall w: Writer, f: Fence. !wrote(w, f))
    & (forall w: Writer, n: Node. !lists(w, n) & !spare(w, n) & !sees(w, n))
    & (forall w: Writer, x: Change. !settles(w, x))
    & (forall w: Writer, r: Root. !holds(w, r) & !lends(w, r))
    & (forall w: Writer, r: Root, n: Node. !knows(w, r, n))`,
  ),
];
