import { fitsBesideFence, inOrder, packBesideFence } from '../cell/packing.ts';
import type { BatchPart } from '../plan/batches.ts';
import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { endpointOfLabels, fenceName, ownedSubtree, parseOwnedName } from '../plan/owned-names.ts';
import { plainAnswer, pointsInside } from '../plan/plain-records.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import { create, hasUnknownRouting, recordKey, remove } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedTree, recordsAtName } from '../plan/zone-view.ts';
import { ADOPTED_TYPES } from './adopt.ts';

/** One root of a cell and the records that take its place: both at the same name, of the same types. */
export interface PlainName {
  readonly name: DnsName;
  readonly roots: readonly RecordSet[];
  readonly records: readonly RecordSet[];
}

/** What of a cell stands in its zone, as somebody who gives it back sees it. */
export interface CellRemains {
  /** Roots that still point at trees, each with its plain records. */
  readonly pointing: readonly PlainName[];
  /** Rollback roots: nothing needs them once their roots are plain, and they point at trees. */
  readonly rollbacks: readonly RecordSet[];
  /** Everything else below the cell's own names, but the fence. */
  readonly inside: readonly RecordSet[];
  /** What forbids to go on, each a sentence; nothing is written while there is one. */
  readonly obstacles: readonly string[];
}

/** Looks through a whole zone for what is left of a cell. Pure. */
export function remainsOf(view: ZoneView, scope: CellScope): CellRemains {
  const subtree = ownedSubtree(scope);
  const fence = fenceName(scope);
  const pointing: PlainName[] = [];
  const rollbacks: RecordSet[] = [];
  const inside: RecordSet[] = [];
  const obstacles: string[] = [];
  for (const [name, records] of view) {
    if (isWithin(name, subtree)) {
      if (parseOwnedName(name, scope)?.kind === 'rollback') rollbacks.push(...records);
      else if (name !== fence) inside.push(...records);
      continue;
    }
    const roots = records.filter((record) => pointedTree(record, scope) !== undefined);
    const foreign = records.find((record) => pointsInside(record, scope) && !roots.includes(record));
    if (foreign !== undefined)
      obstacles.push(
        `${name} ${foreign.type} is an alias of ${foreign.alias?.name ?? ''}, which would go: change that alias first.`,
      );
    if (roots.length === 0) continue;
    const plain = plainName(name, roots, view, scope);
    if (typeof plain === 'string') obstacles.push(plain);
    else pointing.push(plain);
  }
  for (const plain of pointing) {
    const large = inside.find((record) => !goesBeside(record, plain, scope));
    if (large !== undefined) obstacles.push(tooLarge(plain.name, large));
  }
  return { pointing, rollbacks, inside, obstacles };
}

/** Whether a record of an endpoint can be deleted by a batch that asserts the endpoint's plain records again. */
function goesBeside(record: RecordSet, { name, records }: PlainName, scope: CellScope): boolean {
  if (endpointOf(record, scope) !== name) return true;
  return fitsBesideFence([...records.flatMap((each) => [remove(each), create(each)]), remove(record)]);
}

function tooLarge(name: DnsName, { name: inside, type }: RecordSet): string {
  return `${inside} ${type} goes only by a batch that has the plain records of ${name} twice, and one batch does not hold that much: declare fewer targets or values of ${name} first.`;
}

function plainName(
  name: DnsName,
  roots: readonly RecordSet[],
  view: ZoneView,
  scope: CellScope,
): PlainName | string {
  const records: RecordSet[] = [];
  for (const root of roots) {
    const answer = plainAnswer(root, view, scope);
    switch (answer.type) {
      case 'plain':
        records.push(...answer.records);
        break;
      case 'nested':
        return `${name} has a route whose branch at ${answer.at} has several records, which plain records at one name cannot say: declare it with one target a branch, or without the route, and let that be applied first.`;
      case 'dangling':
        return `${name} points at ${answer.at}, which is not there: let an enactor repair it first ("pawl enact ${scope.cell} --sweep").`;
      case 'unreadable':
        return `${answer.at} has a routing policy that this release of Pawl cannot read: remove that record by hand first.`;
    }
  }
  const plain = { name, roots, records };
  return fitsBesideFence(changesOf(plain))
    ? plain
    : `${name} has ${records.length} records, more than one batch can put in the place of its root: declare fewer targets first.`;
}

