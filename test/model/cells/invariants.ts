import type { Predicate } from '../../../lib/proof/theory.ts';
import { said } from '../../../lib/proof/theory.ts';

/** What the protocol promises. */
const PROMISES: readonly Predicate[] = [
  said(
    'generation-never-goes-back',
    'I1: no generation that the fence of a cell has had is above the one that it has.',
    `
    forall c: Cell, p: Plan. reached(c, p) -> atMost(p, gen(fence(c)))`,
  ),
  said(
    'seq-never-goes-back',
    'I1: no fence of a cell has had a number above that of the one that stands.',
    `
    forall c: Cell, f: Fence. follows(f, fence(c)) -> !below(seq(fence(c)), seq(f))`,
  ),
  said(
    'log-goes-forward',
    'Nothing that the log has said was applied came later than what it says is.',
    `
    forall c: Cell, f: Fence. noted(c, f) -> !below(seq(recorded(c)), seq(f))`,
  ),
  said(
    'roots-resolve-in-the-zone',
    'I2, I3: what a root points at is there, and all that it leads to, whoever moved the root.',
    `
    forall r: Root, n: Node, m: Node. points(r, n) & under(n, m) -> there(m)`,
  ),
  said(
    'roots-resolve-at-every-name-server',
    'I2: what a name server may answer a root with it has, and all that it leads to, where no hand was.',
    `
    forall s: Server, r: Root, n: Node, m: Node. answers(s, r, n) & under(n, m) & !touched(r) -> has(s, m)`,
  ),
  said(
    'freeze-is-kept',
    'I7: once a freeze has returned, nothing is written before a thaw that was decided after it.',
    `
    forall c: Cell. !breach(c)`,
  ),
  said(
    'plans-need-nothing-retired',
    'No wanted plan needs what is retired.',
    `
    forall p: Plan, n: Node. wanted(p) & part(p, n) -> listed(n)`,
  ),
  said(
    'retired-names-stay-away',
    'What is gone is listed no more, so that no plan and nobody makes it again.',
    `
    forall n: Node. was(n) & !there(n) -> !listed(n)`,
  ),
];

/** What is so because of the steps, and what the promises rest on. */
const GROUNDS: readonly Predicate[] = [
  said(
    'frozen-while-promised',
    'A freeze that has returned has its cell frozen, by its own fence or a later one, and so by none that stood before it.',
    `
    forall c: Cell, f: Fence. promise(c, f) -> frozen(fence(c)) & follows(f, fence(c)) & f != fence(c)`,
  ),
  said(
    'beginnings-are-past',
    'The fence under which somebody began has stood in that cell, and what it has written since is another one.',
    `
    (forall w: Writer. follows(began(w), fence(at(w))) & written(began(w)))
    & (forall w: Writer, f: Fence. wrote(w, f) -> f != began(w))`,
  ),
  said(
    'recorded-fences-stood',
    'The log names as applied what stood in the cell, or nothing yet.',
    `
    forall c: Cell. follows(recorded(c), fence(c))`,
  ),
  said(
    'follows-itself',
    'A value that has stood follows itself, and nothing follows or is followed that has not stood.',
    '(forall f: Fence. written(f) -> follows(f, f)) & (forall f: Fence, g: Fence. follows(f, g) -> written(f) & written(g))',
  ),
  said(
    'fences-are-written',
    'Every fence that stands, that a writer saw or decided on, or by which roots were moved, has stood.',
    `
    (forall c: Cell. written(fence(c)) & written(movedAt(c)))
    & (forall w: Writer. written(saw(w)) & written(decided(w)))`,
  ),
  said(
    'fences-are-of-one-cell',
    'No two cells have the same fence.',
    `
    forall c: Cell, d: Cell. (fence(c) = fence(d) | movedAt(c) = movedAt(d)) -> c = d`,
  ),
  said(
    'one-target',
    'A root points at one name, of its own endpoint.',
    `
    (forall r: Root, n: Node, m: Node. points(r, n) & points(r, m) -> n = m)
    & (forall r: Root, n: Node. points(r, n) -> serves(n, r))`,
  ),
  said(
    'what-stands-is-whole',
    'What a tree leads to stands as long as the tree.',
    `
    forall n: Node, m: Node. there(n) & under(n, m) -> there(m)`,
  ),
  said(
    'names-have-a-past',
    'What stands has stood, and what has stood or is listed has its name from somebody.',
    `
    (forall n: Node. there(n) -> was(n)) & (forall n: Node. was(n) & !foreign(n) | listed(n) -> coined(n) & !foreign(n))`,
  ),
  said(
    'others-stay',
    'The answers of others that stand are at every name server.',
    `
    forall s: Server, n: Node. there(n) & foreign(n) -> has(s, n)`,
  ),
  said(
    'name-servers-hear-of-it',
    'Every name server answers a root as the zone does, or will.',
    `
    forall s: Server, r: Root, n: Node. points(r, n) -> answers(s, r, n)`,
  ),
  said(
    'insync-has-it',
    'What stood when a change was accepted that is INSYNC now, and stands still, is at every name server.',
    `
    forall x: Change, s: Server, n: Node. insync(x) & upto(x, n) & there(n) -> has(s, n)`,
  ),
  said(
    'insync-is-not-behind',
    'No name server answers a root with what it left before a change that is INSYNC.',
    `
    forall x: Change, s: Server, r: Root, n: Node. insync(x) & answers(s, r, n) -> since(x, r, n)`,
  ),
  said(
    'changes-have-a-past',
    'What is INSYNC, staged, told or calm is a change that was sent, and what stood then has stood, with all that it leads to.',
    `
    (forall x: Change. insync(x) -> sent(x))
    & (forall x: Change, n: Node. upto(x, n) -> sent(x) & was(n))
    & (forall x: Change, n: Node, m: Node. upto(x, n) & under(n, m) -> upto(x, m))
    & (forall f: Fence, x: Change. calm(f, x) -> sent(x) & written(f))`,
  ),
  said(
    'log-says-what-was',
    'What the log says of a change is so.',
    `
    (forall x: Change, n: Node. staged(n, x) -> upto(x, n)) & (forall f: Fence, x: Change. told(f, x) -> calm(f, x))`,
  ),
  said(
    'calm-since-the-last-move',
    'Since the last move of a root of a cell its roots point where they pointed then.',
    `
    forall c: Cell, x: Change, r: Root, n: Node.
      calm(movedAt(c), x) & since(x, r, n) & own(n, c) & !touched(r) -> points(r, n)`,
  ),
  said(
    'fence-names-what-is',
    'A fence that names a plan has every root of it point where the plan says, but for those that another cell has taken.',
    `
    (forall c: Cell. whole(fence(c)) -> cellOf(gen(fence(c))) = c)
    & (forall c: Cell, r: Root, n: Node. whole(fence(c)) & tree(gen(fence(c)), r, n) & !touched(r) ->
      points(r, n) | released(c, r) & (forall m: Node. points(r, m) -> !own(m, c)))`,
  ),
];

