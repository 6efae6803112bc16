import type {
  ListResourceRecordSetsCommandInput,
  ListResourceRecordSetsCommandOutput,
  ResourceRecordSet,
  Route53ClientConfig,
} from '@aws-sdk/client-route-53';
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  DeleteHealthCheckCommand,
  DeleteHostedZoneCommand,
  GetChangeCommand,
  GetHealthCheckCommand,
  GetHostedZoneCommand,
  HostedZoneAlreadyExists,
  HostedZoneNotEmpty,
  InvalidChangeBatch,
  InvalidInput,
  ListHealthChecksCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
  NoSuchChange,
  NoSuchHealthCheck,
  NoSuchHostedZone,
  PriorRequestNotComplete,
  Route53Client,
  UpdateHostedZoneFeaturesCommand,
} from '@aws-sdk/client-route-53';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AnsweredRequest } from '../../../lib/emulator/wire/answer-request.ts';
import type { Route53Server } from '../../../lib/emulator/wire/http-server.ts';
import { serveRoute53 } from '../../../lib/emulator/wire/http-server.ts';
import { route53RequestHandler } from '../../../lib/emulator/wire/route53-handler.ts';
import type { Account } from '../account.ts';
import { account } from '../account.ts';

const identity: Route53ClientConfig = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
  maxAttempts: 1,
  disableClockSkewCorrection: true,
};