function changesOf({ roots, records }: PlainName): readonly Change[] {
  return [...roots.map(remove), ...records.map(create)];
}

/** The next batch that turns roots into plain records and deletes rollback roots: as much as fits. Empty when none is left. */
export function plainBatch({ pointing, rollbacks }: CellRemains): readonly Change[] {
  const parts = [
    ...pointing.map((plain): BatchPart => ({ id: plain.name, changes: changesOf(plain) })),
    ...rollbacks.map((record): BatchPart => ({ id: recordKey(record), changes: [remove(record)] })),
  ];
  return inOrder(packBesideFence(parts)[0] ?? []);
}

/**
 * The next batch that deletes what is below the cell's own names: as much as fits, what points before what it points at.
 * With an endpoint's records it asserts the plain ones at its name again, so that a hand that put a root back in between
 * makes the whole batch fail.
 */
export function clearBatch({ inside }: CellRemains, view: ZoneView, scope: CellScope): readonly Change[] {
  const ordered = inOrderOfDepth(inside, scope);
  const proven = new Set<DnsName>();
  const proofs: Change[] = [];
  const deletes: Change[] = [];
  for (const record of ordered) {
    const proof = proofOf(record, view, scope).filter(({ record: { name } }) => !proven.has(name));
    if (!fitsBesideFence([...proofs, ...proof, ...deletes, remove(record)])) break;
    for (const each of proof) proven.add(each.record.name);
    proofs.push(...proof);
    deletes.push(remove(record));
  }
  return [...proofs, ...deletes];
}

/** With what the fence goes: as many plain records asserted again as fit, by which the batch fails if a root came back. */
export function lastProofs(names: readonly DnsName[], view: ZoneView, scope: CellScope): readonly Change[] {
  const proofs: Change[] = [];
  for (const name of names) {
    const more = asserted(name, view, scope);
    if (!fitsBesideFence([...proofs, ...more])) break;
    proofs.push(...more);
  }
  return proofs;
}

/** Why nothing below the cell's own names can be deleted any more, although something is left; undefined where it can. */
export function clearObstacle(remains: CellRemains, view: ZoneView, scope: CellScope): string | undefined {
  if (clearBatch(remains, view, scope).length > 0) return undefined;
  const [first] = inOrderOfDepth(remains.inside, scope);
  return first === undefined ? undefined : tooLarge(endpointOf(first, scope) ?? first.name, first);
}

function proofOf(record: RecordSet, view: ZoneView, scope: CellScope): readonly Change[] {
  const endpoint = endpointOf(record, scope);
  return endpoint === undefined ? [] : asserted(endpoint, view, scope);
}

/** The endpoint that a record of a tree is of; undefined for other records. */
function endpointOf({ name }: RecordSet, scope: CellScope): DnsName | undefined {
  const owned = parseOwnedName(name, scope);
  if (owned?.kind !== 'tree' && owned?.kind !== 'node') return undefined;
  return endpointOfLabels(owned.endpoint, scope);
}

function asserted(name: DnsName, view: ZoneView, scope: CellScope): readonly Change[] {
  return recordsAtName(view, name)
    .filter(
      (record) =>
        ADOPTED_TYPES.has(record.type) && !hasUnknownRouting(record) && !pointsInside(record, scope),
    )
    .flatMap((record) => [remove(record), create(record)]);
}

function inOrderOfDepth(inside: readonly RecordSet[], scope: CellScope): readonly RecordSet[] {
  return [...inside].sort((a, b) => depth(a, scope) - depth(b, scope));
}

/** Trees go first, then their nodes from the outermost inwards, then whatever else is there. */
function depth({ name }: RecordSet, scope: CellScope): number {
  const owned = parseOwnedName(name, scope);
  if (owned?.kind === 'tree') return 0;
  return owned?.kind === 'node' ? owned.path.split('.').length : Number.MAX_SAFE_INTEGER;
}
