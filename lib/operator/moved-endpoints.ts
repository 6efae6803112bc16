import { declaredFleet, planOf } from '../cell/cell-bodies.ts';
import { GIVEN_BACK } from '../cell/given-back.ts';
import type { Command } from '../ledger/decider/commands.ts';
import { goneNames } from '../ledger/decider/evolve-handover.ts';
import { canRecord } from '../ledger/decider/formats.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import { BodyDamaged } from '../ledger/ledger.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import type { NotDone } from './operator.ts';
import { refused } from './operator.ts';

/** Endpoints that go over from one cell of the ledger to another one of the same zone. */
export interface EndpointMove {
  readonly from: CellName;
  readonly to: CellName;
  /** In order of name. */
  readonly names: readonly DnsName[];
}

/** Endpoints that one cell let another one take, and that its fleet declares again and the other's does not. */
export interface Withdrawal {
  readonly from: CellName;
  readonly to: CellName;
  readonly names: readonly DnsName[];
}

/** What a push makes of endpoints that are another cell's. */
export interface Moves {
  readonly moves: readonly EndpointMove[];
  /**
   * Endpoints that a cell has given and its fleet declares again, and that no cell of this ledger owns: the other cell
   * has given them up, or has a ledger of its own and has to offer them.
   */
  readonly reclaims: readonly EndpointMove[];
  /** Offers that are taken back. */
  readonly withdrawals: readonly Withdrawal[];
  /**
   * What the other cell may take until the offer is gone from the zone, or has taken without having recorded it: these
   * withdrawals, and those of before. Its fleet stays as it is until both logs say which, and is pushed again then.
   */
  readonly unsettled: readonly Withdrawal[];
  /** Endpoints that a cell awaits in vain: the offer is gone, and its fleet does not declare them. */
  readonly lapsed: readonly Withdrawal[];
  /**
   * The fleets to declare: those that were given, without those of `unsettled` that may take, those that give before those
   * that take, and of each cell that gives without being given its own fleet without what goes over.
   */
  readonly fleets: readonly CellFleet[];
}

/** What goes over, comes back, or does not go over any more. */
export type Handovers = Pick<Moves, 'moves' | 'reclaims' | 'withdrawals' | 'lapsed'>;

export interface MovesRequest {
  readonly cells: readonly CellFleet[];
  /** Cells that the file need not name, and whose endpoints it may move: a cell that is renamed or split. */
  readonly from: readonly CellName[];
}

/**
 * Finds the endpoints that the fleets move from one cell to another: another cell of the ledger owns them, in the same
 * zone, and does not declare them any more. What was offered and not taken yet is found again, so that a push that was
 * interrupted goes on.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached, BodyDamaged when what stands cannot be read.
 */
export async function findMoves(ledger: Ledger, { cells, from }: MovesRequest): Promise<Moves | NotDone> {
  const given = new Map(cells.map((fleet) => [fleet.cell, fleet]));
  const known = [...new Set([...(await ledger.cells()), ...given.keys()])];
  const heads = new Map<CellName, Head>();
  for (const cell of known) heads.set(cell, await ledger.head(cell));
  const unknown = from.find((cell) => (heads.get(cell)?.state.fleet ?? null) === null);
  if (unknown !== undefined)
    return refused(`The ledger has no cell ${unknown} from which endpoints could move.`);
  const owners = ownersIn([...heads.values()]);
  const moves = new Map<string, EndpointMove>();
  for (const { cell, zoneId, endpoints } of cells) {
    for (const { name } of endpoints) {
      const owner = owners.get(`${zoneId} ${name}`);
      if (owner === undefined || owner === cell) continue;
      if (given.get(owner)?.endpoints.some((each) => each.name === name) === true) continue;
      if (!given.has(owner) && !from.includes(owner)) continue;
      const move = moves.get(`${owner} ${cell}`) ?? { from: owner, to: cell, names: [] };
      moves.set(`${owner} ${cell}`, { ...move, names: [...move.names, name].sort() });
    }
  }
  const found = [...moves.values()];
  const obstacle = found.map((move) => obstacleTo(move, heads)).find((each) => each !== undefined);
  if (obstacle !== undefined) return refused(obstacle);
  const unapplied = await unappliedAmong(ledger, cells, [...heads.values()], owners);
  if (unapplied !== undefined) return refused(unapplied);
  const { withdrawals, unsettled, lapsed } = tornIn(cells, heads, owners);
  const mayTake = new Set(unsettled.map(({ to }) => to));
  const declared = cells.filter(({ cell }) => !mayTake.has(cell));
  return {
    moves: found,
    reclaims: reclaimsIn(cells, owners, heads, unsettled),
    withdrawals,
    unsettled,
    lapsed,
    fleets: inOrder(declared, found, await remaining(ledger, found, given, heads)),
  };
}

