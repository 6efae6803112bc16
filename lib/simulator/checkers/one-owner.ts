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
 * A hand may give a root to anybody; then the rule demands nothing of that name until its next root is made.
 *
 * @param declared the endpoint names that any cell has ever declared.
 */
export function oneOwner(
  declared: ReadonlySet<DnsName>,
  zone: ZoneLooks,
  byHand: ReadonlySet<DnsName> = new Set(),
): Checker {
  let excused = byHand;
  const owners = (records = zone.records()): Owners =>
    new Map([...declared].map((name) => [name, ownerOf(name, records, zone.scopes)]));
  const assertLogs = (): void => {
    const now = owners();
    for (const { cell } of zone.scopes) {
      for (const name of declared)
        if (!excused.has(name)) assertLog(cell, zone.peekAt(cell), name, now.get(name));
    }
  };
  return {
    name: 'one owner',
    check: (commit) => {
      const [before, after] = [owners(commit.before), owners(commit.after)];
      const moved = [...declared].filter((name) => before.get(name) !== after.get(name));
      for (const name of moved) {
        if (!excused.has(name)) assertMove(commit, name, before.get(name), after.get(name), zone);
      }
      excused = new Set([...excused].filter((name) => !moved.includes(name)));
      assertTouched(commit, { before, after }, moved, zone);
      for (const scope of zone.scopes) assertRollbacks(commit.before, commit.after, scope);
      assertLogs();
    },
    tampered: ({ before, after }) => {
      const [was, is] = [owners(before), owners(after)];
      excused = new Set([...excused, ...[...declared].filter((name) => was.get(name) !== is.get(name))]);
    },
    appended: (_, { cell, last }) => {
      const event = last?.event;
      const now = owners();
      if (event?.type === 'EndpointsGiven' || event?.type === 'EndpointsTaken') {
        const owner = event.type === 'EndpointsGiven' ? event.to : cell;
        for (const name of event.names) {
          const isSo = excused.has(name) || now.get(name) === owner;
          invariant(isSo, `one owner: ${cell} says ${event.type} of ${name}, and ${now.get(name)} has it`);
        }
      }
      assertLogs();
    },
    clone: (looks) => oneOwner(declared, looks.zone ?? zone, excused),
    key: () => [...excused].sort().join(),
  };
}

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

/** What is of a cell: its subtree, and the roots that point there. */
function of(scope: CellScope, records: readonly RecordSet[]): readonly RecordSet[] {
  const subtree = ownedSubtree(scope);
  return records.filter(
    ({ name, alias }) => isWithin(name, subtree) || (alias !== undefined && isWithin(alias.name, subtree)),
  );
}

function assertMove(
  { by, before, after }: Commit,
  name: DnsName,
  from: CellName | undefined,
  to: CellName | undefined,
  { scopes, peekAt }: ZoneLooks,
): void {
  if (from === undefined) return;
  invariant(to !== undefined, `one owner: ${by} took the root ${name} of ${from} away`);
  const what = `one owner: ${by} moved ${name} from ${from} to ${to}`;
  for (const scope of scopes.filter(({ cell }) => cell === from || cell === to)) {
    const step = seqIn(after, scope) - seqIn(before, scope);
    invariant(step === 1, `${what}, and the fence of ${scope.cell} went on by ${step}`);
  }
  const giver = scopes.find(({ cell }) => cell === from);
  const offers = (records: readonly RecordSet[]) =>
    records.filter((record) => giver !== undefined && record.name === offerName(name, giver));
  const isOffered = offers(before).some(({ values }) => values?.[0]?.startsWith(`"v1 to=${to} `) === true);
  invariant(isOffered, `${what}, and no offer stood`);
  invariant(offers(after).length === 0, `${what}, and the offer still stands`);
  const isGiven = peekAt(from).offers.some((offer) => offer.name === name && offer.to === to);
  invariant(isGiven, `${what}, which the log of ${from} does not offer`);
}

/** A commit changes what is of one cell; one that moves roots also changes the little of those who give them. */
function assertTouched(
  { by, before, after }: Commit,
  owners: { readonly before: Owners; readonly after: Owners },
  moved: readonly DnsName[],
  { scopes }: ZoneLooks,
): void {
  const touched = scopes.filter((scope) => !sameRecords(of(scope, before), of(scope, after)));
  const givers = new Set(moved.map((name) => owners.before.get(name)));
  const changed = touched.filter(({ cell }) => !givers.has(cell));
  const cells = changed.map(({ cell }) => cell).join(' and ');
  invariant(changed.length <= 1, `one owner: a batch of ${by} changed what is of ${cells}`);
  for (const scope of touched.filter(({ cell }) => givers.has(cell))) {
    const names = moved.filter((name) => owners.before.get(name) === scope.cell);
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

function assertLog(
  cell: CellName,
  { owned, offers, given, awaited }: CellState,
  name: DnsName,
  owner: CellName | undefined,
): void {
  const isAbout = (entry: { readonly name: DnsName }): boolean => entry.name === name;
  if (owner !== undefined && owner !== cell && owned.includes(name)) {
    const isOffered = offers.some((offer) => isAbout(offer) && offer.to === owner);
    invariant(isOffered, `one owner: ${cell} calls ${name} its own, which ${owner} has`);
  }
  const isBack = owner !== cell || !given.some(isAbout) || awaited.some(isAbout);
  invariant(isBack, `one owner: ${cell} says that it gave ${name}, and has it`);
}
