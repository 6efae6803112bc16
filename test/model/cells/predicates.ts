import type { Predicate } from '../theory.ts';

function notion(name: string, of: string, says: string, holds: string): Predicate {
  return { name, of, says, holds };
}

function guard(name: string, says: string, holds: string): Predicate {
  return { name, of: '', says, holds };
}

/** Words that guards and invariants use. */
const NOTIONS: readonly Predicate[] = [
  notion(
    'goneOver',
    'r: Root',
    'The log that was read lets another cell have the root, and the zone shows that it has it.',
    `
    lends(writer, r) & looked(writer) & (exists m: Node. knows(writer, r, m) & home(m) != at(writer) & !foreign(m))`,
  ),
  notion(
    'own',
    'n: Node, c: Cell',
    "The name is below the cell's own, and Pawl's.",
    'home(n) = c & !foreign(n)',
  ),
  notion('current', 'w: Writer', 'The fence that the writer saw still stands.', 'saw(w) = fence(at(w))'),
  notion(
    'copied',
    'n: Node',
    'The log says by which change it was staged, and that change is INSYNC.',
    'exists x: Change. staged(n, x) & insync(x)',
  ),
  notion('thereAfter', 'n: Node', 'It stands once the batch is accepted.', 'there(n) & !drops(n) | makes(n)'),
  notion('movesSome', '', 'The batch moves a root.', 'exists r: Root. moves(r)'),
  notion(
    'pointsAfter',
    'r: Root, n: Node',
    'The root points there once the batch is accepted.',
    'moves(r) & to(r, n) | !moves(r) & points(r, n)',
  ),
  notion(
    'copiesTouched',
    'r: Root',
    'The batch points the root at what is known only because roots point there that a hand has touched.',
    `
    exists n: Node. moves(r) & to(r, n) & !copied(n)
      & (exists q: Root. knows(writer, q, n)) & (forall q: Root. knows(writer, q, n) -> touched(q))`,
  ),
];

/** What every batch with a fence holds to. */
const FENCE_GUARDS: readonly Predicate[] = [
  guard(
    'fence-stands',
    'Route 53: the batch deletes exactly the fence that its writer read, so that it still stands.',
    'saw(writer) = fence(at(writer))',
  ),
  guard(
    'fence-is-new',
    'The nonce is fresh: the next fence has never stood.',
    '!written(next) & !missing(next)',
  ),
  guard('change-is-new', 'Route 53: the change has an id of its own.', '!sent(change)'),
  guard(
    'fence-is-open',
    'There is a fence, and it is not frozen.',
    '!frozen(saw(writer)) & !missing(saw(writer))',
  ),
  guard('stays-open', 'The next fence is not frozen.', '!frozen(next)'),
  guard(
    'keeps-plan',
    'The next fence has the generation of this one, and names the same plan.',
    'gen(next) = gen(saw(writer)) & (whole(next) <-> whole(saw(writer)))',
  ),
  guard(
    'has-the-generation',
    'The next fence has the generation of a plan of the cell.',
    'gen(next) = plan & cellOf(plan) = at(writer)',
  ),
  guard(
    'goes-forward',
    'That generation is not below the one that was read.',
    'atMost(gen(saw(writer)), gen(next))',
  ),
  guard('makes-nothing', 'The batch creates no tree.', 'forall n: Node. !makes(n)'),
  guard('moves-nothing', 'The batch moves no root.', 'forall r: Root, n: Node. !moves(r) & !to(r, n)'),
  guard('drops-nothing', 'The batch deletes no tree.', 'forall n: Node. !drops(n)'),
];

const STAGING_GUARDS: readonly Predicate[] = [
  guard(
    'makes-what-is-listed',
    'What is created is of a plan, and its name was listed in the log, which was read after the fence.',
    `
    forall n: Node. makes(n) -> own(n, at(writer)) & lists(writer, n)`,
  ),
  guard(
    'makes-what-is-absent',
    'Route 53: a CREATE must find nothing.',
    'forall n: Node. makes(n) -> !there(n)',
  ),
  guard(
    'makes-it-whole',
    'Route 53 refuses an alias whose target is not there; so what a created name leads to is there, or is created with it.',
    `
    forall n: Node, m: Node. makes(n) & under(n, m) -> thereAfter(m)`,
  ),
];

