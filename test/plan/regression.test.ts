import { describe, expect, it } from 'vitest';
import { generation } from '../../lib/plan/generation.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { TreeLabel } from '../../lib/plan/owned-names.ts';
import { treeName } from '../../lib/plan/owned-names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { aliasTo, rollbackRecord } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { regressedRoots, rootFloor } from '../../lib/plan/regression.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';

const api = dnsName('api.example.test');
const web = dnsName('web.example.test');
const tree = (label: TreeLabel, of: DnsName = api) => treeName(label, of, SCOPE);
const root = (label: TreeLabel, of: DnsName = api, type = 'A') => aliasTo(of, type, tree(label, of), SCOPE);

function applied(label: TreeLabel, ...names: readonly DnsName[]): Plan {
  return {
    ...SCOPE,
    format: 1,
    generation: generation(145),
    parent: 144,
    endpoints: names.map((name) => ({
      name,
      kind: 'addresses',
      tree: tree(label, name),
      ttl: 60,
      leaves: [],
    })),
  };
}

const regressed = (plan: Plan, ...records: readonly RecordSet[]) =>
  regressedRoots(plan, zoneView(records), SCOPE);

describe('a root has gone back', () => {
  it('when it points at an older tree than the one that was applied', () => {
    expect(regressed(applied('g000145', api), root('g000110'))).toEqual([
      { name: api, found: tree('g000110'), expected: tree('g000145') },
    ]);
    expect(regressed(applied('g000145', api), root('g000144'))).toHaveLength(1);
  });

  it('not when it is where it should be, or ahead of it', () => {
    expect(regressed(applied('g000145', api), root('g000145'))).toEqual([]);
    expect(regressed(applied('g000145', api), root('g000146'))).toEqual([]);
  });

  it('not when it says no generation: it is missing, foreign, or a rescue made one of the two', () => {
    expect(regressed(applied('g000145', api))).toEqual([]);
    expect(regressed(applied('g000145', api), root('r000001'))).toEqual([]);
    expect(regressed(applied('r000312', api), root('g000110'))).toEqual([]);
    const foreign: RecordSet = { name: api, type: 'A', ttl: 60, values: ['192.0.2.1'] };
    expect(regressed(applied('g000145', api), foreign)).toEqual([]);
    const elsewhere = aliasTo(api, 'A', dnsName('g000110.example.test'), SCOPE);
    expect(regressed(applied('g000145', api), elsewhere)).toEqual([]);
    const nowhere: Plan = {
      ...applied('g000145', api),
      endpoints: applied('g000145', api).endpoints.map((endpoint) => ({ ...endpoint, tree: web })),
    };
    expect(regressed(nowhere, root('g000110'))).toEqual([]);
  });

  it('and is reported once for each endpoint', () => {
    const found = regressed(
      applied('g000145', api, web),
      root('g000145', api, 'A'),
      root('g000120', api, 'AAAA'),
      root('g000110', web, 'A'),
      root('g000111', web, 'AAAA'),
    );
    expect(found).toEqual([
      { name: api, found: tree('g000120'), expected: tree('g000145') },
      { name: web, found: tree('g000110', web), expected: tree('g000145', web) },
    ]);
  });
});

describe('the floor', () => {
  it('is the highest generation that any root points at', () => {
    const records = [root('g000120'), root('g000145', web), root('g000130', api, 'AAAA')];
    expect(rootFloor(zoneView(records), SCOPE)).toBe(145);
    expect(rootFloor(zoneView([...records].reverse()), SCOPE)).toBe(145);
    expect(rootFloor(zoneView([rollbackRecord(api, 'A', tree('g000150'), SCOPE)]), SCOPE)).toBe(150);
  });

  it('is 0 when none does', () => {
    expect(rootFloor(zoneView([]), SCOPE)).toBe(0);
    expect(rootFloor(zoneView([root('r000312')]), SCOPE)).toBe(0);
    const records: readonly RecordSet[] = [
      { name: tree('g000145'), type: 'A', ttl: 60, values: ['192.0.2.1'] },
      { name: api, type: 'A', alias: { zoneId: 'Z2', name: tree('g000145'), evaluateTargetHealth: false } },
    ];
    expect(rootFloor(zoneView(records), SCOPE)).toBe(0);
  });
});
