import { describe, expect, test } from 'vitest';
import { branchPlace, readPlace } from '../../lib/plan/place-names.ts';
import type { BranchRouting } from '../../lib/plan/routing.ts';

const COLLECTION = '01234567-89ab-cdef-0123-456789abcdef';

const NAMED: readonly (readonly [string, BranchRouting])[] = [
  ['eu-west-1', { Region: 'eu-west-1' }],
  ['EU', { GeoLocation: { ContinentCode: 'EU' } }],
  ['continent-SA', { GeoLocation: { ContinentCode: 'SA' } }],
  ['country-SA', { GeoLocation: { CountryCode: 'SA' } }],
  ['DE', { GeoLocation: { CountryCode: 'DE' } }],
  ['US-CA', { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } }],
  ['us-west-2', { GeoProximityLocation: { AWSRegion: 'us-west-2', Bias: 10 } }],
  ['53.35,-6.26', { GeoProximityLocation: { Coordinates: { Latitude: '53.35', Longitude: '-6.26' } } }],
  ['-8.50,115.00', { GeoProximityLocation: { Coordinates: { Latitude: '-8.5', Longitude: '115' } } }],
  [`cidr ${COLLECTION}/office`, { CidrRoutingConfig: { CollectionId: COLLECTION, LocationName: 'office' } }],
];

describe('the place of a branch', () => {
  test.each(NAMED)('is called %s, and read by that name', (place, routing) => {
    expect(branchPlace(routing)).toBe(place);
    expect(readPlace(place)).toBe(place);
  });

  test.each<BranchRouting>([
    { weight: 1 },
    { Failover: 'PRIMARY' },
    { GeoLocation: { CountryCode: '*' } },
    { CidrRoutingConfig: { CollectionId: COLLECTION, LocationName: '*' } },
  ])('is none where the branch is for nobody in particular: %j', (routing) => {
    expect(branchPlace(routing)).toBeUndefined();
  });
});

describe('a place that a person writes', () => {
  test.each([
    ['country-DE', 'DE'],
    ['continent-EU', 'EU'],
    ['53.3, -6.26', '53.30,-6.26'],
  ])('%s is read as %s', (text, place) => {
    expect(readPlace(text)).toBe(place);
  });

  test.each([
    'SA',
    'XX',
    'de',
    'default',
    'Paris',
    'US-XX',
    'DE-BY',
    'country-EU',
    'continent-DE',
    'country-US-CA',
    'eu-nowhere-1',
    '91,0',
    '0,181',
    '1.234,0',
    'office',
    `cidr ${COLLECTION}`,
    `cidr ${COLLECTION}/*`,
    '',
  ])('"%s" is none', (text) => {
    expect(readPlace(text)).toBeUndefined();
  });
});
