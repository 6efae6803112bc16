import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Route53Error } from '../../lib/emulator/route53-error.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, recordKey, remove, sameRecord, sameRecords } from '../../lib/plan/records.ts';
import { account } from '../emulator/account.ts';
import { ALIAS_TARGETS, records } from './arbitrary-records.ts';

const RECORD: RecordSet = {
  name: dnsName('g000001.api.example.test'),
  type: 'A',
  setIdentifier: 'api-1',
  weight: 10,
  ttl: 60,
  values: ['192.0.2.1', '192.0.2.2'],
  healthCheckId: 'a1',
};

/** Whether a zone that holds `there` accepts a DELETE of `given`. */
function isDeleted(there: RecordSet, given: RecordSet): boolean {
  const { core, zoneId } = account();
  for (const target of ALIAS_TARGETS) core.setAliasTarget(target, true);
  core.changeResourceRecordSets(zoneId, { changes: [create(there)] });
  try {
    core.changeResourceRecordSets(zoneId, { changes: [remove(given)] });
    return true;
  } catch (error) {
    if (!(error instanceof Route53Error)) throw error;
    expect(error.code).toBe('InvalidChangeBatch');
    return false;
  }
}

describe('two records', () => {
  it('are the same exactly when a DELETE of one takes the other away', () => {
    fc.assert(
      fc.property(records, records, (there, given) => {
        expect(isDeleted(there, given)).toBe(sameRecord(there, given));
      }),
      { numRuns: 500 },
    );
  });

  it('are the same as themselves, read in any order of values, and the other way round', () => {
    fc.assert(
      fc.property(records, records, (a, b) => {
        const shuffled = a.values === undefined ? a : { ...a, values: [...a.values].reverse() };
        expect(sameRecord(a, shuffled)).toBe(true);
        expect(isDeleted(a, shuffled)).toBe(true);
        expect(sameRecord(a, b)).toBe(sameRecord(b, a));
      }),
    );
  });

  it.each([
    ['name', { name: dnsName('g000002.api.example.test') }],
    ['type', { type: 'AAAA' }],
    ['set identifier', { setIdentifier: 'api-2' }],
    ['weight', { weight: 11 }],
    ['TTL', { ttl: 61 }],
    ['values', { values: ['192.0.2.1', '192.0.2.3'] }],
    ['number of values', { values: ['192.0.2.1'] }],
    ['health check', { healthCheckId: 'b2' }],
    ['routing', { routing: { Region: 'eu-west-1' } }],
  ])('are not the same when their %s differs', (_, other) => {
    expect(sameRecord(RECORD, { ...RECORD, ...other })).toBe(false);
  });

  it('are the same when their routing says the same in another order', () => {
    const us = { ...RECORD, routing: { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } } };
    const again = { ...RECORD, routing: { GeoLocation: { SubdivisionCode: 'CA', CountryCode: 'US' } } };
    expect(sameRecord(us, again)).toBe(true);
  });

  it('do not share a key unless name, type and set identifier are the same', () => {
    fc.assert(
      fc.property(records, records, (a, b) => {
        const same = a.name === b.name && a.type === b.type && a.setIdentifier === b.setIdentifier;
        expect(recordKey(a) === recordKey(b)).toBe(same);
      }),
    );
  });
});

describe('two lists of records', () => {
  it('are the same in any order, and not when one has more', () => {
    const other = { ...RECORD, setIdentifier: 'api-2' };
    expect(sameRecords([RECORD, other], [other, RECORD])).toBe(true);
    expect(sameRecords([RECORD], [RECORD, other])).toBe(false);
    expect(sameRecords([RECORD, other], [RECORD, { ...other, weight: 1 }])).toBe(false);
    expect(sameRecords([], [])).toBe(true);
  });
});
