import { declaredFleet } from '../cell/cell-bodies.ts';
import { readFence } from '../cell/fence-reader.ts';
import { GIVEN_BACK } from '../cell/given-back.ts';
import { fenceAfter } from '../cell/next-fence.ts';
import { standingOf } from '../cell/standing.ts';
import { swapFence } from '../cell/swap-fence.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { TEXT_CHARS_MAX } from '../ledger/decider/state.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { recordsAt } from '../zone/read-records.ts';
import type { HealthReaders } from './health-readers.ts';
import { readersOfHealth } from './health-readers.ts';
import type { OperatorZoneDeps, Outcome } from './operator.ts';
import { fenceRefused, refused, unknown } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface AdoptEndpointRequest {
  readonly cell: CellName;
  readonly name: DnsName;
  /** False: show what stands there, and write nothing. */
  readonly apply: boolean;
}

export interface AdoptedEndpoint {
  /** What stands at the name and is Pawl's to replace from now on: A, AAAA, CNAME. */
  readonly records: readonly RecordSet[];
  /** already: it was adopted before. */
  readonly change: 'adopted' | 'already' | 'shown';
  /** Where it is only shown: what loses its failover when Pawl answers at the name. */
  readonly healthReaders?: HealthReaders;
}

/** Types that Pawl replaces at an endpoint's name; all others stay as they are. */
export const ADOPTED_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/**
 * Takes over what stands at an endpoint's name, so that the next flip may replace it. Nothing in the zone changes yet.
 * Refuses a name that the cell's fleet does not declare, one that another cell owns, and one where nothing stands. Without
 * `apply` it also lists the zone, and shows the aliases elsewhere that go by the name's health.
 *
 * @throws LedgerUnavailable, ZoneUnavailable when a service is down: nothing was written.
 */
export async function adoptEndpoint(
  deps: OperatorZoneDeps,
  { cell, name, apply }: AdoptEndpointRequest,
): Promise<Outcome<AdoptedEndpoint>> {
  const { state } = await deps.ledger.head(cell);
  const ownership = await ownershipOf(deps, state, name);
  if (ownership.obstacle !== undefined) return refused(ownership.obstacle);
  const found = await recordsAt(deps.writer.zone, name);
  const records = found.records.filter(({ type }) => ADOPTED_TYPES.has(type));
  if (state.owned.includes(name) || state.adopted.includes(name)) {
    return { type: 'done', records, change: 'already' };
  }
  if (records.length === 0) {
    return refused(`Nothing stands at ${name}, so there is nothing to adopt: it needs only a plan.`);
  }
  if (!apply) {
    const healthReaders = await readersOfHealth(deps.writer, name, ownership.pawls);
    return { type: 'done', records, change: 'shown', healthReaders };
  }
  const was = records.map(described);
  const outcome = await recordEvent(deps, cell, () => ({ type: 'AdoptEndpoint', name, was }));
  switch (outcome.type) {
    case 'refused':
    case 'unknown':
      return outcome;
    case 'recorded':
      return { type: 'done', records, change: 'already' };
    case 'appended':
      return { type: 'done', records, change: 'adopted' };
  }
}

/** Why a name cannot be adopted; else every name that is a cell's, or becomes one's, this one included. */
type Ownership =
  | { readonly obstacle: string }
  | { readonly obstacle?: undefined; readonly pawls: ReadonlySet<DnsName> };

async function ownershipOf(
  { ledger }: OperatorZoneDeps,
  { cell, fleet, owned, adopted }: CellState,
  name: DnsName,
): Promise<Ownership> {
  if (fleet === null)
    return { obstacle: `No fleet has been pushed for cell ${cell}: push the one that declares ${name}.` };
  const { endpoints } = await declaredFleet(ledger, cell, fleet.digest);
  if (!endpoints.some((endpoint) => endpoint.name === name)) {
    return {
      obstacle: `The fleet of cell ${cell} does not declare ${name}: declare it, push, then adopt it.`,
    };
  }
  const others = await othersNames(ledger, cell);
  const owner = others.owners.get(name);
  if (owner !== undefined) return { obstacle: ownedElsewhere(name, owner) };
  return { pawls: new Set([name, ...owned, ...adopted, ...others.names]) };
}

