import { describe, expect, it } from 'vitest';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { rollbackName, treeName } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { leavingRoots } from '../../lib/simulator/checkers/leaving-roots.ts';
import { changeBetween, refinedZone } from '../../lib/simulator/checkers/refined-zone.ts';

const SCOPE = { cell: cellName('use1-a'), zone: dnsName('example.test'), zoneId: 'Z1' };
const API = dnsName('api.example.test');
const TREE = treeName('g000001', API, SCOPE);
const ROLLBACK = rollbackName(API, SCOPE);

function alias(name: RecordSet['name'], to: RecordSet['name']): RecordSet {
  return { name, type: 'A', alias: { zoneId: SCOPE.zoneId, name: to, evaluateTargetHealth: false } };
}

function answer(name: RecordSet['name'], id: string, value: string): RecordSet {
  return { name, type: 'A', ttl: 60, setIdentifier: id, weight: 1, values: [value] };
}

const TREES = [answer(TREE, 'api-1', '192.0.2.1'), answer(TREE, 'api-2', '192.0.2.2')];
const ROOTS = [alias(API, TREE), alias(ROLLBACK, TREE)];
const PLAIN = [answer(API, 'api-1', '192.0.2.1'), answer(API, 'api-2', '192.0.2.2')];

function wrongWith(left: readonly RecordSet[]): readonly string[] {
  const before = refinedZone([...TREES, ...ROOTS], SCOPE);
  const after = refinedZone([...TREES, ...left], SCOPE);
  return leavingRoots({ scope: SCOPE, before, after, change: changeBetween(before, after, SCOPE) });
}

describe('roots that are given back', () => {
  it('answer by records of their own what they have answered', () => {
    expect(wrongWith(PLAIN)).toEqual([]);
  });

  it('are found where one of their answers is lost', () => {
    expect(wrongWith(PLAIN.slice(1))).toEqual([
      'api.example.test A answered 192.0.2.1,192.0.2.2, and answers 192.0.2.2',
    ]);
  });

  it('are found where they go', () => {
    expect(wrongWith([])).toEqual(['api.example.test A answered 192.0.2.1,192.0.2.2, and answers ']);
  });

  it('are found where they lead into the cell still', () => {
    expect(wrongWith([alias(API, ROLLBACK)])).toEqual(['api.example.test A leads into the cell still']);
  });

  it('are found where a rollback root stays', () => {
    expect(wrongWith([...PLAIN, alias(ROLLBACK, API)])).toEqual([
      'rollback.api.use1-a._pawl.example.test A is a rollback root, and stays',
    ]);
  });
});
