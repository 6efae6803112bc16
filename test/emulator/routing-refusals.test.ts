import {
  ChangeCidrCollectionCommand,
  CidrCollectionInUseException,
  CidrCollectionVersionMismatchException,
  CreateCidrCollectionCommand,
  DeleteCidrCollectionCommand,
  ListCidrBlocksCommand,
  ListCidrCollectionsCommand,
  ListCidrLocationsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { expect, test } from 'vitest';
import type { RequestedRecord } from '../../lib/emulator/requested-changes.ts';
import { route53RequestHandler } from '../../lib/emulator/wire/route53-handler.ts';
import { COUNTRIES, US_STATES } from '../../lib/plan/geo-codes.ts';
import type { ForeignRouting } from '../../lib/plan/records.ts';
import { a, account, alias, drop, put, refusal } from './account.ts';

const NAME = 'geo.example.test';
const routed = (setIdentifier: string, routing: ForeignRouting) =>
  put(a(NAME, '192.0.2.1', { setIdentifier, routing }));
const NO_COLLECTION = '5eed0000-0000-4000-8000-00000000beef';
const cidr = (CollectionId: string, LocationName: string) => ({
  CidrRoutingConfig: { CollectionId, LocationName },
});
const here = { Coordinates: { Latitude: '1.5', Longitude: '2' } };

test.each<[string, ForeignRouting]>([
  ['a Region that does not exist', { Region: 'us-middle-1' }],
  ['a failover that is neither', { Failover: 'TERTIARY' }],
  ['a continent that does not exist', { GeoLocation: { ContinentCode: 'XX' } }],
  ['a continent and a country', { GeoLocation: { ContinentCode: 'EU', CountryCode: 'DE' } }],
  ['a subdivision alone', { GeoLocation: { SubdivisionCode: 'CA' } }],
  ['a subdivision of a country that has none', { GeoLocation: { CountryCode: 'DE', SubdivisionCode: 'BE' } }],
  ['a subdivision of Ukraine', { GeoLocation: { CountryCode: 'UA', SubdivisionCode: '43' } }],
  ['a country that is not assigned', { GeoLocation: { CountryCode: 'DD' } }],
  ['a country that users assign themselves', { GeoLocation: { CountryCode: 'XK' } }],
  ['a country in small letters', { GeoLocation: { CountryCode: 'de' } }],
  ['a state that does not exist', { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'ZZ' } }],
  ['a possession as a state', { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'PR' } }],
  ['a subdivision of everywhere', { GeoLocation: { CountryCode: '*', SubdivisionCode: 'CA' } }],
  ['a Local Zone Group of no Region', { GeoProximityLocation: { LocalZoneGroup: 'us-middle-1-bue-1' } }],
  ['a Local Zone in place of its group', { GeoProximityLocation: { LocalZoneGroup: 'us-east-1-bue-1a' } }],
  ['a Region in place of a Local Zone Group', { GeoProximityLocation: { LocalZoneGroup: 'us-east-1' } }],
  ['a collection that is no UUID', cidr('offices', 'office')],
  ['a collection in capital letters', cidr(NO_COLLECTION.toUpperCase(), '*')],
  ['a location of 17 characters', cidr(NO_COLLECTION, 'a'.repeat(17))],
  ['a location with a dot', cidr(NO_COLLECTION, 'a.b')],
  ['a location without a collection', { CidrRoutingConfig: { LocationName: '*' } }],
  ['a bias beyond 99', { GeoProximityLocation: { AWSRegion: 'us-east-1', Bias: 100 } }],
  ['a bias that is no whole number', { GeoProximityLocation: { AWSRegion: 'us-east-1', Bias: 1.5 } }],
  ['a Region and coordinates', { GeoProximityLocation: { AWSRegion: 'us-east-1', ...here } }],
  [
    'a latitude beyond the pole',
    { GeoProximityLocation: { Coordinates: { Latitude: '91', Longitude: '2' } } },
  ],
])('%s is refused', (_, routing) => {
  account().refused('InvalidInput', routed('one', routing));
});

test('a multivalue record is no alias and no CNAME', () => {
  const world = account();
  const multi = { setIdentifier: 'one', routing: { MultiValueAnswer: true } };
  world.refused('InvalidInput', put({ ...alias(NAME, world.zoneId, 'x.example.test'), ...multi }));
  world.refused('InvalidInput', put({ ...a(NAME, 'x.example.test'), type: 'CNAME', ...multi }));
});

