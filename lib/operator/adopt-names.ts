import { declaredFleet } from '../cell/cell-bodies.ts';
import type { Head } from '../ledger/ledger.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { RecordSet } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedTree, recordsAtName, zoneView } from '../plan/zone-view.ts';
import { recordsUnder } from '../zone/read-records.ts';
import { ADOPTED_TYPES, described, othersNames, ownedElsewhere } from './adopt.ts';
import type { HealthReader } from './health-readers.ts';
import { readersIn } from './health-readers.ts';
import type { NotDone, OperatorZoneDeps, Outcome } from './operator.ts';
import { refused } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface AdoptNamesRequest {
  readonly cell: CellName;
  /** The endpoints of a fleet that is declared next; absent: those of the fleet that the cell has. */
  readonly declared?: readonly DnsName[] | undefined;
  /** Only these of them; absent: all. */
  readonly names?: readonly DnsName[] | undefined;
  /** False: show what stands there, and write nothing. */
  readonly apply: boolean;
}

/** A name at which something stands that is not Pawl's yet. */
export interface NameToAdopt {
  readonly name: DnsName;
  /** A, AAAA, CNAME: what Pawl replaces. */
  readonly records: readonly RecordSet[];
}

export interface AdoptedNames {
  /** In order of name: what is adopted by this, or would be. */
  readonly adopted: readonly NameToAdopt[];
  /** The cell's own before this, or adopted. */
  readonly already: readonly DnsName[];
  /** Nothing stands there, so that they need only a plan. */
  readonly free: readonly DnsName[];
  /** What cannot be adopted, and why: it stays as it is, and the others go ahead. */
  readonly left: readonly { readonly name: DnsName; readonly reason: string }[];
  /** Aliases elsewhere that go by the health of what is adopted. */
  readonly healthReaders: readonly (HealthReader & { readonly of: DnsName })[];
}

/**
 * Takes over what stands at many endpoints' names, an event each: as quick as one append a name, and whoever dies in
 * between goes on with the names that are left. Nothing in the zone changes yet. The zone is listed once.
 *
 * @returns refused when no fleet declares the cell's endpoints, and when an append is refused; names before it are then
 * adopted, and the reason says how many.
 * @returns unknown when the answer to an append was lost; the same command goes on.
 * @throws LedgerUnavailable, ZoneUnavailable when a service is down; names may then be adopted: adopt again.
 */
export async function adoptNames(
  deps: OperatorZoneDeps,
  request: AdoptNamesRequest,
): Promise<Outcome<AdoptedNames>> {
  const { cell, apply } = request;
  const head = await deps.ledger.head(cell);
  const declared = request.declared ?? (await declaredEndpoints(deps, head));
  if (declared === undefined)
    return refused(`No fleet has been pushed for cell ${cell}: push the one that declares its endpoints.`);
  const sorted = await sortedOut(deps, head, declared, request.names ?? declared);
  if (!apply) return { type: 'done', ...sorted };
  return (await appendAll(deps, head, sorted.adopted)) ?? { type: 'done', ...sorted };
}

async function declaredEndpoints(
  { ledger }: OperatorZoneDeps,
  { cell, state }: Head,
): Promise<readonly DnsName[] | undefined> {
  if (state.fleet === null) return undefined;
  return (await declaredFleet(ledger, cell, state.fleet.digest)).endpoints.map(({ name }) => name);
}

async function sortedOut(
  { ledger, writer }: OperatorZoneDeps,
  { cell, state }: Head,
  declared: readonly DnsName[],
  names: readonly DnsName[],
): Promise<AdoptedNames> {
  const { records } = await recordsUnder(writer.zone, writer.scope.zone);
  const view = zoneView(records);
  const others = await othersNames(ledger, cell);
  const known = new Set(declared);
  const own = new Set([...state.owned, ...state.adopted]);
  const adopted: NameToAdopt[] = [];
  const already: DnsName[] = [];
  const free: DnsName[] = [];
  const left: { readonly name: DnsName; readonly reason: string }[] = [];
  for (const name of [...new Set(names)].sort()) {
    const owner = others.owners.get(name);
    const there = adoptable(view, name);
    if (!known.has(name))
      left.push({ name, reason: `The fleet of cell ${cell} does not declare ${name}: declare it and push.` });
    else if (own.has(name) || isPawls(there, writer.scope)) already.push(name);
    else if (owner !== undefined) left.push({ name, reason: ownedElsewhere(name, owner) });
    else if (there.length === 0) free.push(name);
    else adopted.push({ name, records: there });
  }
  const pawls = new Set([...own, ...others.names, ...adopted.map(({ name }) => name)]);
  const asked = new Set(adopted.map(({ name }) => name));
  return { adopted, already, free, left, healthReaders: readersIn(records, writer.scope, asked, pawls) };
}

function adoptable(view: ZoneView, name: DnsName): readonly RecordSet[] {
  return recordsAtName(view, name).filter(({ type }) => ADOPTED_TYPES.has(type));
}

/** Whether all of it is the cell's roots, of which the log says nothing before their plan is recorded as applied. */
function isPawls(records: readonly RecordSet[], scope: CellScope): boolean {
  return records.length > 0 && records.every((record) => pointedTree(record, scope) !== undefined);
}

/** Appends an event a name. Each append rests on the one before it, so that it needs no read of the head. */
async function appendAll(
  deps: OperatorZoneDeps,
  before: Head,
  names: readonly NameToAdopt[],
): Promise<NotDone | undefined> {
  let head = before;
  for (const [index, { name, records }] of names.entries()) {
    const was = records.map(described);
    const command = { type: 'AdoptEndpoint', name, was } as const;
    const outcome = await recordEvent(deps, before.cell, () => command, undefined, head);
    if (outcome.type === 'refused' || outcome.type === 'unknown') {
      const done = `${index} of ${names.length} names of cell ${before.cell} are adopted. `;
      return { ...outcome, reason: index === 0 ? outcome.reason : done + outcome.reason };
    }
    ({ head } = outcome);
  }
  return undefined;
}
