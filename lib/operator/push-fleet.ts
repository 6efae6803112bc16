import { declaredFleet, fleetBody } from '../cell/cell-bodies.ts';
import { claimedNames } from '../cell/claimed-names.ts';
import { partOfFormat2 } from '../fleet/cell-fleet-codec.ts';
import type { Command } from '../ledger/decider/commands.ts';
import { decide } from '../ledger/decider/decide.ts';
import type { BodyDigest } from '../ledger/decider/events.ts';
import { evolve } from '../ledger/decider/evolve.ts';
import { canRecord, hasRoutes } from '../ledger/decider/formats.ts';
import type { FloorsOf } from '../ledger/decider/loosening.ts';
import { floorsInEffect } from '../ledger/decider/loosening.ts';
import { FIRST_FORMAT } from '../ledger/decider/state.ts';
import type { Head } from '../ledger/ledger.ts';
import { canonicalJson, sha256 } from '../plan/canonical.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import { loweredFloors } from '../plan/lowered-floors.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { shortDigest } from '../plan/plan.ts';
import { NEWEST_LEDGER_FORMAT } from '../plan/stored-format.ts';
import type { EndpointMove, Moves } from './moved-endpoints.ts';
import { findMoves, moveCommands } from './moved-endpoints.ts';
import { neverChanges } from './never-changes.ts';
import type { NotDone, OperatorDeps, Outcome } from './operator.ts';
import { refused } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface PushRequest {
  readonly cells: readonly CellFleet[];
  /** Cells that are not given, and whose endpoints these fleets may take over: a cell that is renamed or split. */
  readonly from?: readonly CellName[] | undefined;
  /** False: say what would change, and write nothing. */
  readonly apply: boolean;
  /** The `comparedWith` of what a person was shown: a push that would replace other fleets than those is refused. */
  readonly expected?: string | undefined;
  /** The newest format of a log that everybody at work reads; absent where nothing says so. */
  readonly functionsRead?: number | undefined;
}

export interface PushedCell {
  readonly cell: CellName;
  /** first: the ledger had no fleet for it. */
  readonly change: 'declared' | 'unchanged' | 'first';
  /** The fleet that stood before; absent for the first. */
  readonly before?: CellFleet;
}

export interface Push extends Moves {
  /** In the order in which they are declared. */
  readonly cells: readonly PushedCell[];
  /** Cells of the ledger that were not given: they stay as they are. */
  readonly left: readonly CellName[];
  /** A digest of the fleets that stood in the given cells, 12 digits. */
  readonly comparedWith: string;
}

interface Declaration {
  readonly fleet: CellFleet;
  readonly text: string;
  readonly head: Head;
  readonly pushed: PushedCell;
}

/**
 * Declares the fleets of some cells. Everything is checked for every cell before anything is written for one: the whole
 * push is refused when a cell would move to another zone, when two cells would claim one name, or when another fleet
 * stands than the one that was shown.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached; cells before that one may then be declared.
 * @throws BodyDamaged when the fleet that stands cannot be read.
 */
export async function pushFleet(
  deps: OperatorDeps,
  { cells: asked, from = [], apply, expected, functionsRead }: PushRequest,
): Promise<Outcome<Push>> {
  const named = new Set(asked.map(({ cell }) => cell));
  if (named.size < asked.length) return refused('Two of the fleets are of one cell: keep one of them.');
  const found = await findMoves(deps.ledger, { cells: asked, from });
  if ('type' in found) return found;
  const { moves, fleets: cells } = found;
  const given = new Set([...named, ...cells.map(({ cell }) => cell)]);
  const clash = clashingName([...asked, ...cells], await claimedNames(deps.ledger, given));
  if (clash !== undefined) return refused(clash);
  const declarations: Declaration[] = [];
  for (const fleet of cells) {
    const declaration = await prepare(deps, fleet);
    if ('type' in declaration) return declaration;
    declarations.push(declaration);
  }
  const format = await firstFormat(deps, functionsRead);
  const tooNew =
    newerThanCell(declarations, format) ??
    tooOldToTake(declarations, moves, format) ??
    refusedMove(declarations, found, format, deps.ledger.id);
  if (tooNew !== undefined) return refused(tooNew);
  const left = (await deps.ledger.cells()).filter((cell) => !given.has(cell));
  const comparedWith = standingDigest(
    declarations.map(({ fleet, head }) => [fleet.cell, head.state.fleet?.digest ?? null]),
  );
  const isNews = declarations.some(({ pushed }) => pushed.change !== 'unchanged');
  if (isNews && expected !== undefined && expected !== comparedWith) {
    return refused(
      `Another fleet was declared since this change was shown (then ${expected} stood, now ${comparedWith}): nothing was written. Look at the change, then push again.`,
    );
  }
  if (apply) {
    const trouble = await write(deps, declarations, found, format);
    if (trouble !== undefined) return trouble;
  }
  const pushed = declarations.map((declaration) => declaration.pushed);
  return { ...found, type: 'done', cells: pushed, left, comparedWith };
}

