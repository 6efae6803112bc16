import { chooseAnswers } from '../../../lib/plan/choose-answers.ts';
import { desiredEndpoints } from '../../../lib/plan/desired.ts';
import { nextGeneration } from '../../../lib/plan/generation.ts';
import { contentOf, makePlan } from '../../../lib/plan/make-plan.ts';
import type { DnsName } from '../../../lib/plan/names.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import { planDigest } from '../../../lib/plan/plan.ts';
import type { DesiredEndpoint } from '../../../lib/plan/tree-nodes.ts';
import { largeFleet } from '../large-fleet.ts';
import { report } from '../report.ts';

/** 100,000 targets: 20 cells of 50 endpoints of 100 targets. Every plan is made from nothing, then again with news. */
const CELLS = 20;
const ENDPOINTS = 50;
const TARGETS = 100;

function planOf(index: number, base: Plan | undefined, isUnhealthy: (target: number) => boolean): Plan {
  const fleet = largeFleet(index, ENDPOINTS, TARGETS, `Z${index}`);
  const observations = Object.fromEntries(
    fleet.targets.map(({ id, capacity }, target) => [
      id,
      { health: isUnhealthy(target) ? ('unhealthy' as const) : ('healthy' as const), capacity },
    ]),
  );
  const desired = { fleet, observations, drained: [], evacuated: [], base };
  const asked = answersOf(desiredEndpoints(desired));
  const scope = { cell: fleet.cell, zone: fleet.zone, zoneId: fleet.zoneId };
  const generation = nextGeneration(base?.generation ?? 0);
  const { endpoints } = chooseAnswers({
    lint: { scope, generation, zone: undefined, claimed: new Map() },
    fleet,
    followsFile: true,
    asked,
    accepted: asked,
    standing: answersOf(base === undefined ? [] : contentOf(base)),
    disbelief: { asked: new Map(), accepted: new Map(), findings: new Map() },
    departures: () => undefined,
    refused: new Map(),
    meanwhile: new Map(),
    floorOf: () => 1,
    before: () => ({ removedBefore: 0, acceptedRoute: undefined, earlier: undefined, offeredTo: undefined }),
    waiting: new Map(),
    approved: new Set(),
    hasTree: () => false,
    recordsFor: () => 0,
    lacksRoom: () => undefined,
  });
  const { plan } = makePlan({ scope, generation, endpoints, base, isUnretired: () => true });
  planDigest(plan);
  return plan;
}

function answersOf(endpoints: readonly DesiredEndpoint[]): ReadonlyMap<DnsName, DesiredEndpoint> {
  return new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
}

const started = performance.now();
const first = Array.from({ length: CELLS }, (_, index) => planOf(index, undefined, () => false));
const planned = performance.now();
// One target in a hundred has gone: half of the endpoints change.
const second = first.map((plan, index) => planOf(index, plan, (target) => target % 200 === 0));
const changed = second.reduce((sum, plan, index) => {
  const before = new Set(first[index]?.endpoints.map(({ tree }) => tree));
  return sum + plan.endpoints.filter(({ tree }) => !before.has(tree)).length;
}, 0);
report('planning', {
  targets: CELLS * ENDPOINTS * TARGETS,
  plan_s: (planned - started) / 1_000,
  replan_and_diff_s: (performance.now() - planned) / 1_000,
  endpoints_changed: changed,
});
