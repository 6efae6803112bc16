import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CellKnowledge } from '../../lib/cell/cell-knowledge.ts';
import { knownZone, recordsFor } from '../../lib/cell/known-room.ts';
import { choose, propose } from '../../lib/cell/proposal.ts';
import type { FleetRoute } from '../../lib/plan/fleet-model.ts';
import { fleetOf } from '../plan/given-fleet.ts';
import { anyRoute, failover, latency, routed, targets, to } from '../plan/given-routes.ts';
import { afterPlan, knownCell, NOW } from '../support/known-cell.ts';

const IDS = Array.from({ length: 8 }, (_, index) => `t${index}`);
const FACTS = {
  records: 500,
  ours: 100,
  recordLimit: 10_000,
  negativeTtlS: 60,
  delegations: [],
  conflicts: [],
};

function fleetBy(route: FleetRoute) {
  return fleetOf(targets(IDS), [routed(route)], {
    capacityRemovedPercent: 100,
    endpointsChangedPercent: 100,
  });
}

/** The cell in which another route is declared, and whose zone has room for it. */
function declaring(known: CellKnowledge, route: FleetRoute): CellKnowledge {
  const fleet = fleetBy(route);
  return { ...known, fleet, desired: { ...known.desired, fleet } };
}

/** The cell once all that is asked is planned, and how many records it was said to need before. */
function planned(known: CellKnowledge): { readonly known: CellKnowledge; readonly needed: number } {
  const choice = choose(known, { claimed: new Map(), now: NOW });
  const needed = choice.endpoints.map((answer) => {
    const before = known.desired.base?.endpoints.find(({ name }) => name === answer.name);
    return recordsFor(known, answer, before);
  });
  const after = afterPlan(known, propose(known, { choice, origin: 'planner' }));
  return { known: after, needed: needed.reduce((sum, each) => sum + each, 0) };
}

/** Routes that have some of their branches in common. */
const alike = fc
  .tuple(
    ...Array.from({ length: 3 }, () =>
      fc.constantFrom(to('t0'), to('t1', 't2'), failover(to('t3'), to('t4'))),
    ),
  )
  .map(([first = to('t0'), second = first, third = first]) =>
    latency({ 'ap-south-1': first, 'eu-west-1': second, 'us-east-1': third }),
  );

const recordsOf = (known: CellKnowledge): number => knownZone(known)?.records ?? 0;

it('a route needs room for as many records as the zone has more once it is planned, whatever stands and comes', () => {
  const like = fc.oneof(alike, anyRoute);
  fc.assert(
    fc.property(...([like, like, like] as const), (applied, goal, next) => {
      const first = knownCell({ before: fleetBy(applied), state: { facts: FACTS } });
      const coming = planned(declaring(first, goal)).known;
      const asked = declaring(coming, next);
      const { known, needed } = planned(asked);
      expect(recordsOf(asked) + needed).toBe(recordsOf(known));
    }),
    { numRuns: 500 },
  );
});

it('a route that goes back to what is applied needs no room, and has none from the nodes that stay', () => {
  const [before, meanwhile] = ['t2', 't3'].map((id) =>
    latency({ 'eu-west-1': to('t0', 't1'), 'us-east-1': to(id) }),
  );
  if (before === undefined || meanwhile === undefined) throw new Error('there are two routes');
  // In a log before format 4 nobody knows which of the records that were surveyed would yield.
  const { ours: _, ...facts } = FACTS;
  const first = knownCell({ before: fleetBy(before), state: { facts } });
  const coming = planned(declaring(first, meanwhile)).known;
  expect(planned(declaring(coming, before)).needed).toBe(0);
});