test.each<[string, ForeignRouting, string]>([
  ['Region', { Region: 'eu-west-1' }, 'Region Name=eu-west-1 cannot be created because a latency RRSet'],
  ['primary', { Failover: 'PRIMARY' }, 'Failover Name=PRIMARY cannot be created because a failover RRSet'],
  ['place', { GeoLocation: { CountryCode: 'DE' } }, 'cannot be created because a geolocation RRSet'],
  ['point', { GeoProximityLocation: { ...here, Bias: 3 } }, 'because a geoproximity RRSet'],
])('two records of one %s are refused', (_, routing, words) => {
  const world = account();
  world.change(routed('one', routing));
  expect(world.refused('InvalidChangeBatch', routed('two', routing)).message).toContain(words);
});

test.each<[string, ForeignRouting]>([
  ['a country', { GeoLocation: { CountryCode: 'UA' } }],
  ['everywhere else', { GeoLocation: { CountryCode: '*' } }],
  ['a state', { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'DC' } }],
  ['a Local Zone Group', { GeoProximityLocation: { LocalZoneGroup: 'us-east-1-bue-1' } }],
])('%s is accepted', (_, routing) => {
  account().change(routed('one', routing));
});

test('the table of countries has every code of the standard once', () => {
  expect(COUNTRIES.size).toBe(249);
  expect(US_STATES.size).toBe(51);
});

const POLICIES: readonly (readonly [string, Partial<RequestedRecord>])[] = [
  ['Weight', { weight: 1 }],
  ['Region', { routing: { Region: 'eu-west-1' } }],
  ['Failover', { routing: { Failover: 'PRIMARY' } }],
  ['GeoLocation', { routing: { GeoLocation: { CountryCode: 'DE' } } }],
  ['GeoProximityLocation', { routing: { GeoProximityLocation: here } }],
  ['MultiValueAnswer', { routing: { MultiValueAnswer: true } }],
  ['CidrRoutingConfig', { routing: cidr(NO_COLLECTION, '*') }],
];
const PAIRS = POLICIES.flatMap(([one, first], index) =>
  POLICIES.slice(index + 1).map(([other, second]) => ({ one, other, first, second })),
);

test.each(POLICIES)('%s needs a set identifier', (_, policy) => {
  const refused = account().refused('InvalidInput', put(a(NAME, '192.0.2.1', policy)));
  expect(refused.message).toContain("Missing field 'SetIdentifier'");
});

test.each(PAIRS)('$one and $other are not of one record', ({ first, second }) => {
  const both = { ...first, ...second, routing: { ...first.routing, ...second.routing } };
  const record = a(NAME, '192.0.2.1', { ...both, setIdentifier: 'one' });
  expect(account().refused('InvalidInput', put(record)).message).toContain(
    'Expected at most one routing policy',
  );
});

test.each(PAIRS)('$one and $other do not stand at one name, in either order', ({ first, second }) => {
  const { world, id } = withCollection();
  const own = (policy: Partial<RequestedRecord>) =>
    policy.routing?.['CidrRoutingConfig'] === undefined ? policy : { routing: cidr(id, '*') };
  for (const [earlier, later] of [
    [first, second],
    [second, first],
  ]) {
    const standing = a(NAME, '192.0.2.1', { ...own(earlier ?? {}), setIdentifier: 'one' });
    const added = a(NAME, '192.0.2.2', { ...own(later ?? {}), setIdentifier: 'two' });
    world.change(put(standing));
    expect(world.refused('InvalidChangeBatch', put(added)).message).toContain(
      'other RRSets exist with the same name and type',
    );
    world.change(drop(standing));
  }
});

test('a record whose MultiValueAnswer is false has no policy', () => {
  const world = account();
  const simple = a(NAME, '192.0.2.1', { routing: { MultiValueAnswer: false } });
  world.refused('InvalidInput', put({ ...simple, setIdentifier: 'one' }));
  world.change(put({ ...simple, setIdentifier: 'one', weight: 1 }));
  world.change(put(a(NAME, '192.0.2.2', { setIdentifier: 'two', weight: 1 })));
  world.change(put({ ...simple, name: 'plain.example.test' }));
});

test.each([
  ['weighted', { weight: 1 }, { weight: 1 }],
  ['multivalue', { routing: { MultiValueAnswer: true } }, { routing: { MultiValueAnswer: true } }],
])('%s records of one name and type have one TTL', (policy, first, second) => {
  const world = account();
  world.change(put(a(NAME, '192.0.2.1', { setIdentifier: 'one', ...first })));
  const other = a(NAME, '192.0.2.2', { setIdentifier: 'two', ttl: 61, ...second });
  expect(world.refused('InvalidChangeBatch', put(other)).message).toContain(
    `as ${policy} sets must contain the same TTL`,
  );
  world.change(put({ ...other, ttl: 60 }));
});

