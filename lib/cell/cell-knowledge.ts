import type { BodyDigest } from '../ledger/decider/events.ts';
import { goneNames } from '../ledger/decider/evolve-handover.ts';
import { hasRoutes } from '../ledger/decider/formats.ts';
import type { FloorsOf } from '../ledger/decider/loosening.ts';
import { floorsInEffect, policyInEffect } from '../ledger/decider/loosening.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import { BodyDamaged } from '../ledger/ledger.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import type { DesiredInput } from '../plan/desired.ts';
import type { CellFleet, Observations } from '../plan/fleet-model.ts';
import { floorOf } from '../plan/lowered-floors.ts';
import type { DnsName } from '../plan/names.ts';
import { ownValue } from '../plan/own-value.ts';
import type { CellScope, TreeLabel } from '../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../plan/plan.ts';
import { plannedEndpoint } from '../plan/plan.ts';
import { declaredFleet, planOf, recordedObservations } from './cell-bodies.ts';
import { planWithout } from './gone-names.ts';

/** What the log says of a cell at one head: all that a plan is judged by. */
export interface CellKnowledge {
  readonly head: Head;
  /** As declared, with the policy and the floors in effect. */
  readonly fleet: CellFleet;
  readonly scope: CellScope;
  /** The input that the endpoints are computed from; its base is the goal's plan. */
  readonly desired: DesiredInput;
  /** The applied plan, perhaps the goal itself: what was refused of the goal answers as this one says. */
  readonly applied: Plan | undefined;
  /**
   * The plan by which the cell answered when the window of its policy began, or the oldest that the log remembers since;
   * undefined where no endpoint has a route, whose branches it judges, or nobody knows it.
   */
  readonly earlier: Plan | undefined;
  /** What a person asked of endpoints that Route 53 refused, by name; undefined: that they are not there. */
  readonly wishes: ReadonlyMap<DnsName, PlannedEndpoint | undefined>;
  /** How many endpoints of the goal another cell has taken: what was asked of them is nobody's here any more. */
  readonly sheds: number;
  /** The fleets by which endpoints were planned last, by digest, as far as the log knows them. */
  readonly accepted: ReadonlyMap<BodyDigest, CellFleet>;
}

/**
 * Reads the fleet, the observations and the goal that a head names; undefined when no fleet has been pushed.
 *
 * @param now milliseconds since 1970.
 * @throws LedgerUnavailable, BodyDamaged when one of them cannot be read.
 */
export async function knowCell(ledger: Ledger, head: Head, now: number): Promise<CellKnowledge | undefined> {
  const { cell, state } = head;
  if (state.fleet === null) return undefined;
  const fleet = await declaredFleet(ledger, cell, state.fleet.digest);
  return knowledgeOf(ledger, head, {
    declared: fleet,
    observations: await recordedObservations(ledger, head),
    now,
  });
}

