import { describe, expect, it } from 'vitest';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { Offer } from '../../lib/plan/offers.ts';
import { isOffer, offerRecord, planOffers, recordsOfOffers } from '../../lib/plan/offers.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { recordKey } from '../../lib/plan/records.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';
import { plain } from './given-zone.ts';

const API: Offer = { name: dnsName('api.example.test'), to: cellName('euw1-a'), ledger: '0123abcd' };
const WEB: Offer = { ...API, name: dnsName('web.example.test') };
const APEX: Offer = { ...API, name: SCOPE.zone };
const there = offerRecord(API, SCOPE);

describe('an offer in the zone', () => {
  it('is one TXT record below the subtree of the cell that makes it', () => {
    expect(there).toEqual({
      name: '_offer.api.use1-a._pawl.example.test',
      type: 'TXT',
      ttl: 5,
      values: ['"v1 to=euw1-a ledger=0123abcd"'],
    });
  });

  it.each<readonly [string, Partial<RecordSet>]>([
    ['to another cell', { values: ['"v1 to=euw1-b ledger=0123abcd"'] }],
    ['to a cell of that name of another ledger', { values: ['"v1 to=euw1-a ledger=0123abce"'] }],
    ['of a later release', { values: ['"v2 to=euw1-a ledger=0123abcd"'] }],
    ['with more beside it', { values: [...(there.values ?? []), '"v1 to=euw1-b ledger=0123abcd"'] }],
    ['without a value', { values: [] }],
    ['of another endpoint', { name: offerRecord(WEB, SCOPE).name }],
    ['of another type', { type: 'SPF' }],
    ['of several records', { setIdentifier: 'one', weight: 1 }],
  ])('is not one %s', (_, change) => {
    expect(isOffer(there, API, SCOPE)).toBe(true);
    expect(isOffer({ ...there, ...change }, API, SCOPE)).toBe(false);
  });

  it('may have any TTL', () => {
    expect(isOffer({ ...there, ttl: 300 }, API, SCOPE)).toBe(true);
  });

  it('is found by its name, with whatever else stands there', () => {
    const stray = plain(there.name, 'A');
    const others = [plain('api.example.test'), plain('fence.use1-a._pawl.example.test', 'TXT', '"x"')];
    const elsewhere = offerRecord(WEB, { ...SCOPE, cell: cellName('euw1-b') });
    const view = zoneView([there, stray, ...others, elsewhere, offerRecord(APEX, SCOPE)]);
    const found = recordsOfOffers(view, SCOPE);
    expect([...found.keys()].sort()).toEqual([API.name, SCOPE.zone]);
    expect(found.get(API.name)).toEqual(expect.arrayContaining([there, stray]));
  });
});

describe('the offers that the log wants', () => {
  const planned = (wanted: readonly Offer[], records: readonly RecordSet[]) => {
    const { deletes, creates } = planOffers(wanted, zoneView(records), SCOPE);
    return { deletes: deletes.map(recordKey), creates: creates.map(recordKey) };
  };
  const key = recordKey(there);

  it('are made where they do not stand', () => {
    expect(planned([API, WEB], [there])).toEqual({
      deletes: [],
      creates: [recordKey(offerRecord(WEB, SCOPE))],
    });
  });

  it('need nothing where they stand, and no others', () => {
    expect(planned([API], [there])).toEqual({ deletes: [], creates: [] });
    expect(planned([], [])).toEqual({ deletes: [], creates: [] });
  });

  it('are all that stands at such a name', () => {
    expect(planned([], [there])).toEqual({ deletes: [key], creates: [] });
    const other = offerRecord({ ...API, to: cellName('euw1-b') }, SCOPE);
    expect(planned([API], [other])).toEqual({ deletes: [key], creates: [key] });
    expect(planned([API], [there, plain(there.name, 'A')])).toEqual({
      deletes: [recordKey(plain(there.name, 'A'))],
      creates: [],
    });
  });

  it('are of this cell alone', () => {
    expect(planned([], [offerRecord(API, { ...SCOPE, cell: cellName('euw1-b') })])).toEqual({
      deletes: [],
      creates: [],
    });
  });
});