test('latency records of one name and type may differ in their TTL', () => {
  const world = account();
  world.change(put(a(NAME, '192.0.2.1', { setIdentifier: 'one', routing: { Region: 'eu-west-1' } })));
  world.change(put(a(NAME, '192.0.2.2', { setIdentifier: 'two', ttl: 5, routing: { Region: 'us-east-1' } })));
});

test('a record names a CIDR collection and a location that there are', () => {
  const { world, id } = withCollection();
  const nowhere = world.refused('InvalidChangeBatch', routed('one', cidr(NO_COLLECTION, '*')));
  expect(nowhere.message).toContain(`no CIDR collection exists with the ID '${NO_COLLECTION}'`);
  const elsewhere = world.refused('InvalidChangeBatch', routed('one', cidr(id, 'home')));
  expect(elsewhere.message).toContain(`has no location 'home'`);
  world.change(routed('one', cidr(id, 'office')), routed('rest', cidr(id, '*')));
  const again = world.refused('InvalidChangeBatch', routed('two', cidr(id, 'office')));
  expect(again.message).toContain('because a CIDR RRSet');
});

test('what a record names of a CIDR collection cannot be deleted', () => {
  const { world, id } = withCollection();
  const empty = () =>
    world.core.changeCidrCollection(id, [
      { location: 'office', action: 'DELETE_IF_EXISTS', blocks: ['192.0.2.0/24'] },
    ]);
  const named = routed('one', cidr(id, 'office'));
  const rest = routed('rest', cidr(id, '*'));
  world.change(named, rest);
  expect(refusal(empty).code).toBe('CidrBlockInUseException');
  world.change(drop(named.record));
  empty();
  expect(refusal(() => world.core.deleteCidrCollection(id)).code).toBe('CidrCollectionInUseException');
  world.change(drop(rest.record));
  world.core.deleteCidrCollection(id);
});

/** An account with a CIDR collection of one location, `office`. */
function withCollection() {
  const world = account();
  const { id } = world.core.createCidrCollection({ name: 'offices', callerReference: '1' });
  world.core.changeCidrCollection(id, [{ location: 'office', action: 'PUT', blocks: ['192.0.2.0/24'] }]);
  return { world, id };
}

test('the AWS SDK makes, changes, lists and deletes a CIDR collection, and a snapshot keeps it', async () => {
  const { core } = account();
  const client = new Route53Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
    maxAttempts: 1,
    requestHandler: route53RequestHandler(core),
  });
  const made = await client.send(new CreateCidrCollectionCommand({ Name: 'offices', CallerReference: '1' }));
  const id = made.Collection?.Id ?? '';
  const change = (Action: 'PUT' | 'DELETE_IF_EXISTS', CollectionVersion: number) =>
    client.send(
      new ChangeCidrCollectionCommand({
        Id: id,
        CollectionVersion,
        Changes: [{ LocationName: 'office', Action, CidrList: ['192.0.2.0/24', '2001:db8::/48'] }],
      }),
    );
  await change('PUT', 1);
  await expect(change('PUT', 1)).rejects.toThrow(CidrCollectionVersionMismatchException);
  const blocks = await client.send(new ListCidrBlocksCommand({ CollectionId: id, MaxResults: 1 }));
  expect(blocks.CidrBlocks).toEqual([{ CidrBlock: '192.0.2.0/24', LocationName: 'office' }]);
  const rest = await client.send(
    new ListCidrBlocksCommand({ CollectionId: id, NextToken: blocks.NextToken }),
  );
  expect(rest.CidrBlocks).toEqual([{ CidrBlock: '2001:db8::/48', LocationName: 'office' }]);
  const { CidrLocations } = await client.send(new ListCidrLocationsCommand({ CollectionId: id }));
  expect(CidrLocations).toEqual([{ LocationName: 'office' }]);
  const other = account().core;
  other.restore(JSON.parse(JSON.stringify(core.snapshot())));
  expect(other.cidrBlocks(id)).toEqual(core.cidrBlocks(id));
  await expect(client.send(new DeleteCidrCollectionCommand({ Id: id }))).rejects.toThrow(
    CidrCollectionInUseException,
  );
  await change('DELETE_IF_EXISTS', 2);
  await client.send(new DeleteCidrCollectionCommand({ Id: id }));
  expect((await client.send(new ListCidrCollectionsCommand({}))).CidrCollections).toEqual([]);
});