/**
 * Who owns each endpoint, by zone id and name. What a cell has given is not its own, whatever its plan says, nor is what
 * it offers to a cell that has taken it already: its log has yet to learn of that. A cell that was given back owns nothing.
 */
function ownersIn(heads: readonly Head[]): ReadonlyMap<string, CellName> {
  const ownedBy = new Map(heads.map(({ cell, state }) => [cell, new Set(state.owned)]));
  const owners = new Map<string, CellName>();
  for (const { cell, state } of heads) {
    if (state.frozen?.reason === GIVEN_BACK) continue;
    const gone = goneNames(state);
    const offered = new Map(state.offers.map(({ name, to }) => [name, to]));
    for (const name of state.owned) {
      const to = offered.get(name);
      const isTaken = to !== undefined && ownedBy.get(to)?.has(name) === true;
      if (!gone.has(name) && !isTaken) owners.set(`${state.fleet?.zoneId ?? ''} ${name}`, cell);
    }
  }
  return owners;
}

function reclaimsIn(
  cells: readonly CellFleet[],
  owners: ReadonlyMap<string, CellName>,
  heads: ReadonlyMap<CellName, Head>,
  unsettled: readonly Withdrawal[],
): readonly EndpointMove[] {
  const found = new Map<string, EndpointMove>();
  for (const { cell, zoneId, endpoints } of cells) {
    const state = heads.get(cell)?.state;
    const gone = state === undefined ? new Set<DnsName>() : goneNames(state);
    const waits = new Set(unsettled.flatMap((each) => (each.from === cell ? each.names : [])));
    for (const { name } of endpoints) {
      const from = gone.has(name) ? state?.given.find((each) => each.name === name)?.to : undefined;
      if (from === undefined || waits.has(name) || owners.has(`${zoneId} ${name}`)) continue;
      const known = found.get(`${from} ${cell}`) ?? { from, to: cell, names: [] };
      found.set(`${from} ${cell}`, { ...known, names: [...known.names, name] });
    }
  }
  return [...found.values()];
}

function obstacleTo({ from, to }: EndpointMove, heads: ReadonlyMap<CellName, Head>): string | undefined {
  const old = [from, to].find((cell) => {
    const head = heads.get(cell);
    return head !== undefined && head.number > 0 && !canRecord(head.state, 'EndpointsOffered');
  });
  return old === undefined
    ? undefined
    : `Endpoints of cell ${from} would go over to ${to}, and cell ${old} is written in a format that has no handovers: "pawl upgrade ${old}" first.`;
}

/** What is in another cell's goal and not applied yet may be flipped at any moment: nobody knows yet who owns it. */
async function unappliedAmong(
  ledger: Ledger,
  cells: readonly CellFleet[],
  heads: readonly Head[],
  owners: ReadonlyMap<string, CellName>,
): Promise<string | undefined> {
  const zones = new Set(cells.map(({ zoneId }) => zoneId));
  for (const { cell, state } of heads) {
    // A goal that is applied has nothing that is not owned, and another zone's is nobody's here.
    const isPending = state.goal !== null && state.goal.digest !== state.applied?.digest;
    if (!isPending || !zones.has(state.fleet?.zoneId ?? '')) continue;
    const gone = goneNames(state);
    const planned = (await plannedIn(ledger, cell, state))?.endpoints ?? [];
    const pending = planned.filter(({ name }) => !state.owned.includes(name) && !gone.has(name));
    for (const { name } of pending) {
      const other = cells.find(
        (each) =>
          each.cell !== cell &&
          // What it owns it keeps: the other cell has planned it, and was to be given it.
          owners.get(`${each.zoneId} ${name}`) !== each.cell &&
          each.zoneId === state.fleet?.zoneId &&
          each.endpoints.some((endpoint) => endpoint.name === name),
      );
      if (other !== undefined)
        return `${name} is planned by cell ${cell} and not applied yet, so that ${other.cell} cannot take it over: wait until "pawl status ${cell}" is converged, then push.`;
    }
  }
  return undefined;
}

/** The goal; undefined where its body is damaged: what nobody can read, no enactor applies. */
async function plannedIn(ledger: Ledger, cell: CellName, { goal }: Head['state']): Promise<Plan | undefined> {
  try {
    return await planOf(ledger, cell, goal);
  } catch (error) {
    if (error instanceof BodyDamaged) return undefined;
    throw error;
  }
}

