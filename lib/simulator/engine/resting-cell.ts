import { parseCellFleet } from '../../fleet/cell-fleet-codec.ts';
import type { CellFleet, Observations } from '../../plan/fleet-model.ts';
import type { Plan } from '../../plan/plan.ts';
import type { RestingCell } from '../checkers/goal-reached.ts';
import { restrictionsOf } from '../checkers/zone-obstacles.ts';
import type { Play } from './playing.ts';

// Bodies that were read, by digest: thousands of plays come to the same ones.
const plans = new Map<string, Plan>();
const fleets = new Map<string, CellFleet>();
const seen = new Map<string, Observations>();
const BODIES_MAX = 10_000;

/** A cell in which nobody is at work. */
export async function restingCell({ environment }: Play): Promise<RestingCell> {
  const { scope, memory, route53 } = environment;
  const { state } = memory.peek(scope.cell);
  const { goal } = state;
  const parse = (text: string): Plan => JSON.parse(text) as Plan;
  return {
    scope,
    records: environment.records(),
    restrictions: restrictionsOf(route53, scope.zoneId),
    state,
    goal: goal === null ? undefined : await parsed(environment, goal.digest, plans, parse),
  };
}

/** The fleet that is declared; undefined before any is. */
export async function fleetOf({ environment }: Play): Promise<CellFleet | undefined> {
  const { fleet } = environment.memory.peek(environment.scope.cell).state;
  const parse = (text: string): CellFleet => parseCellFleet(JSON.parse(text));
  return fleet === null ? undefined : parsed(environment, fleet.digest, fleets, parse);
}

/** What was observed last. */
export async function observationsOf({ environment }: Play): Promise<Observations> {
  const { observations } = environment.memory.peek(environment.scope.cell).state;
  const parse = (text: string): Observations => JSON.parse(text) as Observations;
  return observations === null ? {} : parsed(environment, observations.digest, seen, parse);
}

async function parsed<T>(
  { memory, scope }: Play['environment'],
  digest: string,
  known: Map<string, T>,
  parse: (text: string) => T,
): Promise<T> {
  let body = known.get(digest);
  if (body === undefined) {
    if (known.size >= BODIES_MAX) known.clear();
    body = parse(await memory.getBody(scope.cell, digest));
    known.set(digest, body);
  }
  return body;
}
