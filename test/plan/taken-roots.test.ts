import { describe, expect, it } from 'vitest';
import { firstShare } from '../../lib/enactor/root-work.ts';
import { fenceRecord } from '../../lib/plan/fence.ts';
import type { NotTaken } from '../../lib/plan/handover.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { fenceName, offerName, rollbackName } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { recordKey } from '../../lib/plan/records.ts';
import type { NameChanges, RootsInput } from '../../lib/plan/roots.ts';
import { conflictSentence, planRoots } from '../../lib/plan/roots.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';
import { desiredOf, endpoint, fleetOf, planOf, target } from './given-fleet.ts';
import { GIVER, GIVERS_FENCE, giversRoot, offeredThere, TAKERS_LEDGER } from './given-giver.ts';
import { plain } from './given-zone.ts';

const API = dnsName('api.example.test');
const GOAL = planOf(desiredOf(fleetOf([target('a')], [endpoint(API, ['a'])])));
const TREES = GOAL.endpoints.flatMap((each) => treeRecords(each, SCOPE));
const there = [...offeredThere(API), ...TREES];
const AWAITED: RootsInput['taker'] = { ledger: TAKERS_LEDGER, awaited: new Map([[API, GIVER.cell]]) };

function roots(records: readonly RecordSet[], more: Partial<RootsInput> = {}) {
  return planRoots({
    ...{ scope: SCOPE, goal: GOAL, view: zoneView(records), complete: true },
    ...{ owned: new Set(), adopted: new Set(), taker: AWAITED },
    ...more,
  });
}

const conflictOf = (records: readonly RecordSet[], more: Partial<RootsInput> = {}) => {
  const { groups, conflicts } = roots(records, more);
  expect(groups).toEqual([]);
  return conflicts;
};

