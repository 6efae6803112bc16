import { randomInt } from 'node:crypto';
import {
  CreateHostedZoneCommand,
  ListHostedZonesByNameCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { startLocalstack } from './localstack.ts';
import { startMinistack } from './ministack.ts';

/** A cell of this test, in a zone of its own or in the one that was given. */
export interface TestCell {
  readonly cell: string;
  readonly zone: string;
  readonly zoneId: string;
}

/**
 * Where the suite runs: on a MiniStack or a LocalStack of its own (PAWL_EMULATOR), on the endpoint that AWS_ENDPOINT_URL
 * names, or in the account of the environment's credentials, in the hosted zone that PAWL_REAL_ZONE names, as
 * test/aws/real/real-run.ts makes it.
 */
export interface Place {
  readonly kind: 'ministack' | 'localstack' | 'endpoint' | 'real';
  /** For every child process and client: credentials, Region, endpoints. */
  readonly environment: NodeJS.ProcessEnv;
  /** Where the functions find Route 53, if not at the emulator itself. */
  readonly functionsRoute53?: string | undefined;
  readonly cells: readonly TestCell[];
  /** The name that the stack gets. */
  readonly stack: string;
  readonly account: string;
  end(): Promise<void>;
}

const REGION = 'us-east-1';
const DEFAULT_ACCOUNT = '000000000000';
const ZONES = [
  ['use1-a', 'example.test'],
  ['euw1-a', 'example-eu.test'],
  ['apse2-a', 'example-ap.test'],
] as const;

export async function openPlace(): Promise<Place> {
  const zone = given('PAWL_REAL_ZONE');
  if (zone !== undefined) return realPlace(zone);
  const url = given('AWS_ENDPOINT_URL');
  if (url !== undefined) return emulated(endpointFromOutside(url));
  const emulator = given('PAWL_EMULATOR') === 'localstack' ? await ownLocalstack() : await ownMinistack();
  try {
    return await emulated(emulator);
  } catch (error) {
    await emulator.end();
    throw error;
  }
}

interface Emulator {
  readonly kind: 'ministack' | 'localstack' | 'endpoint';
  readonly url: string;
  /** Where this process and its children find Route 53, if not there. */
  readonly route53?: string | undefined;
  /** Where functions find it, if it has another address for them. */
  readonly functionsRoute53?: string | undefined;
  /** The 12 digits that everything is made for, if not by default. */
  readonly account?: string;
  end(): Promise<void>;
}

function endpointFromOutside(url: string): Emulator {
  const route53 = given('AWS_ENDPOINT_URL_ROUTE_53');
  const functionsRoute53 = given('PAWL_FUNCTIONS_ROUTE_53') ?? route53;
  return { kind: 'endpoint', url, route53, functionsRoute53, end: async () => undefined };
}

async function ownMinistack(): Promise<Emulator> {
  // Twelve digits as an access key are an account of its own, so that a run meets nothing of the one before.
  const account = String(randomInt(10 ** 11, 10 ** 12 - 1));
  return { kind: 'ministack', ...(await startMinistack()), account };
}

async function ownLocalstack(): Promise<Emulator> {
  const localstack = await startLocalstack();
  return { kind: 'localstack', ...localstack, functionsRoute53: localstack.route53 };
}

function given(variable: string): string | undefined {
  const value = process.env[variable];
  return value === '' ? undefined : value;
}

async function emulated({ kind, url, route53, functionsRoute53, account, end }: Emulator): Promise<Place> {
  const region = process.env['AWS_REGION'] ?? REGION;
  const environment = {
    ...process.env,
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_S3: process.env['AWS_ENDPOINT_URL_S3'] ?? url,
    ...(route53 === undefined ? {} : { AWS_ENDPOINT_URL_ROUTE_53: route53 }),
    AWS_ACCESS_KEY_ID: account ?? process.env['AWS_ACCESS_KEY_ID'] ?? 'test',
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
  const stack = 'pawl';
  return { kind, environment, functionsRoute53, cells, stack, account: account ?? DEFAULT_ACCOUNT, end };
}

async function realPlace(zone: string): Promise<Place> {
  const client = new Route53Client({});
  const { HostedZones } = await client.send(new ListHostedZonesByNameCommand({ DNSName: zone, MaxItems: 1 }));
  client.destroy();
  const [found] = HostedZones ?? [];
  if (found?.Name !== `${zone}.`) throw new Error(`There is no hosted zone ${zone} in this account.`);
  const cells = [{ cell: 'use1-a', zone, zoneId: bareId(found.Id) }];
  const account = process.env['AWS_ACCOUNT_ID'] ?? '';
  const stack = given('PAWL_REAL_STACK') ?? 'pawl-test';
  const environment = { ...process.env };
  return { kind: 'real', environment, cells, stack, account, end: async () => undefined };
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