const FLIP_GUARDS: readonly Predicate[] = [
  guard(
    'moves-its-own',
    'A root that is moved pointed at a tree of the cell, at nothing, or at what the cell has adopted.',
    `
    forall r: Root, n: Node. moves(r) & points(r, n) -> own(n, at(writer)) | foreign(n) & adopted(at(writer), r)`,
  ),
  guard(
    'points-at-its-own',
    'A root is pointed at one tree of its own endpoint and cell, which is there (Route 53 refuses an alias whose target is not).',
    `
    (forall r: Root, n: Node. to(r, n) -> moves(r) & own(n, at(writer)) & serves(n, r) & there(n))
    & (forall r: Root, n: Node, m: Node. to(r, n) & to(r, m) -> n = m)`,
  ),
  guard(
    'points-at-what-is-everywhere',
    'That tree was staged by a change that is INSYNC, or a root is known to point at it already.',
    `
    forall r: Root, n: Node. to(r, n) -> copied(n) | (exists q: Root. knows(writer, q, n))`,
  ),
  guard(
    'names-what-is-complete',
    'A fence that names the plan has every root of the plan point where the plan says; one slice of several names none.',
    `
    whole(next) -> forall r: Root, n: Node. tree(plan, r, n) -> moves(r) & to(r, n) | !moves(r) & (knows(writer, r, n) | goneOver(r))`,
  ),
];

const HANDOVER_GUARDS: readonly Predicate[] = [
  guard(
    'giver-fence-stands',
    'Route 53: the batch deletes exactly the fence of the cell that gives, as it was listed.',
    'giver != at(writer) & beside(writer) = fence(giver)',
  ),
  guard(
    'giver-fence-is-new',
    'Its next fence has never stood either.',
    '!written(nextBeside) & !missing(nextBeside) & nextBeside != next',
  ),
  guard(
    'giver-is-open',
    'That cell has a fence, which is not frozen, and stays so.',
    '!frozen(beside(writer)) & !missing(beside(writer)) & !frozen(nextBeside)',
  ),
  guard(
    'giver-keeps-plan',
    'Nothing of its fence changes but the seq.',
    'gen(nextBeside) = gen(beside(writer)) & (whole(nextBeside) <-> whole(beside(writer)))',
  ),
  guard(
    'moves-what-is-offered',
    "Route 53: the offer is deleted as it stands. A root that is moved was offered, or goes as the rollback root of one that was, or is the cell's own.",
    `
    forall r: Root, n: Node. moves(r) & points(r, n) -> own(n, at(writer))
      | own(n, giver) & (offer(giver, at(writer), r)
        | (forall m: Node. !to(r, m)) & (forall p: Plan, m: Node. !tree(p, r, m)) & (exists q: Root. rolls(r, q) & offer(giver, at(writer), q)))`,
  ),
  guard(
    'offers-what-the-log-lets-go',
    'What is offered the log lets another cell have, when it was read after the fence.',
    `
    forall c: Cell, r: Root. puts(c, r) -> lends(writer, r)`,
  ),
  guard(
    'no-offer-stands',
    'No offer of the root stands in the zone, by a listing that was counted.',
    'forall c: Cell. !offer(cell, c, root)',
  ),
  guard(
    'nobody-makes-one',
    'Nobody who read the log before can make one any more: the fence has been written anew since.',
    `
    forall w: Writer. at(w) = cell & current(w) -> !lends(w, root)`,
  ),
  guard(
    'is-its-own-still',
    'The root points at a tree of the cell.',
    'exists n: Node. points(root, n) & own(n, cell)',
  ),
];

const RESCUE_GUARDS: readonly Predicate[] = [
  guard(
    'makes-new-names',
    'A rescue creates trees under names of its own, which carry the seq of its frozen fence, so that nobody has used them.',
    `
    forall n: Node. makes(n) -> own(n, at(writer)) & !coined(n)`,
  ),
  guard(
    'points-at-what-its-changes-made',
    'A rescue points roots at what stood when a change was accepted that is INSYNC, or at what a root is known to point at.',
    `
    forall r: Root, n: Node. to(r, n) -> (exists x: Change. upto(x, n) & insync(x)) | (exists q: Root. knows(writer, q, n))`,
  ),
  guard(
    'moves-what-a-person-names',
    'A root that a rescue moves pointed at a tree of the cell, at nothing, or at what a person has said may go.',
    `
    forall r: Root, n: Node. moves(r) & points(r, n) -> own(n, at(writer)) | foreign(n)`,
  ),
];

const RETIREMENT_GUARDS: readonly Predicate[] = [
  guard(
    'head-stands',
    'The event is appended at exactly the head that was read.',
    'heard(writer) = head(at(writer))',
  ),
  guard('event-is-new', 'An event is the first of its number.', '!logged(nextHead)'),
  guard(
    'retires-what-is-spare',
    'What is retired was of no wanted plan at that head, and not newer than it.',
    `
    forall n: Node. retires(n) -> own(n, at(writer)) & spare(writer, n)`,
  ),
  guard(
    'drops-its-own',
    "What is deleted is the cell's own.",
    'forall n: Node. drops(n) -> own(n, at(writer))',
  ),
  guard(
    'drops-what-is-retired',
    'The log lists no more what is deleted: TreesRetired came first, or it is an orphan.',
    `
    forall n: Node. drops(n) -> coined(n) & !listed(n)`,
  ),
  guard('whole-zone-was-read', 'The whole zone was read, under the fence.', 'looked(writer)'),
  guard(
    'drops-what-nothing-points-at',
    'No root pointed at what is deleted, or at what leads to it.',
    `
    forall r: Root, n: Node, m: Node. drops(m) & under(n, m) -> !knows(writer, r, n)`,
  ),
  guard(
    'drops-what-leads-there',
    'Whatever leads to something that is deleted is deleted with it.',
    `
    forall n: Node, m: Node. drops(m) & under(n, m) & sees(writer, n) -> drops(n)`,
  ),
  guard(
    'last-move-is-everywhere',
    'A change that came after the last move of a root is INSYNC: no name server answers with what roots left before.',
    `
    exists x: Change. settles(writer, x) & insync(x)`,
  ),
  guard(
    'proof-holds',
    'Route 53: the batch deletes the roots of the endpoint and creates them again as they were read, so that a hand has not moved them.',
    `
    forall r: Root, n: Node, m: Node. drops(m) & serves(m, r) & points(r, n) -> knows(writer, r, n)`,
  ),
];

