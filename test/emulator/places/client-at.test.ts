import { describe, expect, test } from 'vitest';
import { BUILT_IN_PLACES, REGION_NAMES } from '../../../lib/emulator/places/built-in-places.ts';
import { clientAt } from '../../../lib/emulator/places/client-at.ts';
import { addressText, ipBlock } from '../../../lib/emulator/places/ip-block.ts';
import { distanceKm, placeOf, placeTable } from '../../../lib/emulator/places/places.ts';

const tableOf = (subnets: Readonly<Record<string, unknown>>) => placeTable({ subnets }, BUILT_IN_PLACES);

describe('a client at a place', () => {
  test.each([...REGION_NAMES])('of the built-in table is beside %s', (region) => {
    const client = ipBlock(clientAt(BUILT_IN_PLACES, region) ?? '');
    const { coordinates } = placeOf(BUILT_IN_PLACES, client);
    const there = BUILT_IN_PLACES.regions.get(region);
    if (coordinates === undefined || there === undefined) throw new Error('nobody is there');
    expect(distanceKm(coordinates, there)).toBeLessThan(1);
  });

  test.each([
    ['eu-west-1', '198.51.100.65'],
    ['DE', '198.51.100.1'],
    ['US', '192.0.2.1'],
    ['US-CA', '192.0.2.65'],
    ['FR', '2001:db8:11a::1'],
    ['EU', '198.51.100.1'],
    ['continent-EU', '198.51.100.1'],
    ['OC', '203.0.113.65'],
    ['continent-SA', '192.0.2.193'],
    ['continent-AF', '198.51.100.129'],
    ['country-DE', '198.51.100.1'],
  ])('is found for %s', (place, address) => {
    expect(clientAt(BUILT_IN_PLACES, place)).toBe(address);
  });

  test.each([
    'XX',
    'US-TX',
    'DE-CA',
    'eu-nowhere-1',
    'AN',
    'SA',
    'country-SA',
    '53.35,-6.26',
    'cidr 01234567-89ab-cdef-0123-456789abcdef/office',
  ])('is not there for %s', (place) => {
    expect(clientAt(BUILT_IN_PLACES, place)).toBeUndefined();
  });

  test('is in no smaller network of another place', () => {
    const table = tableOf({
      '192.0.2.0/24': { country: 'DE' },
      '192.0.2.0/25': { country: 'FR' },
      '198.51.100.7/32': { country: 'AT' },
    });
    expect(clientAt(table, 'DE')).toBe('192.0.2.254');
    expect(clientAt(table, 'FR')).toBe('192.0.2.1');
    expect(clientAt(table, 'AT')).toBe('198.51.100.7');
  });

  test('is not beside a Region when another Region is nearer', () => {
    const paris = { coordinates: { latitude: 48.9, longitude: 2.4 } };
    const table = tableOf({ '192.0.2.0/24': paris });
    expect(clientAt(table, 'eu-west-3')).toBe('192.0.2.1');
    expect(clientAt(table, 'eu-west-2')).toBeUndefined();
  });
});

test.each(['192.0.2.1', '0.0.0.0', '2001:db8::1', '2001:db8:1::', '::', '::1', '2001:db8:0:1:2:3:4:5'])(
  'the text of %s is read as it was',
  (text) => {
    const block = ipBlock(text);
    if (block === undefined) throw new Error('no address');
    expect(ipBlock(addressText(block))).toEqual(block);
  },
);
