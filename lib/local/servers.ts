import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { route53AnswerSource } from '../emulator/dns/route53-answer-source.ts';
import { DnsPortInUse, serveDns } from '../emulator/dns/serve-dns.ts';
import type { HostedZoneInfo } from '../emulator/hosted-zones.ts';
import { KeptFileUnreadable, openKeptRoute53 } from '../emulator/kept-route53.ts';
import { machineDeps } from '../emulator/machine-deps.ts';
import { placesFile, readPlaces } from '../emulator/places/place-file.ts';
import { PlacesUnreadable } from '../emulator/places/places.ts';
import type { Route53 } from '../emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../emulator/settings.ts';
import { trailFile } from '../emulator/trail-file.ts';
import { zoneRecord } from '../emulator/wire/cloudtrail-record.ts';
import { PortInUse, serveRoute53 } from '../emulator/wire/http-server.ts';
import { localTrail } from '../wiring/local-trail.ts';
import type { Closing } from './closing.ts';
import type { LedgerServer } from './ledger-server.ts';
import { StoreBroken, serveLedger } from './ledger-server.ts';
import { StartRefused } from './start-refused.ts';

export interface ServerSettings {
  /** The folder that everything is kept in, held by a lock. */
  readonly folder: string;
  /** 0 takes any free port. */
  readonly dnsPort: number;
  /** 0 takes any free port. */
  readonly route53Port: number;
  /** Milliseconds from a change of a zone until every name server has it. */
  readonly insyncDelayMs: number;
  /** Called for an error that should not happen and does not end a server. */
  readonly onTrouble: (server: string, error: unknown) => void;
  /** Called when the ledger's store fails while it is served: the world has to end. */
  readonly onBroken?: ((broken: StoreBroken) => void) | undefined;
}

/** The servers that stand for AWS. */
export interface Servers {
  /** The emulated account itself, for what a newcomer would do in the console. */
  readonly core: Route53;
  /** Tells the trail of a hosted zone that was made without a request. */
  readonly zoneMade: (zone: HostedZoneInfo) => void;
  readonly route53: string;
  readonly dynamodb: string;
  readonly ledger: Pick<LedgerServer, 'away'>;
  readonly dns: { readonly host: string; readonly port: number };
}

const HOST = '127.0.0.1';

/**
 * Starts Route 53, DNS and DynamoDB, and adds to `open` how each is ended.
 *
 * @throws StartRefused when a port is in use, or what is kept in the folder cannot be read.
 */
export async function startServers(settings: ServerSettings, open: Closing): Promise<Servers> {
  try {
    return await start(settings, open);
  } catch (cause) {
    if (cause instanceof PortInUse) {
      const sentence = `The port ${cause.port} on ${HOST}, for Route 53, is in use: end what listens there, or give another --route53-port.`;
      throw new StartRefused(sentence, { cause });
    }
    if (cause instanceof DnsPortInUse) {
      const sentence = `The port ${cause.port} on ${HOST}, for DNS, is in use: end what listens there, or give another --dns-port.`;
      throw new StartRefused(sentence, { cause });
    }
    if (isKept(cause)) {
      throw new StartRefused(cause.message, { cause });
    }
    throw cause;
  }
}

/** What is kept in the folder cannot be used; the message is one sentence. */
function isKept(cause: unknown): cause is Error {
  return (
    cause instanceof KeptFileUnreadable || cause instanceof PlacesUnreadable || cause instanceof StoreBroken
  );
}

async function start(settings: ServerSettings, open: Closing): Promise<Servers> {
  const { folder, dnsPort, route53Port, insyncDelayMs, onTrouble } = settings;
  const kept = await openKeptRoute53({
    // A fleet's load balancers cannot be looked up from here: see docs/adr/0049-alias-targets-exist-or-not.md.
    settings: {
      ...PROMPT_ROUTE53,
      insyncDelayMs,
      unregisteredTargets: 'accepted',
      places: await readPlaces(placesFile(folder)),
    },
    deps: machineDeps(),
    file: join(folder, 'route53.json'),
    onSaveFailed: (error) => onTrouble('route53', error),
  });
  open.add(() => kept.close());
  const trail = trailFile({ path: localTrail(folder), onLost: (error) => onTrouble('trail', error) });
  const { now } = machineDeps();
  const route53 = await serveRoute53(kept.core, {
    host: HOST,
    port: route53Port,
    trail: { now, add: trail.add },
    settled: async () => {
      // What cannot be written to the trail was said already, and changes no answer.
      await trail.flush();
      await kept.flush();
    },
  });
  open.add(() => route53.close());
  const dns = await serveDns(route53AnswerSource(kept.core), {
    host: HOST,
    port: dnsPort,
    random: Math.random,
    report: (error) => onTrouble('dns', error),
  });
  open.add(() => dns.close());
  const ledger = await serveLedger(join(folder, 'ledger'), settings.onBroken);
  open.add(() => ledger.close());
  return {
    core: kept.core,
    zoneMade: (zone) =>
      trail.add(
        zoneRecord({ eventId: randomUUID(), requestId: randomUUID(), at: now(), headers: new Map() }, zone),
      ),
    route53: route53.url,
    dynamodb: ledger.url,
    ledger,
    dns: { host: dns.host, port: dns.port },
  };
}