/** Of two cells. */
const BETWEEN: readonly Predicate[] = [
  said(
    'offers-are-of-the-log',
    'What is offered in the zone the log of that cell lets another one have.',
    `
    forall c: Cell, d: Cell, r: Root. offer(c, d, r) -> released(c, r)`,
  ),
  said(
    'lenders-are-right',
    'What the log let another cell have it still lets it, while the fence stands.',
    `
    forall w: Writer, r: Root. current(w) & lends(w, r) -> released(at(w), r)`,
  ),
  said(
    'held-roots-are-as-planned',
    'What the log let nobody have is where the plan at the fence says, while the fence stands.',
    `
    forall w: Writer, r: Root, n: Node.
      current(w) & holds(w, r) & whole(saw(w)) & tree(gen(saw(w)), r, n) & !touched(r) -> points(r, n)`,
  ),
  said(
    'what-has-gone-stays-gone',
    "A root that was known to be another cell's is not the cell's own, while the fence stands.",
    `
    forall w: Writer, r: Root, n: Node, m: Node.
      current(w) & looked(w) & knows(w, r, m) & home(m) != at(w) & !foreign(m) & points(r, n) & !touched(r) -> !own(n, at(w))`,
  ),
];

/** What a writer saw after it read the fence still stands while that fence stands. */
const KNOWLEDGE: readonly Predicate[] = [
  said(
    'known-roots-stand',
    'Where a root was known to point it still points, while the fence stands.',
    `
    forall w: Writer, r: Root, n: Node. current(w) & knows(w, r, n) & own(n, at(w)) & !touched(r) -> points(r, n)`,
  ),
  said(
    'no-root-is-overlooked',
    'Whoever read the zone knows every root of the cell, while the fence stands.',
    `
    forall w: Writer, r: Root, n: Node.
      current(w) & looked(w) & points(r, n) & own(n, at(w)) & !touched(r) -> knows(w, r, n)`,
  ),
  said(
    'seen-trees-stand',
    'Whoever read the zone found what is there, while the fence stands.',
    `
    forall w: Writer, n: Node. current(w) & looked(w) & own(n, at(w)) -> (sees(w, n) <-> there(n))`,
  ),
  said(
    'listed-names-are-new',
    'What the log listed, when it was read after the fence, and is not there, was never there, while the fence stands.',
    `
    forall w: Writer, n: Node. current(w) & lists(w, n) & !there(n) -> !was(n)`,
  ),
  said(
    'settled-is-calm',
    'By the change that the log told of, no root has been moved since, while the fence stands.',
    `
    forall w: Writer, x: Change. current(w) & settles(w, x) -> calm(movedAt(at(w)), x)`,
  ),
  said(
    'spare-names-are-unwanted',
    'What was of no wanted plan at the head that was read is of none while that is the head.',
    `
    forall w: Writer, n: Node, p: Plan.
      heard(w) = head(at(w)) & spare(w, n) -> coined(n) & !(wanted(p) & part(p, n))`,
  ),
  said(
    'what-was-heard-was-said',
    'What a writer read of the log is of its cell, and of the log.',
    `
    (forall w: Writer, n: Node. lists(w, n) -> coined(n) & own(n, at(w)))
    & (forall w: Writer, n: Node. spare(w, n) -> logged(heard(w)) & own(n, at(w)))
    & (forall w: Writer, r: Root. !(holds(w, r) & lends(w, r)))`,
  ),
  said(
    'heads-are-logged',
    'Every head is an event of one log.',
    `
    (forall c: Cell. logged(head(c)))
    & (forall c: Cell, d: Cell. head(c) = head(d) -> c = d)`,
  ),
];

export const INVARIANTS: readonly Predicate[] = [...PROMISES, ...GROUNDS, ...BETWEEN, ...KNOWLEDGE];