/**
 * Writes what was checked. What goes over is offered and awaited before any fleet is declared: a cell whose fleet has lost
 * an endpoint that it does not offer would ask a person whether to delete it.
 */
async function write(
  deps: OperatorDeps,
  declarations: readonly Declaration[],
  moves: Moves,
  format: number,
): Promise<NotDone | undefined> {
  for (const declaration of declarations) {
    const trouble = await beginFormat(deps, declaration.head, format);
    if (trouble !== undefined) return trouble;
  }
  for (const { cell, command } of moveCommands(moves, deps.ledger.id)) {
    const outcome = await recordEvent(deps, cell, () => command);
    if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  }
  for (const declaration of declarations) {
    const trouble = await declare(deps, declaration);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

/** The `comparedWith` of a push to cells in which these fleets stand; null where none does. */
export function standingDigest(standing: readonly (readonly [CellName, BodyDigest | null])[]): string {
  return shortDigest(sha256(canonicalJson(Object.fromEntries(standing))));
}

function clashingName(
  cells: readonly CellFleet[],
  others: ReadonlyMap<DnsName, CellName>,
): string | undefined {
  const claimed = new Map(others);
  for (const { cell, endpoints } of cells) {
    for (const { name } of endpoints) {
      const owner = claimed.get(name);
      if (owner !== undefined && owner !== cell) return clashText(name, owner, cell);
      claimed.set(name, cell);
    }
  }
  return undefined;
}

function clashText(name: DnsName, owner: CellName, cell: CellName): string {
  return `${name} would be an endpoint of the cells ${owner} and ${cell}: a name belongs to one cell. If ${cell} takes it over, declare it there alone; where the file does not name ${owner}, push with --from ${owner}.`;
}

async function prepare(deps: OperatorDeps, fleet: CellFleet): Promise<Declaration | NotDone> {
  const { cell } = fleet;
  const head = await deps.ledger.head(cell);
  const text = fleetBody(fleet);
  const known = head.state.fleet;
  const before = known === null ? undefined : await declaredFleet(deps.ledger, cell, known.digest);
  const decision = decide(declareFleet(fleet, text, { before, state: head.state }), head.state);
  if (decision.type === 'refused') return refused(decision.reason);
  const change = decision.type === 'recorded' ? 'unchanged' : 'declared';
  const tooLarge = change === 'unchanged' ? undefined : neverChanges(fleet, before, head.state.facts);
  if (tooLarge !== undefined) return refused(tooLarge);
  if (before === undefined) return { fleet, text, head, pushed: { cell, change: 'first' } };
  return { fleet, text, head, pushed: { cell, change, before } };
}

/** What a fleet takes the place of. */
export interface Replaced {
  /** Undefined for a cell's first fleet. */
  readonly before: Pick<CellFleet, 'endpoints'> | undefined;
  readonly state: FloorsOf;
}

/** The command that declares a fleet, whose body is `text`. */
export function declareFleet(fleet: CellFleet, text: string, { before, state }: Replaced): Command {
  const { zone, zoneId, policy, endpoints, targets } = fleet;
  const floors =
    before === undefined ? {} : loweredFloors({ fleet: before, floors: floorsInEffect(state) }, fleet);
  return {
    type: 'DeclareFleet',
    digest: sha256(text),
    zone,
    zoneId,
    policy,
    endpoints: endpoints.length,
    targets: targets.length,
    floors,
  };
}

/**
 * The format that a new cell begins with. It is the oldest of the other cells' formats, because a person decides for
 * all cells when a deployment will not be undone any more. In a ledger without cells it is the newest format that
 * everybody reads.
 */
export async function firstFormat({ ledger }: OperatorDeps, functionsRead = FIRST_FORMAT): Promise<number> {
  const formats: number[] = [functionsRead, NEWEST_LEDGER_FORMAT];
  for (const cell of await ledger.cells()) {
    const { state } = await ledger.head(cell);
    // A cell without a fleet is one that was being begun, or whose names were adopted first: nobody has decided for it.
    if (state.fleet !== null) formats.push(state.format);
  }
  return Math.min(...formats);
}

/**
 * Why a fleet with a route or a lease cannot be declared: its body and its plans are of a format that a release before format 5 of
 * the log does not read (docs/adr/0040-formats-of-what-is-stored.md).
 */
function newerThanCell(declarations: readonly Declaration[], first: number): string | undefined {
  for (const { fleet, head, pushed } of declarations) {
    const newer = partOfFormat2(fleet);
    const format = pushed.change === 'first' ? Math.max(first, head.state.format) : head.state.format;
    if (newer === undefined || hasRoutes({ format })) continue;
    const others = pushed.change === 'first' ? 'the other cells' : `cell ${fleet.cell}`;
    return `${newer}, and cell ${fleet.cell} is written in format ${format}, which cannot hold one: "pawl upgrade" ${others} first.`;
  }
  return undefined;
}

/** Why a new cell cannot take endpoints over: the other cells' formats decide in which one it begins. */
function tooOldToTake(
  declarations: readonly Declaration[],
  moves: readonly EndpointMove[],
  first: number,
): string | undefined {
  const taker = declarations.find(
    ({ fleet, head, pushed }) =>
      pushed.change === 'first' &&
      moves.some(({ to }) => to === fleet.cell) &&
      !canRecord({ format: Math.max(first, head.state.format) }, 'EndpointsAwaited'),
  );
  return taker === undefined
    ? undefined
    : `The new cell ${taker.fleet.cell} would take endpoints over, and would begin in format ${first}, which has no handovers, because another cell of the ledger is of that format: "pawl upgrade" the other cells first.`;
}

/** Why a log would refuse what goes over, decided in order on the heads that were read, before anything is written. */
function refusedMove(
  declarations: readonly Declaration[],
  moves: Moves,
  format: number,
  ledger: string,
): string | undefined {
  const states = new Map(
    declarations.map(({ head, pushed: { cell, change } }) => [
      cell,
      change === 'first' ? { ...head.state, format: Math.max(format, head.state.format) } : head.state,
    ]),
  );
  for (const { cell, command } of moveCommands(moves, ledger)) {
    const state = states.get(cell);
    if (state === undefined) continue;
    const decision = decide(command, state);
    if (decision.type === 'refused') return decision.reason;
    if (decision.type === 'append') states.set(cell, evolve(state, decision.event, { at: 0, by: '' }));
  }
  return undefined;
}

/**
 * Raises a cell without a fleet to the format that a new cell begins with; nothing where it has one.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function beginFormat(
  deps: OperatorDeps,
  { cell, state }: Pick<Head, 'cell' | 'state'>,
  format: number,
): Promise<NotDone | undefined> {
  if (state.fleet !== null || format <= state.format) return undefined;
  const outcome = await recordEvent(deps, cell, () => ({ type: 'RaiseFormat', format }));
  return outcome.type === 'refused' || outcome.type === 'unknown' ? outcome : undefined;
}

/** Appends what was checked, if the fleet that it replaces is still the one that was compared with. */
async function declare(
  deps: OperatorDeps,
  { fleet, text, head, pushed }: Declaration,
): Promise<NotDone | undefined> {
  if (pushed.change === 'unchanged') return undefined;
  const { cell } = fleet;
  await deps.ledger.putBody(cell, text);
  let overtaken = false;
  const outcome = await recordEvent(deps, cell, (now) => {
    const standing = now.state.fleet?.digest;
    overtaken = standing !== head.state.fleet?.digest && standing !== sha256(text);
    if (overtaken) return undefined;
    // A floor that was accepted in between is in effect.
    return declareFleet(fleet, text, { before: pushed.before, state: now.state });
  });
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return overtaken
    ? refused(
        `Somebody pushed another fleet for cell ${cell} in between; cells before it are declared: push again.`,
      )
    : undefined;
}
