import { describe, expect, it } from 'vitest';
import { selectRetirable } from '../../lib/janitor/select-retirable.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import type { FleetTarget } from '../../lib/plan/fleet-model.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { recordKey } from '../../lib/plan/records.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from '../plan/arbitrary-names.ts';
import { desiredOf, fleetOf, planOf, target } from '../plan/given-fleet.ts';
import { failover, latency, routed, targets, to } from '../plan/given-routes.ts';
import { aliased, inPlace } from '../plan/given-zone.ts';

const ROUTE = latency({ 'eu-west-1': failover(to('t0'), to('t1')), 'us-east-1': to('t2') });
const STATE = { ...initialState(SCOPE.cell, '5be1c07a'), highest: 9 };

/** The next plan, in which this target has another address. */
function planAfter(base: Plan | undefined, number: number, changed?: string): Plan {
  const members = targets(['t0', 't1', 't2']).map(
    (each): FleetTarget => (each.id === changed ? target(each.id, { ipv4: [`203.0.113.${number}`] }) : each),
  );
  return planOf(desiredOf(fleetOf(members, [routed(ROUTE)]), base === undefined ? {} : { base }), number);
}

/** The zone of the last plan, with the trees of the others. */
function standing(applied: Plan, ...others: readonly Plan[]): readonly RecordSet[] {
  const trees = others.flatMap(({ endpoints }) => endpoints.flatMap((each) => treeRecords(each, SCOPE)));
  return [...new Map([...inPlace(applied), ...trees].map((record) => [recordKey(record), record])).values()];
}

function retirable(records: readonly RecordSet[], applied: Plan, ...wanted: readonly Plan[]) {
  return selectRetirable({ scope: SCOPE, state: STATE, applied, wanted, view: zoneView(records) });
}

const short = (name: string): string => name.replace('.use1-a._pawl.example.test', '');
const going = (records: readonly RecordSet[], applied: Plan, ...wanted: readonly Plan[]) =>
  retirable(records, applied, ...wanted).map(({ name, records: all }) => [
    short(name),
    [...new Set(all.map((record) => short(record.name)))],
  ]);

describe('a tree with nodes', () => {
  const first = planAfter(undefined, 1);
  const second = planAfter(first, 2, 't2');

  it('goes with what it alone points at, and not with what a later tree shares', () => {
    expect(going(standing(second, first), second)).toEqual([
      ['g000001.api', ['g000001.api', 'us-east-1.g000001.api']],
    ]);
  });

  it('goes with all of its own once nothing shares any of it', () => {
    const third = planAfter(undefined, 3, 't1');
    expect(going(standing(third, first), third)).toEqual([
      [
        'g000001.api',
        [
          'g000001.api',
          'eu-west-1.g000001.api',
          'us-east-1.g000001.api',
          'primary.eu-west-1.g000001.api',
          'secondary.eu-west-1.g000001.api',
        ],
      ],
    ]);
  });

  it('leaves what a wanted plan has, although no tree stands yet that points at it', () => {
    const third = planAfter(undefined, 3, 't1');
    expect(going(standing(third, first), third, second)).toEqual([
      ['g000001.api', ['g000001.api', 'us-east-1.g000001.api']],
    ]);
  });

  it('leaves what another tree shares that goes as well: it goes once neither stands', () => {
    const third = planAfter(undefined, 3, 't1');
    const records = standing(third, first, second);
    expect(going(records, third)).toEqual([
      ['g000001.api', ['g000001.api', 'us-east-1.g000001.api']],
      ['g000002.api', ['g000002.api', 'us-east-1.g000002.api']],
    ]);
    const gone = new Set(retirable(records, third).flatMap((each) => each.records));
    expect(
      going(
        records.filter((record) => !gone.has(record)),
        third,
      ),
    ).toEqual([
      [
        'eu-west-1.g000001.api',
        ['eu-west-1.g000001.api', 'primary.eu-west-1.g000001.api', 'secondary.eu-west-1.g000001.api'],
      ],
    ]);
  });

  it('leaves a node that an alias of somebody else points at', () => {
    const third = planAfter(undefined, 3, 't1');
    const foreign = aliased('www.example.test', 'us-east-1.g000001.api.use1-a._pawl.example.test');
    expect(going([...standing(third, first), foreign], third)[0]?.[1]).not.toContain('us-east-1.g000001.api');
  });

  it('is proven by every alias between the roots and what they answer with', () => {
    const proof = retirable(standing(second, first), second)[0]?.proof ?? [];
    expect(proof.map(({ name, setIdentifier }) => `${short(name)} ${setIdentifier ?? ''}`.trim())).toEqual([
      'api.example.test',
      'rollback.api',
      'g000002.api eu-west-1',
      'g000002.api us-east-1',
      'eu-west-1.g000001.api primary',
      'eu-west-1.g000001.api secondary',
    ]);
  });

  it('is named in the log, and a node that goes alone is not: no plan can ask for it again', () => {
    const third = planAfter(undefined, 3, 't1');
    expect(retirable(standing(third, first), third).map(({ tree }) => tree)).toEqual(['g000001.api']);
    const orphan = standing(third, first).filter(({ name }) => !name.startsWith('g000001.'));
    expect(retirable(orphan, third).map(({ tree }) => tree)).toEqual([undefined, undefined]);
  });
});
