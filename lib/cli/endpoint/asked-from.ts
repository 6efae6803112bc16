import { isIP } from 'node:net';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { AnswerScope } from '../../resolve/client-option.ts';
import type { DnsServerAddress } from '../../resolve/dns-transport.ts';
import type { World } from '../../wiring/world.ts';
import { BadInput } from '../command/failures.ts';
import { serverAddress } from '../command/server-address.ts';

/** Whom a command asks, and for whom. */
export interface AskFlags {
  /** A Region, a country, a subdivision, a continent, or an address. */
  readonly from?: string;
  readonly server?: DnsServerAddress;
}

/** For whom a name server was asked. */
export interface Asker {
  /** As it was given: `eu-west-1`, `192.0.2.1`. */
  readonly place: string;
  /** The IP address of a client there. */
  readonly client: string;
}

const REGION = /^[a-z]{2,5}(?:-[a-z]+)+(?:-[a-z]+)?-\d{1,2}(?:-[a-z]{3}-\d{1,2})?$/i;
const COUNTRY = /^[a-z]{2}(?:-[a-z0-9]{1,3})?$/i;
/** `continent-SA`, `country-SA`: for a code that is both, and for any other. */
const TOLD_APART = /^(continent|country)-([a-z]{2})$/i;
const EXAMPLE = '--from 192.0.2.1';

/** Adds `--from` and `--server` to a command. */
export function withAskOptions(command: Command): Command {
  return command
    .option(
      '--from <place>',
      'for a client at a Region (eu-west-1), in a country (DE) or a state (US-CA), or at an address (192.0.2.1)',
      placeText,
    )
    .option('--server <address>', 'an IP address, and perhaps a port: 192.0.2.53:5354', serverAddress);
}

/** The server that is meant: the one that was named, else that of a local world. @throws BadInput in AWS when none was named. */
export function askedServer(world: Pick<World, 'dns'>, { server }: AskFlags): DnsServerAddress {
  const asked = server ?? world.dns;
  if (asked !== undefined) return asked;
  throw new BadInput(
    'In AWS a zone has name servers of its own: name one by its IP address with --server ("dig NS" lists them).',
  );
}

/**
 * A client at the place, undefined when none was given. Only a local world's table of places knows who is where.
 *
 * @throws BadInput for a place that is no address where there is no such table, or nobody in it is there.
 */
export async function askerAt(
  { clientAt }: Pick<World, 'clientAt'>,
  place: string | undefined,
): Promise<Asker | undefined> {
  if (place === undefined) return undefined;
  if (isIP(place) !== 0) return { place, client: place };
  if (clientAt === undefined) {
    throw new BadInput(`--from ${place} needs an address of a client there: ${EXAMPLE}.`);
  }
  const client = await clientAt(place);
  if (client !== undefined) return { place, client };
  throw new BadInput(
    `--from ${place} needs an address of a client there (${EXAMPLE}), because the table of places (places.json) has nobody there.`,
  );
}

/** `from eu-west-1 (198.51.100.65), scope /32`; the scope is what the server says the answer is for. */
export function askerText(
  { place, client }: Asker,
  scopes: ReadonlyMap<AnswerScope, number> | undefined,
): string {
  const who = place === client ? place : `${place} (${client})`;
  const said = [...(scopes?.keys() ?? [])].map((scope) => {
    if (scope === 'none') return 'no scope (the server does not look at the client)';
    return scope === 0 ? 'scope /0 (the same for everybody)' : `scope /${scope}`;
  });
  return ['from', [who, ...said].join(', ')].join(' ');
}

/** What a document says of the asker; undefined when there was none. */
export function askerDocument(
  asker: Asker | undefined,
  scopes: ReadonlyMap<AnswerScope, number> | undefined,
): (Asker & { readonly scopes: Readonly<Record<string, number>> }) | undefined {
  return asker === undefined ? undefined : { ...asker, scopes: Object.fromEntries(scopes ?? []) };
}

/** A place in the form in which the table has it. */
function placeText(text: string): string {
  if (isIP(text) !== 0 && !text.includes('%')) return text;
  if (COUNTRY.test(text)) return text.toUpperCase();
  if (REGION.test(text)) return text.toLowerCase();
  const [, kind, code] = TOLD_APART.exec(text) ?? [];
  if (kind !== undefined && code !== undefined) return `${kind.toLowerCase()}-${code.toUpperCase()}`;
  throw new InvalidArgumentError(
    'It is a Region (eu-west-1), a country (DE), a state (US-CA), a continent (EU, continent-SA), or an address (192.0.2.1, 2001:db8::1).',
  );
}