describe.each(['requestHandler', 'HTTP'])('the AWS SDK over %s', (transport) => {
  let world: Account;
  let client: Route53Client;
  let server: Route53Server | undefined;
  let seen: AnsweredRequest[];

  beforeEach(async () => {
    world = account({ insyncDelayMs: 1_000 });
    seen = [];
    const onRequest = (answered: AnsweredRequest) => seen.push(answered);
    if (transport === 'HTTP') {
      server = await serveRoute53(world.core, { port: 0, onRequest });
      client = new Route53Client({ ...identity, endpoint: server.url });
    } else {
      client = new Route53Client({
        ...identity,
        requestHandler: route53RequestHandler(world.core, { onRequest }),
      });
    }
  });

  afterEach(async () => {
    client.destroy();
    await server?.close();
    server = undefined;
  });

  function change(Action: 'CREATE' | 'DELETE' | 'UPSERT', ...records: readonly ResourceRecordSet[]) {
    const Changes = records.map((record) => ({ Action, ResourceRecordSet: record }));
    return client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: world.zoneId,
        ChangeBatch: { Comment: 'a <test> & more', Changes },
      }),
    );
  }

  async function failure(call: Promise<unknown>): Promise<unknown> {
    return await call.then(
      () => 'accepted',
      (error: unknown) => error,
    );
  }

  test('carries every field of a record set there and back', async () => {
    const { HealthCheck } = await client.send(
      new CreateHealthCheckCommand({ CallerReference: 'h', HealthCheckConfig: { Type: 'TCP', Port: 80 } }),
    );
    const made = world.core.createCidrCollection({ name: 'offices', callerReference: 'c' });
    const target: ResourceRecordSet = {
      Name: 'w.example.test.',
      Type: 'TXT',
      SetIdentifier: ' <one> & "two" ',
      Weight: 0,
      TTL: 0,
      ResourceRecords: [{ Value: '"a \\"quote\\"  <b> & c"' }, { Value: '" second\ttab "' }],
      HealthCheckId: HealthCheck?.Id,
    };
    const records: readonly ResourceRecordSet[] = [
      target,
      {
        Name: 'r.example.test.',
        Type: 'TXT',
        AliasTarget: { HostedZoneId: world.zoneId, DNSName: 'w.example.test.', EvaluateTargetHealth: true },
      },
      {
        Name: 'lb.example.test.',
        Type: 'A',
        SetIdentifier: 'geo',
        GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' },
        AliasTarget: {
          HostedZoneId: 'Z35SXDOTRQ7X7K',
          DNSName: 'shop-1-1234567890.us-east-1.elb.amazonaws.com.',
          EvaluateTargetHealth: false,
        },
      },
      ...(
        [
          { Region: 'us-east-1' },
          { Failover: 'PRIMARY' },
          { MultiValueAnswer: true },
          { CidrRoutingConfig: { CollectionId: made.id, LocationName: '*' } },
          { GeoProximityLocation: { Coordinates: { Latitude: '1.0', Longitude: '2.0' }, Bias: -5 } },
        ] as const
      ).map((routing, index) => ({
        ...routing,
        Name: `x${index}.example.test.`,
        Type: 'A' as const,
        SetIdentifier: 'x',
        TTL: 1,
        ResourceRecords: [{ Value: '192.0.2.1' }],
      })),
    ];
    await change('CREATE', ...records);
    const { ResourceRecordSets = [] } = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: world.zoneId }),
    );
    const byName = (a: ResourceRecordSet, b: ResourceRecordSet) => ((a.Name ?? '') < (b.Name ?? '') ? -1 : 1);
    const own = ResourceRecordSets.filter(({ Name }) => Name !== 'example.test.');
    expect(own.sort(byName)).toEqual([...records].sort(byName));
    await change('DELETE', ...own.sort((a, b) => (a.AliasTarget ? 0 : 1) - (b.AliasTarget ? 0 : 1)));
    expect(world.names()).toEqual([]);
  });

  test('pages through a zone, a set identifier at a time', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `n${index}.example.test.`);
    const weighted = names.flatMap((Name) =>
      ['one', 'two'].map((SetIdentifier) => ({
        Name,
        Type: 'A' as const,
        SetIdentifier,
        Weight: 1,
        TTL: 1,
        ResourceRecords: [{ Value: '192.0.2.1' }],
      })),
    );
    await change('CREATE', ...weighted);
    const found: ResourceRecordSet[] = [];
    let start: Partial<ListResourceRecordSetsCommandInput> = { StartRecordName: 'n0.example.test' };
    for (let pages = 1; pages <= 6; pages += 1) {
      const page: ListResourceRecordSetsCommandOutput = await client.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: world.zoneId, MaxItems: 7, ...start }),
      );
      found.push(...(page.ResourceRecordSets ?? []));
      expect(page.IsTruncated).toBe(pages < 6);
      start = {
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      };
    }
    expect(found).toHaveLength(40);
    expect(new Set(found.map(({ Name, SetIdentifier }) => `${Name} ${SetIdentifier}`)).size).toBe(40);
  });

  test('manages zones and follows a change', async () => {
    const made = await client.send(
      new CreateHostedZoneCommand({
        Name: 'Other.test',
        CallerReference: 'second',
        HostedZoneConfig: { Comment: 'the <other>' },
      }),
    );
    const Id = made.HostedZone?.Id ?? '';
    expect(made.Location).toContain(Id.replace('/hostedzone/', ''));
    expect(made.DelegationSet?.NameServers).toHaveLength(4);
    expect(made.HostedZone).toMatchObject({
      Name: 'other.test.',
      ResourceRecordSetCount: 2,
      Config: { Comment: 'the <other>', PrivateZone: false },
    });
    const ChangeId = made.ChangeInfo?.Id ?? '';
    const status = async () => {
      const answer = await client.send(new GetChangeCommand({ Id: ChangeId }));
      return answer.ChangeInfo?.Status;
    };
    expect(made.ChangeInfo?.SubmittedAt).toEqual(new Date(1_000_000));
    expect(await status()).toBe('PENDING');
    world.pass(1_000);
    expect(await status()).toBe('INSYNC');
    const { HostedZone } = await client.send(new GetHostedZoneCommand({ Id }));
    expect(HostedZone).toEqual(made.HostedZone);
    const { HostedZones, IsTruncated, NextMarker } = await client.send(
      new ListHostedZonesCommand({ MaxItems: 1 }),
    );
    expect([HostedZones?.[0]?.Name, IsTruncated]).toEqual(['example.test.', true]);
    const rest = await client.send(new ListHostedZonesCommand({ Marker: NextMarker }));
    expect(rest.HostedZones?.map(({ Name }) => Name)).toEqual(['other.test.']);
    const named = await client.send(new ListHostedZonesByNameCommand({ DNSName: 'f.test', MaxItems: 1 }));
    expect([named.HostedZones?.[0]?.Id, named.IsTruncated]).toEqual([Id, false]);
    await client.send(new DeleteHostedZoneCommand({ Id }));
    expect(await failure(client.send(new GetHostedZoneCommand({ Id })))).toBeInstanceOf(NoSuchHostedZone);
  });

  test('turns accelerated recovery on and off', async () => {
    const features = async () => {
      const { HostedZone } = await client.send(new GetHostedZoneCommand({ Id: world.zoneId }));
      return HostedZone?.Features?.AcceleratedRecoveryStatus;
    };
    const enable = (EnableAcceleratedRecovery: boolean) =>
      client.send(
        new UpdateHostedZoneFeaturesCommand({ HostedZoneId: world.zoneId, EnableAcceleratedRecovery }),
      );
    expect(await features()).toBeUndefined();
    await enable(true);
    expect(await features()).toBe('ENABLED');
    await enable(false);
    expect(await features()).toBe('DISABLED');
  });

  test('manages health checks', async () => {
    const config = {
      Type: 'CALCULATED' as const,
      HealthThreshold: 1,
      ChildHealthChecks: ['a', 'b'],
      Inverted: true,
    };
    const { HealthCheck, Location } = await client.send(
      new CreateHealthCheckCommand({ CallerReference: 'h', HealthCheckConfig: config }),
    );
    const HealthCheckId = HealthCheck?.Id ?? '';
    expect(Location).toContain(HealthCheckId);
    const got = await client.send(new GetHealthCheckCommand({ HealthCheckId }));
    expect(got.HealthCheck).toEqual(HealthCheck);
    expect(got.HealthCheck?.HealthCheckConfig).toEqual({ ...config, Disabled: false });
    const { HealthChecks, IsTruncated } = await client.send(new ListHealthChecksCommand({}));
    expect([HealthChecks, IsTruncated]).toEqual([[HealthCheck], false]);
    await client.send(new DeleteHealthCheckCommand({ HealthCheckId }));
    expect(await failure(client.send(new GetHealthCheckCommand({ HealthCheckId })))).toBeInstanceOf(
      NoSuchHealthCheck,
    );
  });

  test('meets the SDK’s own error classes', async () => {
    const record: ResourceRecordSet = {
      Name: 'x.example.test',
      Type: 'A',
      TTL: 60,
      ResourceRecords: [{ Value: '192.0.2.1' }],
    };
    await change('CREATE', record);
    const conflict = await failure(change('CREATE', record));
    expect(conflict).toBeInstanceOf(InvalidChangeBatch);
    expect(conflict).toMatchObject({
      message:
        "[Tried to create resource record set [name='x.example.test.', type='A'] but it already exists]",
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
    expect(await failure(change('CREATE', { ...record, TTL: -1 }))).toBeInstanceOf(InvalidInput);
    expect(await failure(client.send(new GetChangeCommand({ Id: 'CNONE' })))).toBeInstanceOf(NoSuchChange);
    const zone = { Name: 'a.test', CallerReference: 'first' };
    expect(await failure(client.send(new CreateHostedZoneCommand(zone)))).toBeInstanceOf(
      HostedZoneAlreadyExists,
    );
    expect(await failure(client.send(new DeleteHostedZoneCommand({ Id: world.zoneId })))).toBeInstanceOf(
      HostedZoneNotEmpty,
    );
    world.core.configure({ busyMs: 60_000 });
    expect(await failure(change('DELETE', record))).toBeInstanceOf(PriorRequestNotComplete);
    world.core.configure({ throttle: { burst: 1, perSecond: 0.001 } });
    await client.send(new ListHostedZonesCommand({}));
    expect(await failure(client.send(new ListHostedZonesCommand({})))).toMatchObject({
      name: 'Throttling',
      message: 'Rate exceeded',
    });
  });

  test('is refused for an action that the emulator does not have', async () => {
    const command = new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: 'Z1' });
    expect(await failure(client.send(command))).toMatchObject({ name: 'InvalidAction' });
  });

  test('sends a full batch of escaped values in one request', async () => {
    const records = Array.from({ length: 1_000 }, (_, index) => ({
      Name: `*.n${index}.example.test`,
      Type: 'TXT' as const,
      TTL: 5,
      ResourceRecords: [{ Value: '"<&>\\"<&>"' }],
    }));
    await change('CREATE', ...records);
    expect(world.names()).toHaveLength(1_000);
    const { ResourceRecordSets } = await client.send(
      new ListResourceRecordSetsCommand({
        HostedZoneId: world.zoneId,
        StartRecordName: '\\052.n7.example.test',
      }),
    );
    expect(ResourceRecordSets?.[0]).toMatchObject({
      Name: '\\052.n7.example.test.',
      ResourceRecords: [{ Value: '"<&>\\"<&>"' }],
    });
  });

  test('is counted, a request each', async () => {
    await client.send(new GetHostedZoneCommand({ Id: world.zoneId }));
    await failure(client.send(new GetHostedZoneCommand({ Id: 'ZNONE' })));
    expect(seen).toEqual([
      { action: 'GetHostedZone', method: 'GET', path: '/2013-04-01/hostedzone/Z1', status: 200 },
      {
        action: 'GetHostedZone',
        method: 'GET',
        path: '/2013-04-01/hostedzone/ZNONE',
        status: 404,
        code: 'NoSuchHostedZone',
      },
    ]);
  });
});
