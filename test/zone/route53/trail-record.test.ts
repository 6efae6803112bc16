import { describe, expect, it } from 'vitest';
import { InvalidValue } from '../../../lib/plan/invariant.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { fromTrailRecord } from '../../../lib/zone/route53/trail-record.ts';

const NAME = dnsName('api.example.test');
const A = { name: 'api.example.test.', type: 'A' };

describe('a record set of a trail', () => {
  it('has its values and its time to live', () => {
    const resourceRecords = [{ value: '192.0.2.1' }, { value: '192.0.2.2' }];
    expect(fromTrailRecord({ ...A, tTL: 60, resourceRecords })).toEqual({
      ...{ name: NAME, type: 'A', ttl: 60, values: ['192.0.2.1', '192.0.2.2'] },
    });
  });

  it('may be an alias, with an empty list of values or null beside it', () => {
    const aliasTarget = {
      hostedZoneId: 'Z1',
      dNSName: 'G000001.api.use1-a._pawl.example.test.',
      evaluateTargetHealth: false,
    };
    const alias = {
      zoneId: 'Z1',
      name: dnsName('g000001.api.use1-a._pawl.example.test'),
      evaluateTargetHealth: false,
    };
    for (const beside of [{}, { resourceRecords: [] }, { resourceRecords: null, tTL: null }])
      expect(fromTrailRecord({ ...A, ...beside, aliasTarget })).toEqual({ name: NAME, type: 'A', alias });
  });

  it('has its weight, 0 too, and its health check', () => {
    const weighted = { setIdentifier: 'api-1', weight: 0, healthCheckId: 'abc' };
    const resourceRecords = [{ value: '192.0.2.1' }];
    expect(fromTrailRecord({ ...A, tTL: 5, resourceRecords, ...weighted })).toMatchObject(weighted);
  });

  it('keeps routing that is not Pawl’s as the API has it', () => {
    const geo = {
      setIdentifier: 'west',
      geoLocation: { countryCode: 'US', subdivisionCode: 'WA' },
      geoProximityLocation: {
        aWSRegion: 'us-east-1',
        bias: 3,
        coordinates: { latitude: '1', longitude: '2' },
      },
      multiValueAnswer: false,
    };
    expect(
      fromTrailRecord({ ...A, tTL: 5, resourceRecords: [{ value: '192.0.2.1' }], ...geo }).routing,
    ).toEqual({
      GeoLocation: { CountryCode: 'US', SubdivisionCode: 'WA' },
      GeoProximityLocation: {
        AWSRegion: 'us-east-1',
        Bias: 3,
        Coordinates: { Latitude: '1', Longitude: '2' },
      },
      MultiValueAnswer: false,
    });
  });

  it('has its name in the one form that names have', () => {
    const at = (name: string) =>
      fromTrailRecord({ ...A, name, tTL: 5, resourceRecords: [{ value: 'x' }] }).name;
    expect(at('\\052.Example.TEST.')).toBe('*.example.test');
    expect(at('a@b.example.test')).toBe('a\\100b.example.test');
    // The second time it is not worked out again.
    expect(at('a@b.example.test')).toBe('a\\100b.example.test');
  });

  it('is refused where it is none', () => {
    const wrong: readonly unknown[] = [
      undefined,
      null,
      'A',
      [],
      { name: 'a.test' },
      { type: 'A' },
      { ...A, name: 5 },
      { ...A, name: 'a..test' },
      { ...A, resourceRecords: 'x' },
      { ...A, resourceRecords: [{}] },
      { ...A, aliasTarget: { dNSName: 'b.test' } },
    ];
    for (const json of wrong) expect(() => fromTrailRecord(json), JSON.stringify(json)).toThrow(InvalidValue);
  });
});