describe('a root that another cell has at an endpoint', () => {
  it('is taken once it is offered and awaited', () => {
    const { groups, conflicts, rollbacks } = roots(there);
    expect(conflicts).toEqual([]);
    expect(rollbacks).toEqual({ api: 'g000001' });
    const [group] = groups;
    expect(group?.take).toMatchObject({ giver: GIVER, fence: { fence: GIVERS_FENCE } });
    expect(group?.deletes.map(recordKey)).toEqual([
      recordKey(giversRoot(API)),
      `${offerName(API, GIVER)} TXT `,
      `${rollbackName(API, GIVER)} A `,
    ]);
    // The rollback root has a tree of this cell to go back to: the giver's trees are the giver's to retire.
    const own = 'g000001.api.use1-a._pawl.example.test';
    expect(group?.creates.map(({ name, alias }) => [name, alias?.name])).toEqual([
      [API, own],
      [rollbackName(API, SCOPE), own],
    ]);
  });

  it.each<readonly [NotTaken, readonly RecordSet[], Partial<RootsInput>, string]>([
    [
      'not awaited',
      there,
      { taker: { ledger: TAKERS_LEDGER, awaited: new Map() } },
      'push a fleet file in which it has moved, or take it out of the fleet of euw1-a; where nobody runs euw1-a any more, delete its fence.',
    ],
    [
      'not offered',
      there.filter(({ name }) => name !== offerName(API, GIVER)),
      {},
      'it is taken over once euw1-a offers it.',
    ],
    [
      'frozen',
      [
        ...there.filter(({ name }) => name !== fenceName(GIVER)),
        fenceRecord({ ...GIVERS_FENCE, frozen: true }, GIVER),
      ],
      {},
      'euw1-a is frozen, and hands nothing over until it is thawed.',
    ],
    [
      'without a fence',
      [...there.filter(({ name }) => name !== fenceName(GIVER)), plain(fenceName(GIVER), 'TXT', '"v1"')],
      {},
      'the fence of euw1-a cannot be read, and euw1-a hands nothing over without one.',
    ],
  ])('is left alone while it is %s', (why, records, more, sentence) => {
    const conflicts = conflictOf(records, more);
    expect(conflicts).toEqual([
      { name: API, types: ['A'], kind: 'another-cell', other: { cell: 'euw1-a', why } },
    ]);
    expect(conflictSentence(conflicts)).toBe(
      `api.example.test is of cell euw1-a, whose A records answer there: ${sentence}`,
    );
  });

  it('is left alone while something else stands beside it', () => {
    const conflicts = conflictOf([...there, plain(API, 'AAAA', '2001:db8::9')]);
    expect(conflicts).toMatchObject([{ other: { why: 'something else stands there' } }]);
    expect(conflictSentence(conflicts)).toBe(
      'api.example.test is of cell euw1-a, whose A and AAAA records answer there: something stands beside the root of euw1-a, which repairs it first.',
    );
  });

  it('is no drift of a cell that only compares, and that does not take', () => {
    expect(conflictOf(there, { taker: undefined })).toMatchObject([
      { kind: 'another-cell', other: { why: 'not awaited' } },
    ]);
  });

  it('is left alone by a cell whose log says that it owns the name, until it is offered back', () => {
    const owned = new Set([API]);
    const kept = there.filter(({ name }) => name !== offerName(API, GIVER));
    const nothing = { ledger: TAKERS_LEDGER, awaited: new Map() };
    expect(conflictOf(kept, { owned, taker: nothing })).toMatchObject([
      { kind: 'another-cell', other: { why: 'not offered' } },
    ]);
    expect(roots(there, { owned, taker: nothing }).groups).toMatchObject([{ take: { giver: GIVER } }]);
    expect(conflictOf(there, { owned, taker: undefined })).toMatchObject([{ kind: 'another-cell' }]);
  });

  it('is not deleted by a plan that the endpoint has left; its own rollback root is', () => {
    const rollback = { ...giversRoot(API), name: rollbackName(API, SCOPE) };
    const { groups } = roots([...there, rollback], {
      owned: new Set([API]),
      goal: { ...GOAL, endpoints: [] },
    });
    expect(groups).toMatchObject([{ deletes: [{ name: rollback.name }], creates: [] }]);
  });

  it('is not adopted away from a cell that stands', () => {
    expect(
      conflictOf(there, {
        adopted: new Set([API]),
        taker: { ledger: TAKERS_LEDGER, awaited: new Map() },
      }),
    ).toMatchObject([{ kind: 'another-cell' }]);
  });

  it('of a cell that is gone is a record like any other', () => {
    const gone = there.filter(({ name }) => name !== fenceName(GIVER));
    const conflicts = conflictOf(gone);
    expect(conflicts).toMatchObject([{ kind: 'adoptable' }]);
    const { groups } = roots(gone, { adopted: new Set([API]) });
    expect(groups[0]).not.toHaveProperty('take');
  });
});

describe('the first share of what is to be flipped', () => {
  const [taken] = roots(there).groups;
  if (taken?.take === undefined) throw new Error('nothing is taken');
  const { take } = taken;
  const own: NameChanges = { name: dnsName('web.example.test'), deletes: [], creates: [] };
  const ofThird: NameChanges = {
    ...taken,
    name: dnsName('docs.example.test'),
    take: { ...take, giver: { ...GIVER, cell: cellName('apse2-c') } },
  };
  const more: NameChanges = { ...taken, name: dnsName('shop.example.test') };

  it('is all of it where nothing is taken', () => {
    expect(firstShare([own])).toEqual({ groups: [own], isLast: true });
    expect(firstShare([])).toEqual({ groups: [], isLast: true });
  });

  it('is what the cell owns, before anything is taken', () => {
    expect(firstShare([taken, own, ofThird])).toEqual({ groups: [own], isLast: false });
  });

  it('is what one other cell gives, one cell after another', () => {
    expect(firstShare([taken, ofThird, more])).toEqual({ groups: [taken, more], take, isLast: false });
    expect(firstShare([taken, more])).toEqual({ groups: [taken, more], take, isLast: true });
    expect(firstShare([ofThird])).toMatchObject({ groups: [ofThird], isLast: true });
  });
});
