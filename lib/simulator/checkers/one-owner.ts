import type { CellState } from '../../ledger/decider/state.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import { readFenceRecords } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import {
  cellOfName,
  fenceName,
  offerName,
  ownedSubtree,
  parseOwnedName,
  rollbackName,
} from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { sameRecords } from '../../plan/records.ts';
import type { Checker, Commit, ZoneLooks } from './zone-history.ts';

/**
 * One cell owns each name at every commit and after every append, and nobody else touches it. The zone says who: the cell
 * whose tree the root points at. The rule uses none of the enactor's code.
 *
 * - A root goes over from one cell to another in one commit, which advances the fences of both by one and deletes the
 *   offer, where both logs want it. It changes nothing else of the cell that gives, whose fence says what it said.
 * - No other commit changes what is of two cells: their subtrees, and the roots that point there.
 * - Rollback roots point at trees of their own cell.
 * - A log that calls a name its own is right, or offers it to the cell that has it. A log that says that a name was given
 *   or taken is right when it is written, and one that has given a name has it only where it takes it back.
 *
 * A hand may give a root to anybody, and a zone that goes back gives one to whoever had it before; then the rule demands
 * of the logs nothing about that name until they and the zone agree again.
 *
 * @param declared the endpoint names that any cell has ever declared.
 */
export function oneOwner(
  declared: ReadonlySet<DnsName>,
  zone: ZoneLooks,
  byHand: { readonly excused: ReadonlySet<DnsName>; readonly touched: ReadonlySet<DnsName> } = NOBODY,
): Checker {
  let { excused, touched } = byHand;
  const owners = (records = zone.records()): Owners =>
    new Map([...declared].map((name) => [name, ownerOf(name, records, zone.scopes)]));
  const assertLogs = (): void => {
    const now = owners();
    excused = new Set([...excused].filter((name) => !isSettled(name, now.get(name), zone)));
    for (const { cell } of zone.scopes) {
      for (const name of declared) {
        const wrong = excused.has(name) ? undefined : wrongLog(cell, zone.peekAt(cell), name, now.get(name));
        invariant(wrong === undefined, `one owner: ${wrong}`);
      }
    }
  };
  // No writer is to blame for what a hand has moved or offered, or what went back with the zone.
  const excuse = ({ before, after }: Commit): void => {
    const [was, is] = [owners(before), owners(after)];
    const isTouched = (name: DnsName): boolean =>
      was.get(name) !== is.get(name) ||
      zone.scopes.some((scope) => {
        const at = (records: readonly RecordSet[]) =>
          records.filter((record) => record.name === offerName(name, scope));
        return !sameRecords(at(before), at(after));
      });
    const names = [...declared].filter(isTouched);
    excused = new Set([...excused, ...names]);
    touched = new Set([...touched, ...names]);
  };
  return {
    name: 'one owner',
    check: (commit) => {
      const [before, after] = [owners(commit.before), owners(commit.after)];
      const moved = [...declared].filter((name) => before.get(name) !== after.get(name));
      const givers = new Map(
        moved.map((name) => [
          name,
          before.get(name) ?? ownerByLog(name, commit.before, after.get(name), zone),
        ]),
      );
      for (const name of moved)
        assertMove(commit, name, givers.get(name), after.get(name), zone, excused.has(name));
      assertTouched(commit, new Map([...givers].filter(([name, cell]) => cell !== after.get(name))), zone);
      for (const scope of zone.scopes) assertRollbacks(commit.before, commit.after, scope);
      assertLogs();
    },
    tampered: excuse,
    returned: excuse,
    appended: (_, { cell, last }) => {
      const event = last?.event;
      const now = owners();
      if (event?.type === 'EndpointsGiven' || event?.type === 'EndpointsTaken') {
        const owner = event.type === 'EndpointsGiven' ? event.to : cell;
        for (const name of event.names.filter((each) => now.get(each) !== owner)) {
          // Whoever appends it has read the zone before the hand came, or before it went back.
          invariant(
            touched.has(name),
            `one owner: ${cell} says ${event.type} of ${name}, and ${now.get(name)} has it`,
          );
          excused = new Set([...excused, name]);
        }
      }
      assertLogs();
    },
    clone: (looks) => oneOwner(declared, looks.zone ?? zone, { excused, touched }),
    key: () => (touched.size === 0 ? '' : `${[...excused].sort().join()} ${[...touched].sort().join()}`),
  };
}

