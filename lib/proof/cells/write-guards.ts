import type { Predicate } from '../theory.ts';
import { said } from '../theory.ts';

/** What every batch with a fence holds to. */
export const FENCE_GUARDS: readonly Predicate[] = [
  said(
    'fence-stands',
    'Route 53: the batch deletes exactly the fence that its writer read, so that it still stands.',
    'saw(writer) = fence(at(writer))',
  ),
  said(
    'fence-is-new',
    'The nonce is fresh: the next fence has never stood.',
    '!written(next) & !missing(next)',
  ),
  said('change-is-new', 'Route 53: the change has an id of its own.', '!sent(change)'),
  said(
    'fence-is-open',
    'There is a fence, and it is not frozen.',
    '!frozen(saw(writer)) & !missing(saw(writer))',
  ),
  said('stays-open', 'The next fence is not frozen.', '!frozen(next)'),
  said(
    'keeps-plan',
    'The next fence has the generation of this one, and names the same plan.',
    'gen(next) = gen(saw(writer)) & (whole(next) <-> whole(saw(writer)))',
  ),
  said(
    'has-the-generation',
    'The next fence has the generation of a plan of the cell.',
    'gen(next) = plan & cellOf(plan) = at(writer)',
  ),
  said(
    'goes-forward',
    'That generation is not below the one that was read.',
    'atMost(gen(saw(writer)), gen(next))',
  ),
  said(
    'counts-on',
    'The number of the next fence is one above that of the fence that was read.',
    'precedes(seq(saw(writer)), seq(next))',
  ),
  said(
    'keeps-seq',
    'The next fence has the number of the fence that was read: nothing is applied by it.',
    'seq(next) = seq(saw(writer))',
  ),
  said('makes-nothing', 'The batch creates no tree.', 'forall n: Node. !makes(n)'),
  said('moves-nothing', 'The batch moves no root.', 'forall r: Root, n: Node. !moves(r) & !to(r, n)'),
  said('drops-nothing', 'The batch deletes no tree.', 'forall n: Node. !drops(n)'),
];

export const STAGING_GUARDS: readonly Predicate[] = [
  said(
    'makes-what-is-listed',
    'What is created is of a plan, and its name was listed in the log, which was read after the fence.',
    `
    forall n: Node. makes(n) -> own(n, at(writer)) & lists(writer, n)`,
  ),
  said(
    'makes-what-is-absent',
    'Route 53: a CREATE must find nothing.',
    'forall n: Node. makes(n) -> !there(n)',
  ),
  said(
    'makes-it-whole',
    'Route 53 refuses an alias whose target is not there; so what a created name leads to is there, or is created with it.',
    `
    forall n: Node, m: Node. makes(n) & under(n, m) -> thereAfter(m)`,
  ),
];

export const FLIP_GUARDS: readonly Predicate[] = [
  said(
    'moves-its-own',
    'A root that is moved pointed at a tree of the cell, at nothing, or at what the cell has adopted.',
    `
    forall r: Root, n: Node. moves(r) & points(r, n) -> own(n, at(writer)) | foreign(n) & adopted(at(writer), r)`,
  ),
  said(
    'points-at-its-own',
    'A root is pointed at one tree of its own endpoint and cell, which is there (Route 53 refuses an alias whose target is not).',
    `
    (forall r: Root, n: Node. to(r, n) -> moves(r) & own(n, at(writer)) & serves(n, r) & there(n))
    & (forall r: Root, n: Node, m: Node. to(r, n) & to(r, m) -> n = m)`,
  ),
  said(
    'points-at-what-is-everywhere',
    'That tree was staged by a change that is INSYNC, or a root is known to point at it already.',
    `
    forall r: Root, n: Node. to(r, n) -> copied(n) | (exists q: Root. knows(writer, q, n))`,
  ),
  said(
    'names-what-is-complete',
    'A fence that names the plan has every root of the plan point where the plan says; one slice of several names none.',
    `
    whole(next) -> forall r: Root, n: Node. tree(plan, r, n) -> moves(r) & to(r, n) | !moves(r) & (knows(writer, r, n) | goneOver(r))`,
  ),
];

export const RETIREMENT_GUARDS: readonly Predicate[] = [
  said(
    'head-stands',
    'The event is appended at exactly the head that was read.',
    'heard(writer) = head(at(writer))',
  ),
  said('event-is-new', 'An event is the first of its number.', '!logged(nextHead)'),
  said(
    'retires-what-is-spare',
    'What is retired was of no wanted plan at that head, and not newer than it.',
    `
    forall n: Node. retires(n) -> own(n, at(writer)) & spare(writer, n)`,
  ),
  said(
    'drops-its-own',
    "What is deleted is the cell's own.",
    'forall n: Node. drops(n) -> own(n, at(writer))',
  ),
  said(
    'drops-what-is-retired',
    'The log lists no more what is deleted: TreesRetired came first, or it is an orphan.',
    `
    forall n: Node. drops(n) -> coined(n) & !listed(n)`,
  ),
  said('whole-zone-was-read', 'The whole zone was read, under the fence.', 'looked(writer)'),
  said(
    'drops-what-nothing-points-at',
    'No root pointed at what is deleted, or at what leads to it.',
    `
    forall r: Root, n: Node, m: Node. drops(m) & under(n, m) -> !knows(writer, r, n)`,
  ),
  said(
    'drops-what-leads-there',
    'Whatever leads to something that is deleted is deleted with it.',
    `
    forall n: Node, m: Node. drops(m) & under(n, m) & sees(writer, n) -> drops(n)`,
  ),
  said(
    'last-move-is-everywhere',
    'A change that came after the last move of a root is INSYNC: no name server answers with what roots left before.',
    `
    exists x: Change. settles(writer, x) & insync(x)`,
  ),
  said(
    'proof-holds',
    'Route 53: the batch deletes the roots of the endpoint and creates them again as they were read, so that a hand has not moved them.',
    `
    forall r: Root, n: Node, m: Node. drops(m) & serves(m, r) & points(r, n) -> knows(writer, r, n)`,
  ),
];

export const FREEZE_GUARDS: readonly Predicate[] = [
  said('freezes', 'The next fence is frozen.', 'frozen(next)'),
  said('fence-is-frozen', 'The fence that was read is frozen.', 'frozen(saw(writer))'),
  said(
    'decided-on-this',
    'Whoever thaws has decided on the fence that is swapped, and not on an earlier one.',
    'decided(writer) = saw(writer)',
  ),
  said(
    'reads-itself-back',
    'The frozen fence stands, as its writer left it, and its change is INSYNC.',
    'fence(at(writer)) = saw(writer) & frozen(saw(writer)) & insync(change)',
  ),
  said('is-its-own-fence', 'The writer has made that fence itself.', 'wrote(writer, saw(writer))'),
  said('fence-is-missing', 'No fence stands.', 'missing(saw(writer))'),
  said('names-no-plan', 'The next fence names no plan.', '!whole(next)'),
];
