import { describe, expect, it } from 'vitest';
import { fenceRecord } from '../../lib/plan/fence.ts';
import type { Taker } from '../../lib/plan/handover.ts';
import { otherCellsRoot, takenByOthers, takenByUs, takeOf } from '../../lib/plan/handover.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { offerRecord } from '../../lib/plan/offers.ts';
import { fenceName, offerName, rollbackName, treeName } from '../../lib/plan/owned-names.ts';
import { aliasTo } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';
import { GIVER, GIVERS_FENCE, giversRoot, offeredThere, TAKERS_LEDGER } from './given-giver.ts';
import { plain } from './given-zone.ts';

const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const THIRD = cellName('apse2-c');
const there = offeredThere(API);
const without = (name: DnsName): readonly RecordSet[] => there.filter((record) => record.name !== name);
const ownRoot = (name: DnsName): RecordSet => aliasTo(name, 'A', treeName('g000001', name, SCOPE), SCOPE);

describe('a root of another cell', () => {
  const rootIn = (records: readonly RecordSet[]) => otherCellsRoot(API, zoneView(records), SCOPE)?.cell;

  it('points at a tree of that cell, whose fence stands', () => {
    expect(rootIn(there)).toBe('euw1-a');
  });

  it('is anybody’s where no fence stands: the cell is gone', () => {
    expect(rootIn(without(fenceName(GIVER)))).toBeUndefined();
  });

  it('is still another cell’s where its fence cannot be read', () => {
    const damaged = plain(fenceName(GIVER), 'TXT', '"v1"');
    expect(rootIn([...without(fenceName(GIVER)), damaged])).toBe('euw1-a');
  });

  it('is found beside others', () => {
    expect(rootIn([ownRoot(API), giversRoot(API, 'AAAA'), ...without(API)])).toBe('euw1-a');
  });

  it.each<readonly [string, RecordSet]>([
    ['points at the own cell', ownRoot(API)],
    ['is a plain record', plain(API)],
    ['is of no type that a root has', { ...giversRoot(API), type: 'MX' }],
    [
      'points into another zone',
      {
        ...giversRoot(API),
        alias: { name: giversRoot(WEB).name, zoneId: 'Z9', evaluateTargetHealth: false },
      },
    ],
    ['points at a name that is no cell’s', aliasTo(API, 'A', dnsName('www.example.test'), SCOPE)],
  ])('is none that %s', (_, root) => {
    expect(rootIn([...without(API), root])).toBeUndefined();
  });
});

describe('an endpoint that is taken from another cell', () => {
  const taker: Taker = { scope: SCOPE, ledger: TAKERS_LEDGER, awaited: new Map([[API, GIVER.cell]]) };
  const take = (records: readonly RecordSet[], more: Partial<Taker> = {}) =>
    takeOf(API, GIVER, { ...taker, ...more }, zoneView(records));

  it('takes the offer and the giver’s rollback root with it, under the giver’s fence', () => {
    const [fence, , rollback, offer] = there;
    expect(take(there)).toEqual({
      giver: GIVER,
      fence: { type: 'fence', fence: GIVERS_FENCE, records: [fence] },
      deletes: [offer, rollback],
    });
  });

  it('takes whatever stands at those two names', () => {
    const stray = plain(offerName(API, GIVER), 'A');
    const ipv6 = { ...giversRoot(API, 'AAAA'), name: rollbackName(API, GIVER) };
    expect(take([...there, stray, ipv6])).toMatchObject({
      deletes: expect.arrayContaining([stray, ipv6]),
    });
    expect(take(without(rollbackName(API, GIVER)))).toMatchObject({ deletes: [there[3]] });
  });

  it('is awaited from that cell, by the log', () => {
    expect(take(there, { awaited: new Map() })).toBe('not awaited');
    expect(take(there, { awaited: new Map([[API, THIRD]]) })).toBe('not awaited');
    expect(take(there, { awaited: new Map([[WEB, GIVER.cell]]) })).toBe('not awaited');
  });

  it('is offered to this cell of this ledger, by the zone', () => {
    const offered = (to: typeof THIRD, ledger: string) =>
      take([...without(offerName(API, GIVER)), offerRecord({ name: API, to, ledger }, GIVER)]);
    expect(take(without(offerName(API, GIVER)))).toBe('not offered');
    expect(offered(THIRD, TAKERS_LEDGER)).toBe('not offered');
    expect(offered(SCOPE.cell, '00000000')).toBe('not offered');
    expect(offered(SCOPE.cell, TAKERS_LEDGER)).toMatchObject({ giver: GIVER });
  });

  it('waits for a giver that is frozen, rescued, or whose fence cannot be read', () => {
    const under = (...fences: readonly RecordSet[]) => take([...without(fenceName(GIVER)), ...fences]);
    expect(under(fenceRecord({ ...GIVERS_FENCE, frozen: true }, GIVER))).toBe('frozen');
    expect(under(fenceRecord({ ...GIVERS_FENCE, frozen: true, by: 'rescue-ana' }, GIVER))).toBe('frozen');
    expect(under()).toBe('without a fence');
    expect(under(plain(fenceName(GIVER), 'TXT', '"v1"'))).toBe('without a fence');
    expect(under(fenceRecord(GIVERS_FENCE, GIVER), plain(fenceName(GIVER), 'A'))).toBe('without a fence');
  });

  it('waits while anything but the giver’s roots stands there', () => {
    expect(take([...there, plain(API, 'AAAA', '2001:db8::9')])).toBe('something else stands there');
    expect(take([...there, { ...ownRoot(API), type: 'AAAA' }])).toBe('something else stands there');
    // Mail at the name is nobody's business.
    expect(take([...there, plain(API, 'MX', '1 m.example.com')])).toMatchObject({ giver: GIVER });
  });
});

describe('what has gone over by the zone', () => {
  const offers = [
    { name: API, to: SCOPE.cell },
    { name: WEB, to: THIRD },
  ];

  it('is what is offered to a cell, and points at its trees', () => {
    const view = zoneView([ownRoot(API), giversRoot(WEB)]);
    expect([...takenByOthers(offers, view, GIVER)]).toEqual([[API, SCOPE.cell]]);
    expect([...takenByOthers([], view, GIVER)]).toEqual([]);
  });

  it('is nothing that another cell points at its trees, or that is no root', () => {
    const view = zoneView([ownRoot(WEB), { ...ownRoot(API), type: 'MX' }, plain(API)]);
    expect([...takenByOthers(offers, view, GIVER)]).toEqual([]);
  });

  it('is here once an awaited endpoint points at an own tree', () => {
    const awaited = new Map([
      [API, GIVER.cell],
      [WEB, GIVER.cell],
    ]);
    expect([...takenByUs(awaited, zoneView([ownRoot(API), giversRoot(WEB)]), SCOPE)]).toEqual([
      [API, GIVER.cell],
    ]);
    expect([...takenByUs(new Map(), zoneView([ownRoot(API)]), SCOPE)]).toEqual([]);
  });
});
