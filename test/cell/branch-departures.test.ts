import { describe, expect, it } from 'vitest';
import type { CellKnowledge } from '../../lib/cell/cell-knowledge.ts';
import { choose, propose } from '../../lib/cell/proposal.ts';
import type { Choice } from '../../lib/plan/choose-answers.ts';
import type { DesiredInput } from '../../lib/plan/desired.ts';
import type { CellPolicy, FleetRoute, Observations } from '../../lib/plan/fleet-model.ts';
import { fleetOf } from '../plan/given-fleet.ts';
import { failover, latency, routed, targets, to } from '../plan/given-routes.ts';
import { afterPlan, knownCell, NOW } from '../support/known-cell.ts';

const CARELESS = { capacityRemovedPercent: 100, endpointsChangedPercent: 100, blindPercent: 100 };
const IDS = ['t0', 't1', 't2', 't3', 't4', 't5'];

const known = (
  route: FleetRoute,
  more: Pick<DesiredInput, 'evacuatedBranches'> & { readonly observations?: Observations },
  policy: Partial<CellPolicy> = CARELESS,
): CellKnowledge => knownCell({ before: fleetOf(targets(IDS), [routed(route)], policy), ...more });
const down = (...ids: readonly string[]): Observations =>
  Object.fromEntries(ids.map((id) => [id, { health: 'unhealthy', capacity: 100 }]));
const chosen = (cell: CellKnowledge): Choice => choose(cell, { claimed: new Map(), now: NOW });
const placesOf = ({ endpoints }: Choice) =>
  endpoints[0]?.leaves.map(({ target, node = '' }) => `${target} ${node}`);
const codesOf = ({ keptBack }: Choice) => keptBack[0]?.findings.map(({ code }) => code) ?? [];

const TWO = latency({ 'eu-west-1': to('t0', 't1'), 'us-east-1': to('t2', 't3', 't4') });
const WITH_FLOOR: FleetRoute = { type: 'targets', targets: ['t0'], answer: 'weighted', floor: 1 };

describe('an evacuated branch', () => {
  it('leaves where the endpoint can spare it', () => {
    const choice = chosen(known(TWO, { evacuatedBranches: ['eu-west-1'] }));
    expect(placesOf(choice)).toEqual(['t2 us-east-1', 't3 us-east-1', 't4 us-east-1']);
    expect(choice.keptBack).toEqual([]);
    expect(choice.notes.map(({ code }) => code)).toContain('branch-left-out');
  });

  it('stays whole where policy forbids it, and does not keep a failed target', () => {
    const policy = { ...CARELESS, capacityRemovedPercent: 30 };
    const choice = chosen(known(TWO, { evacuatedBranches: ['eu-west-1'], observations: down('t4') }, policy));
    expect(placesOf(choice)).toEqual(['t0 eu-west-1', 't1 eu-west-1', 't2 us-east-1', 't3 us-east-1']);
    expect(codesOf(choice)).toEqual(['capacity-removed']);
  });

  it('stays where nothing else answers, and nobody can let it go', () => {
    const choice = chosen(known(TWO, { evacuatedBranches: ['eu-west-1', 'us-east-1'] }));
    expect(codesOf(choice)).toEqual(['no-answer']);
    expect(choice.keptBack[0]?.findings).toMatchObject([{ severity: 'fatal' }]);
    // As many leave as can be spared, in the order in which they were ordered.
    expect(placesOf(choice)).toEqual(['t2 us-east-1', 't3 us-east-1', 't4 us-east-1']);
  });

  it('waits for a person where it has a floor of its own, and does not keep a failed target', () => {
    const route = latency({ 'eu-west-1': WITH_FLOOR, 'us-east-1': to('t0', 't1', 't2') });
    const choice = chosen(known(route, { evacuatedBranches: ['eu-west-1'], observations: down('t2') }));
    expect(codesOf(choice)).toEqual(['branch-under-floor']);
    expect(placesOf(choice)).toEqual(['t0 eu-west-1', 't0 us-east-1', 't1 us-east-1']);
  });

  it('goes out of one endpoint alone where only its path is named', () => {
    const route = latency({
      'eu-west-1': failover(to('t0'), to('t1')),
      'us-east-1': failover(to('t2'), to('t1')),
    });
    const choice = chosen(known(route, { evacuatedBranches: ['primary.eu-west-1'] }));
    expect(placesOf(choice)).toEqual([
      't2 primary.us-east-1',
      't1 secondary.eu-west-1',
      't1 secondary.us-east-1',
    ]);
  });

  it('does not come back because something else cannot leave', () => {
    const first = known(TWO, { evacuatedBranches: ['eu-west-1'] });
    const after = afterPlan(first, propose(first, { choice: chosen(first), origin: 'planner' }));
    const desired = { ...after.desired, drained: ['t2', 't3', 't4'] };
    const choice = chosen({ ...after, desired });
    expect(codesOf(choice)).toEqual(['no-answer']);
    expect(placesOf(choice)).toEqual(['t4 us-east-1']);
  });

  it('is no loss by observation', () => {
    const policy = { ...CARELESS, blindPercent: 40 };
    const choice = chosen(
      known(TWO, { evacuatedBranches: ['eu-west-1'], observations: down('t0', 't1', 't4') }, policy),
    );
    expect(placesOf(choice)).toEqual(['t2 us-east-1', 't3 us-east-1']);
    expect(choice.keptBack).toEqual([]);
  });
});
