import { ipBlock } from './ip-block.ts';
import type { ClientPlace, Coordinates, PlaceTable } from './places.ts';

/**
 * The Regions that a latency record may name (ResourceRecordSet, API reference), and about where they are: coordinates,
 * continent, country, and the state of the United States.
 */
const REGIONS: readonly (readonly [name: string, latitude: number, longitude: number, place: string])[] = [
  ['af-south-1', -33.9, 18.4, 'AF ZA'],
  ['ap-east-1', 22.3, 114.2, 'AS HK'],
  ['ap-east-2', 25.0, 121.5, 'AS TW'],
  ['ap-northeast-1', 35.7, 139.7, 'AS JP'],
  ['ap-northeast-2', 37.6, 127.0, 'AS KR'],
  ['ap-northeast-3', 34.7, 135.5, 'AS JP'],
  ['ap-south-1', 19.1, 72.9, 'AS IN'],
  ['ap-south-2', 17.4, 78.5, 'AS IN'],
  ['ap-southeast-1', 1.35, 103.8, 'AS SG'],
  ['ap-southeast-2', -33.9, 151.2, 'OC AU'],
  ['ap-southeast-3', -6.2, 106.8, 'AS ID'],
  ['ap-southeast-4', -37.8, 145.0, 'OC AU'],
  ['ap-southeast-5', 3.1, 101.7, 'AS MY'],
  ['ap-southeast-6', -36.8, 174.8, 'OC NZ'],
  ['ap-southeast-7', 13.8, 100.5, 'AS TH'],
  ['ca-central-1', 45.5, -73.6, 'NA CA'],
  ['ca-west-1', 51.0, -114.1, 'NA CA'],
  ['cn-north-1', 39.9, 116.4, 'AS CN'],
  ['cn-northwest-1', 37.5, 105.2, 'AS CN'],
  ['eu-central-1', 50.1, 8.7, 'EU DE'],
  ['eu-central-2', 47.4, 8.5, 'EU CH'],
  ['eu-north-1', 59.3, 18.1, 'EU SE'],
  ['eu-south-1', 45.5, 9.2, 'EU IT'],
  ['eu-south-2', 41.6, -0.9, 'EU ES'],
  ['eu-west-1', 53.3, -6.3, 'EU IE'],
  ['eu-west-2', 51.5, -0.1, 'EU GB'],
  ['eu-west-3', 48.9, 2.4, 'EU FR'],
  ['eusc-de-east-1', 52.4, 13.1, 'EU DE'],
  ['il-central-1', 32.1, 34.8, 'AS IL'],
  ['me-central-1', 24.5, 54.4, 'AS AE'],
  ['me-south-1', 26.1, 50.6, 'AS BH'],
  ['mx-central-1', 20.6, -100.4, 'NA MX'],
  ['sa-east-1', -23.5, -46.6, 'SA BR'],
  ['us-east-1', 39.0, -77.5, 'NA US VA'],
  ['us-east-2', 40.0, -83.0, 'NA US OH'],
  ['us-gov-east-1', 40.0, -82.9, 'NA US OH'],
  ['us-gov-west-1', 45.5, -122.7, 'NA US OR'],
  ['us-west-1', 37.4, -122.0, 'NA US CA'],
  ['us-west-2', 45.6, -121.2, 'NA US OR'],
];

const at = (latitude: number, longitude: number): Coordinates => ({ latitude, longitude });

const ASHBURN: ClientPlace = {
  continent: 'NA',
  country: 'US',
  subdivision: 'VA',
  coordinates: at(39.0, -77.5),
};
const LOS_ANGELES: ClientPlace = {
  continent: 'NA',
  country: 'US',
  subdivision: 'CA',
  coordinates: at(34.1, -118.2),
};
const TORONTO: ClientPlace = { continent: 'NA', country: 'CA', coordinates: at(43.7, -79.4) };
const SAO_PAULO: ClientPlace = { continent: 'SA', country: 'BR', coordinates: at(-23.5, -46.6) };
const FRANKFURT: ClientPlace = { continent: 'EU', country: 'DE', coordinates: at(50.1, 8.7) };
const DUBLIN: ClientPlace = { continent: 'EU', country: 'IE', coordinates: at(53.3, -6.3) };
const JOHANNESBURG: ClientPlace = { continent: 'AF', country: 'ZA', coordinates: at(-26.2, 28.0) };
const TOKYO: ClientPlace = { continent: 'AS', country: 'JP', coordinates: at(35.7, 139.7) };
const SYDNEY: ClientPlace = { continent: 'OC', country: 'AU', coordinates: at(-33.9, 151.2) };

/** The networks reserved for documentation (RFC 5737, RFC 3849), split into places; the rest of each is nowhere. */
const SUBNETS: readonly (readonly [network: string, place: ClientPlace])[] = [
  ['192.0.2.0/26', ASHBURN],
  ['192.0.2.64/26', LOS_ANGELES],
  ['192.0.2.128/26', TORONTO],
  ['192.0.2.192/27', SAO_PAULO],
  ['198.51.100.0/26', FRANKFURT],
  ['198.51.100.64/26', DUBLIN],
  ['198.51.100.128/26', JOHANNESBURG],
  ['203.0.113.0/26', TOKYO],
  ['203.0.113.64/26', SYDNEY],
  ['2001:db8:1::/48', ASHBURN],
  ['2001:db8:2::/48', LOS_ANGELES],
  ['2001:db8:3::/48', TORONTO],
  ['2001:db8:4::/48', SAO_PAULO],
  ['2001:db8:5::/48', FRANKFURT],
  ['2001:db8:6::/48', DUBLIN],
  ['2001:db8:7::/48', JOHANNESBURG],
  ['2001:db8:8::/48', TOKYO],
  ['2001:db8:9::/48', SYDNEY],
];

/** A client beside each Region, so that one can ask from all of them: `2001:db8:100::/48` and on, in the Regions' order. */
const BESIDE_REGIONS = REGIONS.map(([, latitude, longitude, place], index) => {
  const [continent, country, subdivision] = place.split(' ');
  const network = `2001:db8:${(0x100 + index).toString(16)}::/48`;
  return [network, { continent, country, subdivision, coordinates: at(latitude, longitude) }] as const;
});

export const REGION_NAMES: ReadonlySet<string> = new Set(REGIONS.map(([name]) => name));

/** What the emulator knows unless it is told otherwise. */
export const BUILT_IN_PLACES: PlaceTable = {
  regions: new Map(REGIONS.map(([name, latitude, longitude]) => [name, at(latitude, longitude)])),
  subnets: [...SUBNETS, ...BESIDE_REGIONS].flatMap(([network, place]) => {
    const block = ipBlock(network);
    return block === undefined ? [] : [{ block, place }];
  }),
};
