import { randomInt } from 'node:crypto';
import {
  CreateHostedZoneCommand,
  ListHostedZonesByNameCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { startMinistack } from './ministack.ts';

/** A cell of this test, in a zone of its own or in the one that was given. */
export interface TestCell {
  readonly cell: string;
  readonly zone: string;
  readonly zoneId: string;
}

/**
 * Where the suite runs: on a MiniStack of its own, on the endpoint that AWS_ENDPOINT_URL names, or in the account of
 * the environment's credentials, in the hosted zone that PAWL_REAL_ZONE names.
 */
export interface Place {
  readonly kind: 'ministack' | 'endpoint' | 'real';
  /** For every child process and client: credentials, Region, endpoint. */
  readonly environment: NodeJS.ProcessEnv;
  readonly cells: readonly TestCell[];
  readonly account: string;
  end(): Promise<void>;
}

const REGION = 'us-east-1';
const ZONES = [
  ['use1-a', 'example.test'],
  ['euw1-a', 'example-eu.test'],
  ['apse2-a', 'example-ap.test'],
] as const;

export async function openPlace(): Promise<Place> {
  const zone = process.env['PAWL_REAL_ZONE'];
  if (zone !== undefined && zone !== '') return realPlace(zone);
  const given = process.env['AWS_ENDPOINT_URL'];
  if (given !== undefined && given !== '') return emulated('endpoint', given, async () => undefined);
  const { url, end } = await startMinistack();
  try {
    return await emulated('ministack', url, end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function emulated(
  kind: 'ministack' | 'endpoint',
  url: string,
  end: () => Promise<void>,
): Promise<Place> {
  // Twelve digits as an access key are an account of its own, so that a run meets nothing of the one before.
  const account = kind === 'ministack' ? String(randomInt(10 ** 11, 10 ** 12 - 1)) : '000000000000';
  const region = process.env['AWS_REGION'] ?? REGION;
  const environment = {
    ...process.env,
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_S3: process.env['AWS_ENDPOINT_URL_S3'] ?? url,
    AWS_ACCESS_KEY_ID: kind === 'ministack' ? account : (process.env['AWS_ACCESS_KEY_ID'] ?? 'test'),
    AWS_SECRET_ACCESS_KEY: process.env['AWS_SECRET_ACCESS_KEY'] ?? 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
  use(environment);
  const client = new Route53Client({});
  const cells: TestCell[] = [];
  for (const [cell, name] of ZONES) {
    const request = new CreateHostedZoneCommand({ Name: name, CallerReference: `${cell}-${Date.now()}` });
    const { HostedZone } = await client.send(request);
    cells.push({ cell, zone: name, zoneId: bareId(HostedZone?.Id) });
  }
  client.destroy();
  return { kind, environment, cells, account, end };
}

async function realPlace(zone: string): Promise<Place> {
  const client = new Route53Client({});
  const { HostedZones } = await client.send(new ListHostedZonesByNameCommand({ DNSName: zone, MaxItems: 1 }));
  client.destroy();
  const [found] = HostedZones ?? [];
  if (found?.Name !== `${zone}.`) throw new Error(`There is no hosted zone ${zone} in this account.`);
  const cells = [{ cell: 'use1-a', zone, zoneId: bareId(found.Id) }];
  const account = process.env['AWS_ACCOUNT_ID'] ?? '';
  return { kind: 'real', environment: { ...process.env }, cells, account, end: async () => undefined };
}

function bareId(id: string | undefined): string {
  return (id ?? '').replace('/hostedzone/', '');
}

/** The clients of this process find the same place as its children. */
function use(environment: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('AWS_') && value !== undefined) process.env[name] = value;
  }
}