/** Why a name that another cell owns cannot be adopted. */
export function ownedElsewhere(name: DnsName, owner: CellName): string {
  return `${name} belongs to cell ${owner}: push a fleet file in which it has moved, and it is handed over.`;
}

/** What the other cells of the ledger own, and all names that they own or have adopted. */
export async function othersNames(
  ledger: Ledger,
  cell: CellName,
): Promise<{ readonly owners: ReadonlyMap<DnsName, CellName>; readonly names: ReadonlySet<DnsName> }> {
  const owners = new Map<DnsName, CellName>();
  const names = new Set<DnsName>();
  for (const other of await ledger.cells()) {
    if (other === cell) continue;
    const { owned, adopted, frozen } = (await ledger.head(other)).state;
    // What was given back is a plain record, like others.
    if (frozen?.reason === GIVEN_BACK) continue;
    for (const name of owned) owners.set(name, other);
    for (const name of [...owned, ...adopted]) names.add(name);
  }
  return { owners, names };
}

/** What stood at a name, as EndpointAdopted keeps it. */
export function described({ type, ttl, values, alias, setIdentifier, weight }: RecordSet): string {
  const answer =
    alias === undefined ? `${ttl ?? 0} ${values?.join(' ') ?? ''}` : `alias ${alias.name} in ${alias.zoneId}`;
  const routing = setIdentifier === undefined ? '' : ` (${setIdentifier}, weight ${weight ?? 'none'})`;
  const text = `${type} ${answer}${routing}`;
  return text.length <= TEXT_CHARS_MAX ? text : `${text.slice(0, TEXT_CHARS_MAX - 3).toWellFormed()}...`;
}

export interface AdoptCellRequest {
  readonly cell: CellName;
  /** False: show whose fence it is, and write nothing. */
  readonly apply: boolean;
}

export interface AdoptedCell {
  readonly change: 'adopted' | 'already' | 'shown';
  /** As it was read. */
  readonly fence: Fence;
  /** Of the fence after this. */
  readonly seq: Seq;
}

/**
 * Takes over the fence of another ledger, by one compare-and-swap that keeps its generation, its plan and whether it is
 * frozen. The enactor then finds a fence ahead of its ledger, or of no plan it knows, and goes on forward from there.
 *
 * @throws LedgerUnavailable, ZoneUnavailable when a service is down; the fence may then be adopted: look at it.
 */
export async function adoptCell(
  deps: OperatorZoneDeps,
  { cell, apply }: AdoptCellRequest,
): Promise<Outcome<AdoptedCell>> {
  const { writer, ledger } = deps;
  const reading = await readFence(writer.zone, writer.scope);
  const head = await ledger.head(cell);
  const standing = standingOf(reading, head.state, 'fence-first');
  if (standing.type === 'unreadable') {
    return refused(
      `The fence of cell ${cell} is ${standing.reading}, so there is nothing to take over: an enactor makes a new one.`,
    );
  }
  const { fence } = standing;
  if (standing.type === 'own') return { type: 'done', change: 'already', fence, seq: fence.seq };
  if (!apply) return { type: 'done', change: 'shown', fence, seq: fence.seq };
  return takeOver(deps, reading, fence, head);
}

async function takeOver(
  deps: OperatorZoneDeps,
  reading: FenceReading,
  fence: Fence,
  head: Head,
): Promise<Outcome<AdoptedCell>> {
  const { writer } = deps;
  const { cell } = writer.scope;
  const next = fenceAfter(fence, head, { ledger: head.state.ledger });
  const outcome = await swapFence(deps, { kind: 'fence', reading, next, verb: 'adopt' });
  switch (outcome.type) {
    case 'applied':
      return { type: 'done', change: 'adopted', fence, seq: outcome.fence.seq };
    case 'refused':
      return fenceRefused(cell, outcome.reason, 'adopt');
    case 'lost':
      return refused(
        `The fence of cell ${cell} moved while it was being taken over: ledger ${fence.ledger} still writes. Stop its roles, then adopt again.`,
      );
    case 'unknown':
      return unknown(
        `Whether the fence of cell ${cell} was taken over is not known (${outcome.reason}): adopt again.`,
      );
  }
}
