import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUILT_IN_PLACES } from '../../../lib/emulator/places/built-in-places.ts';
import { ipBlock } from '../../../lib/emulator/places/ip-block.ts';
import { readPlaces } from '../../../lib/emulator/places/place-file.ts';
import { PlacesUnreadable, placeOf } from '../../../lib/emulator/places/places.ts';

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-places-'));
  file = join(folder, 'places.json');
});
afterAll(() => rm(folder, { recursive: true }));

test('without a file the built-in table holds', async () => {
  expect(await readPlaces(join(folder, 'none.json'))).toBe(BUILT_IN_PLACES);
});

test('a file adds Regions, and its networks replace the built-in ones', async () => {
  const here = { latitude: 1.5, longitude: 2 };
  const germany = { continent: 'EU', country: 'DE' };
  const subnets = { '192.0.2.0/24': { continent: 'EU' }, '192.0.2.128/25': germany };
  await writeFile(file, JSON.stringify({ regions: { 'eu-made-1': here }, subnets }));
  const places = await readPlaces(file);
  expect(places.regions.get('eu-made-1')).toEqual(here);
  expect(places.regions.size).toBe(BUILT_IN_PLACES.regions.size + 1);
  expect(placeOf(places, ipBlock('192.0.2.200'))).toEqual(germany);
  expect(placeOf(places, ipBlock('192.0.2.1'))).toEqual({ continent: 'EU' });
  expect(placeOf(places, ipBlock('198.51.100.1'))).toEqual({});
});

const subnet = (place: unknown) => JSON.stringify({ subnets: { '192.0.2.0/24': place } });

test.each([
  ['what is not JSON', '{', 'it is not JSON'],
  ['a list', '[]', 'the table: '],
  ['an unknown field', '{"region": {}}', 'the table: '],
  ['a Region without a longitude', '{"regions": {"r": {"latitude": 1}}}', 'regions.r.longitude: '],
  ['a point beyond the pole', '{"regions": {"r": {"latitude": 91, "longitude": 0}}}', 'regions.r.latitude: '],
  ['a network that is none', '{"subnets": {"somewhere": {}}}', '"somewhere" is not a network such as'],
  ['a prefix that is too long', '{"subnets": {"192.0.2.0/33": {}}}', '"192.0.2.0/33" is not a network'],
  ['a continent that does not exist', subnet({ continent: 'XX' }), 'subnets.192.0.2.0/24.continent: '],
  ['a country in small letters', subnet({ country: 'de' }), 'a country is two capital letters'],
  ['a subdivision that is too long', subnet({ subdivision: 'TEXAS' }), 'a subdivision is one to three'],
  ['a place with an unknown field', subnet({ city: 'Ulm' }), 'subnets.192.0.2.0/24: '],
])('%s is refused, and the sentence says where', async (_, text, words) => {
  await writeFile(file, text);
  const refusal = await readPlaces(file).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(PlacesUnreadable);
  expect(String(refusal)).toContain(`${file} is not a table of places (`);
  expect(String(refusal)).toContain(words);
  expect(String(refusal)).toContain('mend it, or move it away.');
});