const NOBODY = { excused: new Set<DnsName>(), touched: new Set<DnsName>() };

type Owners = ReadonlyMap<DnsName, CellName | undefined>;

function ownerOf(
  name: DnsName,
  records: readonly RecordSet[],
  scopes: readonly CellScope[],
): CellName | undefined {
  const root = records.find((record) => record.name === name && record.alias !== undefined);
  return scopes.find((scope) => root?.alias !== undefined && isWithin(root.alias.name, ownedSubtree(scope)))
    ?.cell;
}

/**
 * Who has a name at which no root stands, because a hand has deleted it: the cell whose tree is made its root, if its log
 * owns the name, and else the other cell whose log does, as long as its fence stands.
 */
function ownerByLog(
  name: DnsName,
  records: readonly RecordSet[],
  to: CellName | undefined,
  { scopes, peekAt }: ZoneLooks,
): CellName | undefined {
  const owning = scopes.filter(({ cell }) => peekAt(cell).owned.includes(name));
  const own = owning.find(({ cell }) => cell === to);
  const standing = owning.find((scope) => records.some((record) => record.name === fenceName(scope)));
  // What was given and is nobody's any more is offered again by whoever gave it.
  const gave = scopes.find(({ cell }) =>
    peekAt(cell).given.some((entry) => entry.name === name && entry.to === to),
  );
  return (own ?? standing ?? (owning.length === 0 ? gave : undefined))?.cell;
}

/** What is of a cell: its subtree, and the roots that point there. What is below another cell is that cell's, wherever it points. */
function of(scope: CellScope, records: readonly RecordSet[]): readonly RecordSet[] {
  const subtree = ownedSubtree(scope);
  return records.filter(
    ({ name, alias }) =>
      isWithin(name, subtree) ||
      (alias !== undefined && isWithin(alias.name, subtree) && cellOfName(name, scope) === undefined),
  );
}

function assertMove(
  { by, before, after }: Commit,
  name: DnsName,
  from: CellName | undefined,
  to: CellName | undefined,
  { scopes, peekAt }: ZoneLooks,
  isExcused: boolean,
): void {
  if (from === undefined || from === to) return;
  const giver = scopes.find(({ cell }) => cell === from);
  // A cell whose fence a hand has deleted is gone, and a root that points at it is anybody's (lib/plan/handover.ts).
  const isGone = giver !== undefined && !before.some((record) => record.name === fenceName(giver));
  if (isGone && isExcused) return;
  invariant(to !== undefined, `one owner: ${by} took the root ${name} of ${from} away`);
  const what = `one owner: ${by} moved ${name} from ${from} to ${to}`;
  for (const scope of scopes.filter(({ cell }) => cell === from || cell === to)) {
    const step = seqIn(after, scope) - seqIn(before, scope);
    // The cell that takes leaps where a hand has set its fence back: I1 knows when.
    const isNext = step === 1 || (scope.cell === to && step > 1);
    invariant(isNext, `${what}, and the fence of ${scope.cell} went on by ${step}`);
  }
  const offers = (records: readonly RecordSet[]) =>
    records.filter((record) => giver !== undefined && record.name === offerName(name, giver));
  const isOffered = offers(before).some(({ values }) => values?.[0]?.startsWith(`"v1 to=${to} `) === true);
  invariant(isOffered, `${what}, and no offer stood`);
  invariant(offers(after).length === 0, `${what}, and the offer still stands`);
  const { offers: offered, given } = peekAt(from);
  const isGiven = [...offered, ...given].some((entry) => entry.name === name && entry.to === to);
  invariant(isGiven || isExcused, `${what}, which the log of ${from} does not offer`);
}

