import { describe, expect, it } from 'vitest';
import type { RetirementInput } from '../../lib/janitor/select-retirable.ts';
import { selectRetirable } from '../../lib/janitor/select-retirable.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from '../plan/arbitrary-names.ts';
import { apiFleet, desiredOf, planOf } from '../plan/given-fleet.ts';
import { aliased, inPlace, plain } from '../plan/given-zone.ts';

const APPLIED = planOf(desiredOf(apiFleet(2)), 5);
const IN_PLACE = inPlace(APPLIED);
const STATE = { ...initialState(SCOPE.cell, '5be1c07a'), highest: 7 };
const ROLLBACK = 'rollback.api.use1-a._pawl.example.test';

/** A tree of one leaf. */
function tree(name: string): RecordSet {
  return { ...plain(`${name}.use1-a._pawl.example.test`), setIdentifier: 't1', weight: 1 };
}

/** What may go in a zone of the applied plan and these records besides. */
function retirable(records: readonly RecordSet[], more: Partial<RetirementInput> = {}, base = IN_PLACE) {
  const view = zoneView([...base, ...records]);
  const input = { scope: SCOPE, state: STATE, applied: APPLIED, wanted: [], view, ...more };
  return selectRetirable(input);
}

const names = (records: readonly RecordSet[], more: Partial<RetirementInput> = {}, base = IN_PLACE) =>
  retirable(records, more, base).map(({ name }) => name.replace('.use1-a._pawl.example.test', ''));

describe('a tree may go', () => {
  it('when nothing needs it, with all that stands at its name and the roots that prove it', () => {
    const old = [tree('g000004.api'), plain('g000004.api.use1-a._pawl.example.test', 'TXT', '"x"')];
    const roots = IN_PLACE.filter(({ name }) => name === 'api.example.test' || name === ROLLBACK);
    expect(retirable(old)).toEqual([
      {
        name: 'g000004.api.use1-a._pawl.example.test',
        tree: 'g000004.api',
        records: old,
        proof: roots,
      },
    ]);
  });

  it('when it is half staged, of a rescue long past, or of an endpoint that is gone', () => {
    const orphans = [tree('g000006.api'), tree('r000012.api'), tree('g000001.gone')];
    expect(names(orphans)).toEqual(['g000001.gone', 'g000006.api', 'r000012.api']);
    expect(retirable([tree('g000001.gone')])[0]?.proof).toEqual([]);
  });

  it('as may whatever else stands in the subtree and is nothing of Pawl', () => {
    expect(retirable([tree('something.else')])).toMatchObject([
      { records: [tree('something.else')], proof: [] },
    ]);
    expect(retirable([tree('something.else')])[0]).not.toHaveProperty('tree');
  });
});

describe('a tree stays', () => {
  it('while the applied plan has it', () => {
    expect(names([])).toEqual([]);
  });

  it('while a wanted plan has it: the goal, a staged or a retained one', () => {
    const wanted = planOf(desiredOf(apiFleet(3)), 4);
    const records = wanted.endpoints.flatMap((each) => treeRecords(each, SCOPE));
    expect(names(records)).toEqual(['g000004.api']);
    expect(names(records, { wanted: [wanted] })).toEqual([]);
  });

  it('while any alias of the zone points at it, a foreign or a weighted one included', () => {
    const to = 'g000004.api.use1-a._pawl.example.test';
    const foreign = { ...aliased('www.example.test', to), setIdentifier: 'x', weight: 0 };
    expect(names([tree('g000004.api'), foreign])).toEqual([]);
    expect(
      names([tree('g000004.api'), aliased('www.example.test', 'g000003.api.use1-a._pawl.example.test')]),
    ).toEqual(['g000004.api']);
  });

  it('while it is newer than the head that was read', () => {
    expect(names([tree('g000007.api'), tree('g000008.api')])).toEqual(['g000007.api']);
  });

  const ill: readonly (readonly [string, (record: RecordSet) => readonly RecordSet[]])[] = [
    ['its root is missing', (record) => (record.name === 'api.example.test' ? [] : [record])],
    ['its rollback root is missing', (record) => (record.name === ROLLBACK ? [] : [record])],
    [
      'its root is a plain record',
      (record) => (record.name === 'api.example.test' ? [plain('api.example.test')] : [record]),
    ],
    [
      'its root dangles',
      (record) =>
        record.name === 'api.example.test'
          ? [aliased('api.example.test', 'g000003.api.use1-a._pawl.example.test')]
          : [record],
    ],
    [
      'its rollback root points out of the cell',
      (record) =>
        record.name === ROLLBACK
          ? [aliased(ROLLBACK, 'www.example.test'), plain('www.example.test')]
          : [record],
    ],
  ];
  it.each(ill)('while %s, because repair comes first', (_, altered) => {
    expect(names([tree('g000004.api')])).toEqual(['g000004.api']);
    expect(names([tree('g000004.api')], {}, IN_PLACE.flatMap(altered))).toEqual([]);
  });
});

describe('what is no tree', () => {
  it('is never taken: the fence, a rollback root, an endpoint, another cell, a foreign record', () => {
    const others = [
      plain(fenceName(SCOPE), 'TXT', '"x"'),
      plain('rollback.gone.use1-a._pawl.example.test'),
      plain('www.example.test'),
      plain('g000001.api.use1-b._pawl.example.test'),
      plain('_pawl.example.test', 'TXT', '"x"'),
    ];
    expect(names(others)).toEqual([]);
  });
});
