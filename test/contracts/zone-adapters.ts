import { Route53Client } from '@aws-sdk/client-route-53';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { serveRoute53 } from '../../lib/emulator/wire/http-server.ts';
import { route53RequestHandler } from '../../lib/emulator/wire/route53-handler.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import { rateBudget } from '../../lib/runtime/rate-budget.ts';
import { route53ClientDefaults, route53Zone } from '../../lib/zone/route53/route53-zone.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import { seededRandomness, virtualClock } from '../runtime/virtual-clock.ts';
import { emulatedWorld } from '../zone/emulated-world.ts';
import type { ZoneUnderContract } from './zone-contract.ts';

const MISSING = 'Z0MISSING';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

function adapter(client: Route53Client, zoneId: string, clock: Clock): Zone {
  return route53Zone(client, zoneId, {
    clock,
    randomness: seededRandomness(),
    budget: rateBudget(
      { clock, randomness: seededRandomness() },
      { requestsPerSecond: 10_000, burst: 10_000, reserve: 0 },
    ),
    deadlineMs: 30_000,
  });
}

/** The port straight on the emulator's core. */
export async function openEmulated(): Promise<ZoneUnderContract> {
  const clock = virtualClock();
  const { core, zone } = emulatedWorld(clock);
  return { zone, missing: emulatedZone(core, MISSING), core, clock, close: async () => undefined };
}

/** The SDK's client with the emulator in the place of its HTTP. */
export async function openInProcess(): Promise<ZoneUnderContract> {
  const clock = virtualClock();
  const { core, zoneId } = emulatedWorld(clock);
  const requestHandler = route53RequestHandler(core);
  const client = new Route53Client({
    ...route53ClientDefaults,
    region: 'us-east-1',
    credentials,
    requestHandler,
  });
  const zone = adapter(client, zoneId, clock);
  return {
    zone,
    missing: adapter(client, MISSING, clock),
    core,
    clock,
    close: async () => client.destroy(),
  };
}

/** The SDK's client as it is, over a socket. */
export async function openOverHttp(): Promise<ZoneUnderContract> {
  const clock = virtualClock();
  const { core, zoneId } = emulatedWorld(clock);
  const server = await serveRoute53(core, { port: 0 });
  const client = new Route53Client({
    ...route53ClientDefaults,
    region: 'us-east-1',
    credentials,
    endpoint: server.url,
  });
  return {
    zone: adapter(client, zoneId, clock),
    missing: adapter(client, MISSING, clock),
    core,
    clock,
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}
