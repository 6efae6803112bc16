import type { Ledger } from '../ledger/ledger.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { eachAtOnce } from '../runtime/at-once.ts';
import { declaredFleet } from './cell-bodies.ts';
import type { CellKnowledge } from './cell-knowledge.ts';

/** Names that other cells declare, each with its cell. */
export type Claims = ReadonlyMap<DnsName, CellName>;

/** What another cell claims of a cell's names, asked once the cell's head is known. */
export type ClaimsOn = (ledger: Ledger, known: CellKnowledge) => Promise<Claims>;

const NO_CLAIMS: Claims = new Map();
/** Cells whose heads are read at the same time. */
const READS_AT_ONCE = 32;

/** The endpoint names that the ledger's cells declare, each with its cell; the cells in `besides` are left out. */
export async function claimedNames(ledger: Ledger, besides: ReadonlySet<CellName>): Promise<Claims> {
  const others = (await ledger.cells()).filter((cell) => !besides.has(cell));
  const declared = await eachAtOnce(others, READS_AT_ONCE, (cell) => namesDeclaredBy(ledger, cell));
  return new Map(declared.flatMap(({ cell, names }) => names.map((name) => [name, cell] as const)));
}

/** A look at all other cells, and the declaration of this cell that it came after. */
interface Look {
  readonly declaration: string;
  /** Of the names of this declaration. */
  readonly claims: Claims;
}

/** Cells whose last look is remembered. */
const LOOKS_MAX = 1_000;

/**
 * The claims on names that a cell has yet to get, for its planner: no other cell is read while every declared name is in
 * the goal or answers already, and all of them once a declaration that has another name. While some names stay claimed,
 * the cells that claim them are read alone, and all others once one of them gives up. The cost of a run therefore does
 * not grow with the number of cells (docs/adr/0076-claims-are-read-once-a-declaration.md).
 */
export function claimsOnNewNames(): ClaimsOn {
  const looks = new Map<CellName, Look>();
  return async (ledger, known) => {
    const {
      head: { cell, state },
      fleet,
    } = known;
    const settled = settledNames(known);
    const names = fleet.endpoints.map(({ name }) => name);
    if (names.every((name) => settled.has(name))) return NO_CLAIMS;
    const declaration = `${state.fleet?.digest} ${state.fleet?.at}`;
    const before = looks.get(cell);
    const isCurrent = before?.declaration === declaration && (await areStillClaimed(ledger, before.claims));
    const look = isCurrent ? before : { declaration, claims: await lookAround(ledger, cell, names) };
    looks.delete(cell);
    looks.set(cell, look);
    const [oldest] = looks.keys();
    if (looks.size > LOOKS_MAX && oldest !== undefined) looks.delete(oldest);
    return new Map([...look.claims].filter(([name]) => !settled.has(name)));
  };
}

/**
 * The same for one command that shows many cells: every cell is read once, when the first of them needs it. What it
 * says is of the command's own time, so nothing may be appended by it.
 */
export function claimsForShow(): ClaimsOn {
  let asked: Promise<ReadonlyMap<DnsName, readonly CellName[]>> | undefined;
  return async (ledger, known) => {
    const {
      head: { cell },
      fleet,
    } = known;
    const settled = settledNames(known);
    const fresh = fleet.endpoints.filter(({ name }) => !settled.has(name));
    if (fresh.length === 0) return NO_CLAIMS;
    asked ??= claimants(ledger);
    const cellsOf = await asked;
    return new Map(
      fresh.flatMap(({ name }) => {
        const other = cellsOf.get(name)?.find((each) => each !== cell);
        return other === undefined ? [] : [[name, other] as const];
      }),
    );
  };
}

/**
 * The names that are in the goal, or that the cell answers at. No claim of another cell is held against them: other cells
 * were asked before, and the zone refuses whoever does not own the name.
 */
export function settledNames({
  head: { state },
  desired: { base },
}: Pick<CellKnowledge, 'desired' | 'head'>): ReadonlySet<DnsName> {
  return new Set([...state.owned, ...(base?.endpoints ?? []).map(({ name }) => name)]);
}

async function claimants(ledger: Ledger): Promise<ReadonlyMap<DnsName, readonly CellName[]>> {
  const found = new Map<DnsName, CellName[]>();
  const declared = await eachAtOnce(await ledger.cells(), READS_AT_ONCE, (cell) =>
    namesDeclaredBy(ledger, cell),
  );
  for (const { cell, names } of declared) {
    for (const name of names) found.set(name, [...(found.get(name) ?? []), cell]);
  }
  return found;
}

async function lookAround(ledger: Ledger, cell: CellName, names: readonly DnsName[]): Promise<Claims> {
  const own = new Set(names);
  const claimed = await claimedNames(ledger, new Set([cell]));
  return new Map([...claimed].filter(([name]) => own.has(name)));
}

async function areStillClaimed(ledger: Ledger, claims: Claims): Promise<boolean> {
  const others = [...new Set(claims.values())];
  const declared = await eachAtOnce(others, READS_AT_ONCE, (cell) => namesDeclaredBy(ledger, cell));
  const namesOf = new Map(declared.map(({ cell, names }) => [cell, new Set(names)]));
  return [...claims].every(([name, cell]) => namesOf.get(cell)?.has(name) === true);
}

async function namesDeclaredBy(
  ledger: Ledger,
  cell: CellName,
): Promise<{ readonly cell: CellName; readonly names: readonly DnsName[] }> {
  const { fleet } = (await ledger.head(cell)).state;
  if (fleet === null) return { cell, names: [] };
  const { endpoints } = await declaredFleet(ledger, cell, fleet.digest);
  return { cell, names: endpoints.map(({ name }) => name) };
}
