import type { Predicate } from '../theory.ts';
import { said } from '../theory.ts';

export const HANDOVER_GUARDS: readonly Predicate[] = [
  said(
    'giver-fence-stands',
    'Route 53: the batch deletes exactly the fence of the cell that gives, as it was listed.',
    'giver != at(writer) & beside(writer) = fence(giver)',
  ),
  said(
    'giver-fence-is-new',
    'Its next fence has never stood either.',
    '!written(nextBeside) & !missing(nextBeside) & nextBeside != next',
  ),
  said(
    'giver-is-open',
    'That cell has a fence, which is not frozen, and stays so.',
    '!frozen(beside(writer)) & !missing(beside(writer)) & !frozen(nextBeside)',
  ),
  said(
    'giver-keeps-plan',
    'Nothing of its fence changes but the seq.',
    'gen(nextBeside) = gen(beside(writer)) & (whole(nextBeside) <-> whole(beside(writer)))',
  ),
  said(
    'giver-counts-on',
    'The number of its next fence is one above that of the one that was listed.',
    'precedes(seq(beside(writer)), seq(nextBeside))',
  ),
  said(
    'moves-what-is-offered',
    "Route 53: the offer is deleted as it stands. A root that is moved was offered, or goes as the rollback root of one that was, or is the cell's own.",
    `
    forall r: Root, n: Node. moves(r) & points(r, n) -> own(n, at(writer))
      | own(n, giver) & (offer(giver, at(writer), r)
        | (forall m: Node. !to(r, m)) & (forall p: Plan, m: Node. !tree(p, r, m)) & (exists q: Root. rolls(r, q) & offer(giver, at(writer), q)))`,
  ),
  said(
    'offers-what-the-log-lets-go',
    'What is offered the log lets another cell have, when it was read after the fence.',
    `
    forall c: Cell, r: Root. puts(c, r) -> lends(writer, r)`,
  ),
  said(
    'no-offer-stands',
    'No offer of the root stands in the zone, by a listing that was counted.',
    'forall c: Cell. !offer(cell, c, root)',
  ),
  said(
    'nobody-makes-one',
    'Nobody who read the log before can make one any more: the fence has been written anew since.',
    `
    forall w: Writer. at(w) = cell & current(w) -> !lends(w, root)`,
  ),
  said(
    'is-its-own-still',
    'The root points at a tree of the cell.',
    'exists n: Node. points(root, n) & own(n, cell)',
  ),
];

export const RESCUE_GUARDS: readonly Predicate[] = [
  said(
    'makes-new-names',
    'A rescue creates trees under names of its own, which carry the seq of its frozen fence, so that nobody has used them.',
    `
    forall n: Node. makes(n) -> own(n, at(writer)) & !coined(n)`,
  ),
  said(
    'points-at-what-its-changes-made',
    'A rescue points roots at what stood when a change was accepted that is INSYNC, or at what a root is known to point at.',
    `
    forall r: Root, n: Node. to(r, n) -> (exists x: Change. upto(x, n) & insync(x)) | (exists q: Root. knows(writer, q, n))`,
  ),
  said(
    'moves-what-a-person-names',
    'A root that a rescue moves pointed at a tree of the cell, at nothing, or at what a person has said may go.',
    `
    forall r: Root, n: Node. moves(r) & points(r, n) -> own(n, at(writer)) | foreign(n)`,
  ),
];

export const LOG_GUARDS: readonly Predicate[] = [
  said(
    'needs-what-is-listed',
    'A plan is made of names that the log lists, and of new ones: a retired name is never made again.',
    `
    forall n: Node. part(plan, n) -> listed(n) & !forgets(n) | !coined(n)`,
  ),
  said(
    'forgets-what-is-unwanted',
    'What is forgotten was listed for the cell, and is of no plan that is wanted still.',
    `
    forall n: Node. forgets(n) -> home(n) = cellOf(plan) & (forall q: Plan. wanted(q) & keeps(q) -> !part(q, n))`,
  ),
  said(
    'fence-has-stood',
    'The fence has stood in the cell, and named the plan.',
    'follows(mark, fence(cell)) & whole(mark) & gen(mark) = plan',
  ),
  said('change-has-it', 'The change is the one that created it, or came after that.', 'upto(change, node)'),
  said(
    'change-came-after',
    'The change moved roots last when it made this fence, or came after that and moved none.',
    'calm(mark, change)',
  ),
];

export const READING_GUARDS: readonly Predicate[] = [
  said(
    'listing-is-of-this-fence',
    "Where the listing has the fence that was read, it shows what the zone has below the cell's names.",
    `
    saw(writer) = fence(at(writer)) ->
      (forall n: Node. own(n, at(writer)) -> (listing(n) <-> there(n)))
      & (forall r: Root, n: Node. own(n, at(writer)) -> (shows(r, n) <-> points(r, n)))
      & (forall r: Root, n: Node, m: Node. shows(r, m) & home(m) != at(writer) & !foreign(m) & points(r, n) -> !own(n, at(writer)))`,
  ),
  said(
    'fence-names-its-plan',
    'The fence that was read names the plan that the log says is applied.',
    'whole(saw(writer))',
  ),
];

export const SERVER_GUARDS: readonly Predicate[] = [
  said('is-there', 'It stands in the zone.', 'there(node)'),
  said(
    'all-have-it',
    'Every name server has what stood when the change was accepted, and stands still.',
    `
    forall s: Server, n: Node. upto(change, n) & there(n) -> has(s, n)`,
  ),
  said(
    'none-is-behind',
    'No name server answers a root with what it left before the change.',
    `
    forall s: Server, r: Root, n: Node. answers(s, r, n) -> since(change, r, n)`,
  ),
  said('is-sent', 'Route 53 has accepted the change.', 'sent(change)'),
];

export const HAND_GUARDS: readonly Predicate[] = [
  said(
    'hand-stays-at-the-endpoint',
    'A hand points a root of a cell at a tree of the same cell and endpoint, which is there.',
    `
    there(node) & serves(node, root) & (exists n: Node. points(root, n) & home(n) = home(node) & !foreign(n)) & !foreign(node)`,
  ),
];
