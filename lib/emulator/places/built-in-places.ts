import { ipBlock } from './ip-block.ts';
import type { ClientPlace, Coordinates, PlaceTable } from './places.ts';

/** The Regions that a latency record may name (ResourceRecordSet, API reference), and about where they are. */
const REGIONS: readonly (readonly [name: string, latitude: number, longitude: number])[] = [
  ['af-south-1', -33.9, 18.4],
  ['ap-east-1', 22.3, 114.2],
  ['ap-east-2', 25.0, 121.5],
  ['ap-northeast-1', 35.7, 139.7],
  ['ap-northeast-2', 37.6, 127.0],
  ['ap-northeast-3', 34.7, 135.5],
  ['ap-south-1', 19.1, 72.9],
  ['ap-south-2', 17.4, 78.5],
  ['ap-southeast-1', 1.35, 103.8],
  ['ap-southeast-2', -33.9, 151.2],
  ['ap-southeast-3', -6.2, 106.8],
  ['ap-southeast-4', -37.8, 145.0],
  ['ap-southeast-5', 3.1, 101.7],
  ['ap-southeast-6', -36.8, 174.8],
  ['ap-southeast-7', 13.8, 100.5],
  ['ca-central-1', 45.5, -73.6],
  ['ca-west-1', 51.0, -114.1],
  ['cn-north-1', 39.9, 116.4],
  ['cn-northwest-1', 37.5, 105.2],
  ['eu-central-1', 50.1, 8.7],
  ['eu-central-2', 47.4, 8.5],
  ['eu-north-1', 59.3, 18.1],
  ['eu-south-1', 45.5, 9.2],
  ['eu-south-2', 41.6, -0.9],
  ['eu-west-1', 53.3, -6.3],
  ['eu-west-2', 51.5, -0.1],
  ['eu-west-3', 48.9, 2.4],
  ['eusc-de-east-1', 52.4, 13.1],
  ['il-central-1', 32.1, 34.8],
  ['me-central-1', 24.5, 54.4],
  ['me-south-1', 26.1, 50.6],
  ['mx-central-1', 20.6, -100.4],
  ['sa-east-1', -23.5, -46.6],
  ['us-east-1', 39.0, -77.5],
  ['us-east-2', 40.0, -83.0],
  ['us-gov-east-1', 40.0, -82.9],
  ['us-gov-west-1', 45.5, -122.7],
  ['us-west-1', 37.4, -122.0],
  ['us-west-2', 45.6, -121.2],
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

export const REGION_NAMES: ReadonlySet<string> = new Set(REGIONS.map(([name]) => name));

/** What the emulator knows unless it is told otherwise. */
export const BUILT_IN_PLACES: PlaceTable = {
  regions: new Map(REGIONS.map(([name, latitude, longitude]) => [name, at(latitude, longitude)])),
  subnets: SUBNETS.flatMap(([network, place]) => {
    const block = ipBlock(network);
    return block === undefined ? [] : [{ block, place }];
  }),
};