const FREEZE_GUARDS: readonly Predicate[] = [
  guard('freezes', 'The next fence is frozen.', 'frozen(next)'),
  guard('fence-is-frozen', 'The fence that was read is frozen.', 'frozen(saw(writer))'),
  guard(
    'decided-on-this',
    'Whoever thaws has decided on the fence that is swapped, and not on an earlier one.',
    'decided(writer) = saw(writer)',
  ),
  guard(
    'reads-itself-back',
    'The frozen fence stands, as its writer left it, and its change is INSYNC.',
    'fence(at(writer)) = saw(writer) & frozen(saw(writer)) & insync(change)',
  ),
  guard('fence-is-missing', 'No fence stands.', 'missing(saw(writer))'),
  guard('names-no-plan', 'The next fence names no plan.', '!whole(next)'),
];

const LOG_GUARDS: readonly Predicate[] = [
  guard(
    'needs-what-is-listed',
    'A plan is made of names that the log lists, and of new ones: a retired name is never made again.',
    `
    forall n: Node. part(plan, n) -> listed(n) & !forgets(n) | !coined(n)`,
  ),
  guard(
    'forgets-what-is-unwanted',
    'What is forgotten was listed for the cell, and is of no plan that is wanted still.',
    `
    forall n: Node. forgets(n) -> home(n) = cellOf(plan) & (forall q: Plan. wanted(q) & keeps(q) -> !part(q, n))`,
  ),
  guard('change-has-it', 'The change is the one that created it, or came after that.', 'upto(change, node)'),
  guard(
    'change-came-after',
    'The change moved roots last when it made this fence, or came after that and moved none.',
    'calm(mark, change)',
  ),
];

const READING_GUARDS: readonly Predicate[] = [
  guard(
    'listing-is-of-this-fence',
    "Where the listing has the fence that was read, it shows what the zone has below the cell's names.",
    `
    saw(writer) = fence(at(writer)) ->
      (forall n: Node. own(n, at(writer)) -> (listing(n) <-> there(n)))
      & (forall r: Root, n: Node. own(n, at(writer)) -> (shows(r, n) <-> points(r, n)))
      & (forall r: Root, n: Node, m: Node. shows(r, m) & home(m) != at(writer) & !foreign(m) & points(r, n) -> !own(n, at(writer)))`,
  ),
  guard(
    'fence-names-its-plan',
    'The fence that was read names the plan that the log says is applied.',
    'whole(saw(writer))',
  ),
];

const SERVER_GUARDS: readonly Predicate[] = [
  guard('is-there', 'It stands in the zone.', 'there(node)'),
  guard(
    'all-have-it',
    'Every name server has what stood when the change was accepted, and stands still.',
    `
    forall s: Server, n: Node. upto(change, n) & there(n) -> has(s, n)`,
  ),
  guard(
    'none-is-behind',
    'No name server answers a root with what it left before the change.',
    `
    forall s: Server, r: Root, n: Node. answers(s, r, n) -> since(change, r, n)`,
  ),
  guard('is-sent', 'Route 53 has accepted the change.', 'sent(change)'),
];

const HAND_GUARDS: readonly Predicate[] = [
  guard(
    'hand-stays-at-the-endpoint',
    'A hand points a root of a cell at a tree of the same cell and endpoint, which is there.',
    `
    there(node) & serves(node, root) & (exists n: Node. points(root, n) & home(n) = home(node) & !foreign(n)) & !foreign(node)`,
  ),
];

export const PREDICATES: readonly Predicate[] = [
  ...NOTIONS,
  ...FENCE_GUARDS,
  ...STAGING_GUARDS,
  ...FLIP_GUARDS,
  ...HANDOVER_GUARDS,
  ...RESCUE_GUARDS,
  ...RETIREMENT_GUARDS,
  ...FREEZE_GUARDS,
  ...LOG_GUARDS,
  ...READING_GUARDS,
  ...SERVER_GUARDS,
  ...HAND_GUARDS,
];
