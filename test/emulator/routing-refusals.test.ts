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
import { route53RequestHandler } from '../../lib/emulator/wire/route53-handler.ts';
import type { ForeignRouting } from '../../lib/plan/records.ts';
import { a, account, alias, put } from './account.ts';

const NAME = 'geo.example.test';
const routed = (setIdentifier: string, routing: ForeignRouting) =>
  put(a(NAME, '192.0.2.1', { setIdentifier, routing }));
const here = { Coordinates: { Latitude: '1.5', Longitude: '2' } };

test.each<[string, ForeignRouting]>([
  ['a Region that does not exist', { Region: 'us-middle-1' }],
  ['a failover that is neither', { Failover: 'TERTIARY' }],
  ['a continent that does not exist', { GeoLocation: { ContinentCode: 'XX' } }],
  ['a continent and a country', { GeoLocation: { ContinentCode: 'EU', CountryCode: 'DE' } }],
  ['a subdivision alone', { GeoLocation: { SubdivisionCode: 'CA' } }],
  ['a subdivision of a country that has none', { GeoLocation: { CountryCode: 'DE', SubdivisionCode: 'BE' } }],
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
  ['location', { CidrRoutingConfig: { CollectionId: 'c', LocationName: 'l' } }, 'because a CIDR RRSet'],
  ['point', { GeoProximityLocation: { ...here, Bias: 3 } }, 'because a geoproximity RRSet'],
])('two records of one %s are refused', (_, routing, words) => {
  const world = account();
  world.change(routed('one', routing));
  expect(world.refused('InvalidChangeBatch', routed('two', routing)).message).toContain(words);
});

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