/** A commit changes what is of one cell; one that moves roots also changes the little of those who give them. */
function assertTouched({ by, before, after }: Commit, giverOf: Owners, { scopes }: ZoneLooks): void {
  const touched = scopes.filter((scope) => !sameRecords(of(scope, before), of(scope, after)));
  const givers = new Set(giverOf.values());
  const changed = touched.filter(({ cell }) => !givers.has(cell));
  const cells = changed.map(({ cell }) => cell).join(' and ');
  invariant(changed.length <= 1, `one owner: a batch of ${by} changed what is of ${cells}`);
  for (const scope of touched.filter(({ cell }) => givers.has(cell))) {
    const names = [...giverOf].flatMap(([name, cell]) => (cell === scope.cell ? [name] : []));
    const mayGo = new Set<DnsName>([
      ...[fenceName(scope), ...names],
      ...names.flatMap((name) => [offerName(name, scope), rollbackName(name, scope)]),
    ]);
    const rest = (records: readonly RecordSet[]) => of(scope, records).filter(({ name }) => !mayGo.has(name));
    const isKept = sameRecords(rest(before), rest(after));
    invariant(isKept, `one owner: ${by} took ${names.join()} from ${scope.cell}, and changed more of it`);
    const [was, is] = [saidBy(before, scope), saidBy(after, scope)];
    invariant(was === is, `one owner: ${by} took ${names.join()} from ${scope.cell}, and changed its fence`);
  }
}

/** What the fence of a cell says, besides which write it is and whose. */
function saidBy(records: readonly RecordSet[], scope: CellScope): string {
  const there = records.filter(({ name }) => name === fenceName(scope));
  const reading = readFenceRecords(there);
  if (reading.type !== 'fence') return canonicalJson(there.map((record) => ({ ...record })));
  const { seq: _seq, nonce: _nonce, by: _by, ...said } = reading.fence;
  return canonicalJson(said);
}

function seqIn(records: readonly RecordSet[], scope: CellScope): number {
  const reading = readFenceRecords(records.filter(({ name }) => name === fenceName(scope)));
  return reading.type === 'fence' ? reading.fence.seq : 0;
}

/** What a hand has pointed elsewhere may stay so; nobody of Pawl's makes such a rollback root. */
function assertRollbacks(before: readonly RecordSet[], after: readonly RecordSet[], scope: CellScope): void {
  const known = new Set(before);
  for (const record of after) {
    if (known.has(record) || parseOwnedName(record.name, scope)?.kind !== 'rollback') continue;
    const cell = record.alias === undefined ? undefined : cellOfName(record.alias.name, scope);
    invariant(cell === scope.cell, `one owner: ${record.name} points at a tree of ${cell ?? 'nobody'}`);
  }
}

/** Whether somebody has the root, no log says otherwise, and no offer stands that its log does not know. */
function isSettled(
  name: DnsName,
  owner: CellName | undefined,
  { scopes, records, peekAt }: ZoneLooks,
): boolean {
  return (
    owner !== undefined &&
    scopes.every((scope) => {
      const isOffered = peekAt(scope.cell).offers.some((offer) => offer.name === name);
      const isStanding = records().some((record) => record.name === offerName(name, scope));
      const isKnown = isOffered || !isStanding;
      return isKnown && wrongLog(scope.cell, peekAt(scope.cell), name, owner) === undefined;
    })
  );
}

/** What a log says of a name that is not so; undefined where all of it is. */
function wrongLog(
  cell: CellName,
  { owned, offers, given, awaited }: CellState,
  name: DnsName,
  owner: CellName | undefined,
): string | undefined {
  const isAbout = (entry: { readonly name: DnsName }): boolean => entry.name === name;
  if (owner !== undefined && owner !== cell && owned.includes(name)) {
    const isOffered = offers.some((offer) => isAbout(offer) && offer.to === owner);
    if (!isOffered) return `${cell} calls ${name} its own, which ${owner} has`;
  }
  const isBack = owner !== cell || !given.some(isAbout) || awaited.some(isAbout);
  return isBack ? undefined : `${cell} says that it gave ${name}, and has it`;
}