/** What a caller knows besides a head. */
export interface CallersKnowledge {
  readonly declared: CellFleet;
  readonly observations: Observations;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The same for a caller that has the fleet and the observations already: reads the goal, and what more it takes to judge
 * each endpoint by itself.
 *
 * @throws LedgerUnavailable, BodyDamaged when one of them cannot be read.
 */
export async function knowledgeOf(
  ledger: Ledger,
  head: Head,
  { declared, observations, now }: CallersKnowledge,
): Promise<CellKnowledge> {
  const { cell, state } = head;
  const { drained, evacuated, evacuatedBranches, goal } = state;
  const gone = goneNames(state);
  const fleet = fleetWithout(judgedBy(declared, state), gone);
  const goalPlan = await planOf(ledger, cell, goal);
  const base = goalPlan === undefined ? undefined : planWithout(goalPlan, gone);
  const scope = { cell, zone: fleet.zone, zoneId: fleet.zoneId };
  const isApplied = state.applied?.digest === goal?.digest;
  const appliedPlan = isApplied ? goalPlan : await planOf(ledger, cell, state.applied);
  const applied = appliedPlan === undefined ? undefined : planWithout(appliedPlan, gone);
  const accepted = new Map<BodyDigest, CellFleet>();
  for (const digest of acceptedDigests(state)) {
    const isDeclared = digest === state.fleet?.digest;
    const planned = isDeclared ? fleet : await unlessDamaged(declaredFleet(ledger, cell, digest));
    if (planned !== undefined) accepted.set(digest, fleetWithout(planned, gone));
  }
  return {
    head,
    fleet,
    scope,
    desired: {
      ...{ fleet, observations, drained, evacuated, evacuatedBranches, base },
      ...(hasRoutes(state) ? {} : { flat: true }),
    },
    applied,
    sheds: (goalPlan?.endpoints.length ?? 0) - (base?.endpoints.length ?? 0),
    earlier: await earlierPlan(ledger, head, fleet, now, [base, applied]),
    wishes: await wishesOf(ledger, head),
    accepted,
  };
}

/** The fleet as this cell may plan it: an endpoint that another cell has taken is not its own, whoever declares it. */
export function fleetWithout(fleet: CellFleet, gone: ReadonlySet<DnsName>): CellFleet {
  if (!fleet.endpoints.some(({ name }) => gone.has(name))) return fleet;
  return { ...fleet, endpoints: fleet.endpoints.filter(({ name }) => !gone.has(name)) };
}

/**
 * The fleet with the policy and the floors in effect at a head: what it declares looser judges nothing until it was
 * accepted.
 */
export function judgedBy(fleet: CellFleet, state: FloorsOf & Pick<CellState, 'loosening'>): CellFleet {
  if (state.loosening === null) return fleet;
  const floors = floorsInEffect(state);
  const endpoints = fleet.endpoints.map((endpoint) => ({
    ...endpoint,
    floor: floorOf(endpoint, floors),
  }));
  return { ...fleet, policy: policyInEffect(state), endpoints };
}

async function earlierPlan(
  ledger: Ledger,
  { cell, state }: Head,
  { endpoints, policy }: CellFleet,
  now: number,
  read: readonly (Plan | undefined)[],
): Promise<Plan | undefined> {
  if (endpoints.every(({ route }) => route === undefined)) return undefined;
  const began = now - policy.capacityWindowS * 1_000;
  const ref = state.history.find(({ at }) => at <= began) ?? state.history.at(-1);
  if (ref === undefined) return undefined;
  const known = read.find((plan) => plan?.generation === ref.generation);
  return known ?? unlessDamaged(getPlan(ledger, cell, ref.digest));
}

async function wishesOf(ledger: Ledger, { cell, state }: Head): Promise<CellKnowledge['wishes']> {
  const plans = new Map<BodyDigest, Plan | undefined>();
  const wishes = new Map<DnsName, PlannedEndpoint | undefined>();
  for (const { name, wish } of state.refused) {
    if (wish === undefined) continue;
    if (!plans.has(wish)) plans.set(wish, await unlessDamaged(getPlan(ledger, cell, wish)));
    const plan = plans.get(wish);
    if (plan !== undefined) wishes.set(name, plannedEndpoint(plan, name));
  }
  return wishes;
}

/** An earlier body that is damaged does not keep a cell from being planned: it counts as one that nobody knows. */
async function unlessDamaged<Body>(read: Promise<Body>): Promise<Body | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof BodyDamaged) return undefined;
    throw error;
  }
}

function acceptedDigests({ goal, keptBack }: CellState): ReadonlySet<BodyDigest> {
  const digests = [goal?.fleet, ...keptBack.map(({ fleet }) => fleet ?? undefined)];
  return new Set(digests.filter((digest) => digest !== undefined));
}

/** Whether the log has the endpoint's tree (endpoint in relative form) as made and not retired. */
export function isUnretired(
  { endpoints }: Pick<CellState, 'endpoints'>,
  endpoint: string,
  label: TreeLabel,
): boolean {
  return ownValue(endpoints, endpoint)?.trees.includes(label) === true;
}
