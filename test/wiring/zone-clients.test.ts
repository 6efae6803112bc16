import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Route53Client } from '@aws-sdk/client-route-53';
import { describe, expect, it, onTestFinished } from 'vitest';
import { route53RequestHandler } from '../../lib/emulator/wire/route53-handler.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import type { ZoneRole } from '../../lib/wiring/deployed-cells.ts';
import { parseDeployedCells } from '../../lib/wiring/deployed-cells.ts';
import { RoleNotAssumed, roleCredentials, zoneClients } from '../../lib/wiring/zone-clients.ts';
import { route53Survey } from '../../lib/wiring/zone-survey.ts';
import { route53ClientDefaults } from '../../lib/zone/route53/route53-zone.ts';
import { emulatedWorld } from '../zone/emulated-world.ts';

const ROLE: ZoneRole = { arn: 'arn:aws:iam::444455556666:role/dns/pawl-use1-a', externalId: 'a-secret' };
const READER: ZoneRole = {
  arn: 'arn:aws:iam::444455556666:role/dns/pawl-use1-a-reader',
  externalId: 'a-secret',
};
const KEYS = { accessKeyId: 'AKIATEST', secretAccessKey: 'test' };

/** A server in the place of STS: answers with sessions that end after `livesMs`, or with a refusal. */
async function sts(
  livesMs: number | 'denied',
): Promise<{ readonly endpoint: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      asked.push(body);
      const status = livesMs === 'denied' ? 403 : 200;
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(livesMs === 'denied' ? DENIED : session(livesMs, asked.length));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const DENIED =
  '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: test is not authorized to perform: sts:AssumeRole</Message></Error><RequestId>test</RequestId></ErrorResponse>';

function session(livesMs: number, count: number): string {
  const expires = new Date(systemClock.now() + livesMs).toISOString();
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA${count}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expires}</Expiration></Credentials></AssumeRoleResult><ResponseMetadata><RequestId>test</RequestId></ResponseMetadata></AssumeRoleResponse>`;
}

/** A client of the role, of whose requests the keys are noted. */
function clientOf(endpoint: string, keys: string[]) {
  const { core, zoneId } = emulatedWorld(systemClock);
  const handler = route53RequestHandler(core);
  const requestHandler = {
    ...handler,
    handle: (request: Parameters<typeof handler.handle>[0]) => {
      keys.push(/Credential=(\w+)\//.exec(request.headers['authorization'] ?? '')?.[1] ?? '');
      return handler.handle(request);
    },
  };
  const credentials = roleCredentials(ROLE, 'enactor-b', {
    endpoint,
    region: 'us-east-1',
    credentials: KEYS,
  });
  const client = new Route53Client({
    ...route53ClientDefaults,
    region: 'us-east-1',
    requestHandler,
    credentials,
  });
  onTestFinished(() => client.destroy());
  return { survey: route53Survey(() => client), zone: { zone: 'example.test', zoneId } };
}

describe('zones of another account', () => {
  it('are asked through one session of the role, as who asks', async () => {
    const { endpoint, asked } = await sts(3_600_000);
    const keys: string[] = [];
    const { survey, zone } = clientOf(endpoint, keys);
    await survey.describe(zone);
    expect(await survey.describe(zone)).toMatchObject({ name: 'example.test' });
    expect(keys).toEqual(['ASIA1', 'ASIA1']);
    expect(asked).toHaveLength(1);
    expect(Object.fromEntries(new URLSearchParams(asked[0]))).toMatchObject({
      Action: 'AssumeRole',
      RoleArn: ROLE.arn,
      RoleSessionName: 'pawl-enactor-b',
      ExternalId: 'a-secret',
    });
  });

  it('get a new session before the old one ends, in the middle of a run', async () => {
    const { endpoint } = await sts(60_000);
    const keys: string[] = [];
    const { survey, zone } = clientOf(endpoint, keys);
    await survey.describe(zone);
    await survey.describe(zone);
    expect(new Set(keys).size).toBe(2);
  });

  it('say which role cannot be assumed, and what to do', async () => {
    const { endpoint } = await sts('denied');
    const keys: string[] = [];
    const { survey, zone } = clientOf(endpoint, keys);
    await expect(survey.describe(zone)).rejects.toThrow(
      /the role arn:aws:iam::444455556666:role\/dns\/pawl-use1-a cannot be assumed \(AccessDenied: User: test is not authorized.*trust policy/,
    );
    expect(keys).toEqual([]);
    const assume = roleCredentials(ROLE, 'enactor-b', { endpoint, region: 'us-east-1', credentials: KEYS });
    await expect(assume()).rejects.toThrow(RoleNotAssumed);
  });

  it('have one client a role, which the cells of the stack name', () => {
    const cells = parseDeployedCells(
      JSON.stringify({
        'use1-a': { zone: 'example.test', zoneId: 'ZOWN' },
        'euw1-a': {
          zone: 'example.org',
          zoneId: 'ZTHEIRS',
          roleArn: ROLE.arn,
          readerRoleArn: READER.arn,
          externalId: 'a-secret',
        },
      }),
    );
    const made: ZoneRole[] = [];
    const own = new Route53Client({ region: 'us-east-1', credentials: KEYS });
    const assumed = (role: ZoneRole) => {
      made.push(role);
      return new Route53Client({ region: 'us-east-1', credentials: KEYS });
    };
    const clients = zoneClients(own, cells, assumed);
    expect(clients.of('ZOWN')).toEqual({ reads: own, writes: own });
    const theirs = clients.of('ZTHEIRS');
    expect(theirs.reads).toBe(clients.through(READER));
    expect(theirs.writes).toBe(clients.through(ROLE));
    expect(new Set([own, theirs.reads, theirs.writes]).size).toBe(3);
    expect(made).toEqual([READER, ROLE]);
    expect(cells.get(cellName('euw1-a'))).toEqual({
      cell: 'euw1-a',
      zone: dnsName('example.org'),
      zoneId: 'ZTHEIRS',
      roles: { reads: READER, writes: ROLE },
    });
    // In a local world roles have no meaning.
    expect(zoneClients(own, cells, undefined).of('ZTHEIRS')).toEqual({ reads: own, writes: own });
    clients.destroy();
  });
});
