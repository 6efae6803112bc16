import { parseCellFleet, serialiseCellFleet } from '../fleet/cell-fleet-codec.ts';
import type { Command } from '../ledger/decider/commands.ts';
import type { BodyDigest } from '../ledger/decider/events.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { CellFleet, Observations } from '../plan/fleet-model.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';

const bodies = new WeakMap<CellFleet, string>();

/** A fleet as the ledger stores it. {@link declaredFleet} reads it back. A fleet never changes, so each is written once. */
export function fleetBody(fleet: CellFleet): string {
  const known = bodies.get(fleet) ?? canonicalJson(serialiseCellFleet(fleet));
  bodies.set(fleet, known);
  return known;
}

/** Fleets that were read last, by the digest of their body: one command or run reads the same one several times. */
const fleets = new Map<BodyDigest, CellFleet>();
const FLEETS_MAX = 4;

/**
 * A fleet that the ledger holds.
 *
 * @throws BodyDamaged when it is missing or altered, InvalidValue when it is no fleet.
 */
export async function declaredFleet(ledger: Ledger, cell: CellName, digest: BodyDigest): Promise<CellFleet> {
  const text = await ledger.getBody(cell, digest);
  const fleet = fleets.get(digest) ?? parseCellFleet(JSON.parse(text));
  fleets.delete(digest);
  fleets.set(digest, fleet);
  const [oldest] = fleets.keys();
  if (fleets.size > FLEETS_MAX && oldest !== undefined) fleets.delete(oldest);
  return fleet;
}

/** The names in the cell's fleet or in its goal. @throws what {@link declaredFleet} throws. */
export async function declaredNames(
  ledger: Ledger,
  { cell, state }: Pick<Head, 'cell' | 'state'>,
): Promise<ReadonlySet<DnsName>> {
  const { fleet, goal } = state;
  const declared = fleet === null ? [] : (await declaredFleet(ledger, cell, fleet.digest)).endpoints;
  const planned = (await planOf(ledger, cell, goal))?.endpoints ?? [];
  return new Set([...declared, ...planned].map(({ name }) => name));
}

/**
 * Stores the observations of every target, and returns the command that records them.
 *
 * @param changed targets whose observation differs from the one before.
 */
export async function putObservations(
  ledger: Ledger,
  cell: CellName,
  observations: Observations,
  changed: number,
): Promise<Command> {
  const digest = await ledger.putBody(cell, canonicalJson(observations));
  const healthy = Object.values(observations).filter(({ health }) => health === 'healthy').length;
  return { type: 'RecordObservations', digest, changed, healthy };
}

/**
 * The observations that were recorded last; none before the first were recorded.
 *
 * @throws BodyDamaged when it is missing or altered.
 */
export async function recordedObservations(ledger: Ledger, { cell, state }: Head): Promise<Observations> {
  if (state.observations === null) return {};
  return JSON.parse(await ledger.getBody(cell, state.observations.digest)) as Observations;
}

/**
 * The plan that a part of the state refers to: the goal, the newest, the applied one; undefined where there is none.
 *
 * @throws BodyDamaged when it is missing, altered, or of another cell.
 */
export async function planOf(
  ledger: Ledger,
  cell: CellName,
  ref: { readonly digest: BodyDigest } | null,
): Promise<Plan | undefined> {
  return ref === null ? undefined : getPlan(ledger, cell, ref.digest);
}