/**
 * What becomes of endpoints that a fleet declares and that the cell had let another one take, whose fleet of the file does
 * not declare them. A batch that took them may have been accepted, and the zone alone knows: nothing is forgotten in the
 * other log before one of the two says that the offer is gone, or that they went over.
 */
function tornIn(
  cells: readonly CellFleet[],
  heads: ReadonlyMap<CellName, Head>,
  owners: ReadonlyMap<string, CellName>,
): Pick<Moves, 'withdrawals' | 'unsettled' | 'lapsed'> {
  const files = new Map(
    cells.map(({ cell, endpoints }) => [cell, new Set(endpoints.map(({ name }) => name))]),
  );
  const [withdrawals, unsettled, lapsed] = [grouping(), grouping(), grouping()];
  for (const { cell: from, zoneId, endpoints } of cells) {
    const state = heads.get(from)?.state;
    for (const { name } of endpoints) {
      const offer = state?.offers.find((each) => each.name === name);
      // What has been taken by both logs comes back by a move.
      if (offer !== undefined && owners.get(`${zoneId} ${name}`) === from) {
        const { to, withdrawn } = offer;
        if (files.get(to)?.has(name) === true) continue;
        if (withdrawn !== true) withdrawals.add(from, to, name);
        if (files.has(to)) unsettled.add(from, to, name);
      }
      for (const [to, declared] of files) {
        const isAwaited = heads
          .get(to)
          ?.state.awaited.some((each) => each.name === name && each.from === from);
        if (isAwaited !== true || declared.has(name) || offer?.to === to) continue;
        const isGiven = state?.given.some((each) => each.name === name && each.to === to) === true;
        (isGiven ? unsettled : lapsed).add(from, to, name);
      }
    }
  }
  return { withdrawals: withdrawals.all(), unsettled: unsettled.all(), lapsed: lapsed.all() };
}

function grouping() {
  const found = new Map<string, Withdrawal>();
  return {
    add: (from: CellName, to: CellName, name: DnsName): void => {
      const known = found.get(`${from} ${to}`) ?? { from, to, names: [] };
      found.set(`${from} ${to}`, { ...known, names: [...known.names, name] });
    },
    all: (): readonly Withdrawal[] => [...found.values()],
  };
}

/** The fleets of cells that give without being given, without what goes over. */
async function remaining(
  ledger: Ledger,
  moves: readonly EndpointMove[],
  given: ReadonlyMap<CellName, CellFleet>,
  heads: ReadonlyMap<CellName, Head>,
): Promise<readonly CellFleet[]> {
  const fleets: CellFleet[] = [];
  for (const cell of new Set(moves.map((move) => move.from))) {
    const digest = heads.get(cell)?.state.fleet?.digest;
    if (given.has(cell) || digest === undefined) continue;
    const names = new Set(moves.flatMap((move) => (move.from === cell ? move.names : [])));
    const fleet = await declaredFleet(ledger, cell, digest);
    fleets.push({ ...fleet, endpoints: fleet.endpoints.filter(({ name }) => !names.has(name)) });
  }
  return fleets;
}

/** A name that two cells declare is kept back, so whoever gives declares first. */
function inOrder(
  cells: readonly CellFleet[],
  moves: readonly EndpointMove[],
  others: readonly CellFleet[],
): readonly CellFleet[] {
  const giving = new Set(moves.map(({ from }) => from));
  return [
    ...others,
    ...cells.filter(({ cell }) => giving.has(cell)),
    ...cells.filter(({ cell }) => !giving.has(cell)),
  ];
}

/** The commands by which a cell's log learns of the moves, in the order in which all of them are recorded. */
export function moveCommands(
  { moves, reclaims, withdrawals, lapsed }: Handovers,
  ledger: string,
): readonly { readonly cell: CellName; readonly command: Command }[] {
  return [
    ...lapsed.map(({ to, names }) => ({
      cell: to,
      command: { type: 'AwaitEndpoints', names, from: null } as const,
    })),
    ...withdrawals.map(({ from, names }) => ({
      cell: from,
      command: { type: 'WithdrawOffers', names } as const,
    })),
    // The offer comes first: the zone shows it by the time that the other cell's trees are everywhere.
    ...moves.map(({ from, to, names }) => ({
      cell: from,
      command: { type: 'OfferEndpoints', names, to, ledger } as const,
    })),
    ...[...moves, ...reclaims].map(({ from, to, names }) => ({
      cell: to,
      command: { type: 'AwaitEndpoints', names, from } as const,
    })),
  ];
}
