import type { Answer } from 'dns-packet';
import { decode, encode } from 'dns-packet';
import type { DnsServerAddress, DnsTransport } from './dns-transport.ts';

export interface DelegationDeps {
  /** Where the ids of the queries come from: a fraction from 0 to 1. */
  readonly randomness: { fraction(): number };
  /** Opens the way to the server, once a call. */
  readonly connect: (server: DnsServerAddress) => Promise<DnsTransport>;
}

const IDS = 0x10000;
const TIMEOUT_MS = 3_000;
/** A server of the zone above that says there is no such name, or nothing below it (RFC 1035, section 4.1.1). */
const DENIALS: readonly string[] = ['NOERROR', 'NXDOMAIN'];

/** A server that is no authority on the question, or whose answer cannot be read. The message is a clause. */
export class NoDelegationAnswer extends Error {
  override readonly name = 'NoDelegationAnswer';
}

/**
 * The name servers to which a server of the zone above refers for `zone`, without a dot at the end; undefined when it
 * says that it delegates no such zone. The question does not ask for recursion, so that what a cache remembers, or
 * what the zone says of itself, is not taken for it (RFC 1034, section 4.3.2).
 *
 * @throws NoDelegationAnswer, ServerUnreachable, or a TimeoutError.
 */
export async function delegatedTo(
  { randomness, connect }: DelegationDeps,
  server: DnsServerAddress,
  zone: string,
): Promise<readonly string[] | undefined> {
  const id = Math.floor(randomness.fraction() * IDS);
  const query = encode({ type: 'query', id, flags: 0, questions: [{ name: zone, type: 'NS', class: 'IN' }] });
  const transport = await connect(server);
  try {
    const short = read(await transport.askUdp(query, AbortSignal.timeout(TIMEOUT_MS)), id);
    const packet = short.flag_tc
      ? read(await transport.askTcp(query, AbortSignal.timeout(TIMEOUT_MS)), id)
      : short;
    const told = [...(packet.answers ?? []), ...(packet.authorities ?? [])];
    const names = told.flatMap((answer) => serverOf(answer, zone));
    if (names.length > 0) return names;
    if (DENIALS.includes(packet.rcode) && packet.flag_aa) return undefined;
    throw new NoDelegationAnswer(`${server.host} is no authority on ${zone} (${packet.rcode})`);
  } finally {
    await transport.close();
  }
}

type Reply = ReturnType<typeof decode> & { readonly rcode: string };

function read(bytes: Buffer, id: number): Reply {
  try {
    // dns-packet knows the rcode, its type declarations do not.
    const packet = decode(bytes) as Reply;
    if (packet.id === id && packet.type === 'response') return packet;
  } catch {
    // What cannot be decoded is no answer either.
  }
  throw new NoDelegationAnswer('a message came that is no answer to the question');
}

function serverOf(answer: Answer, zone: string): readonly string[] {
  if (answer.type !== 'NS' || answer.name.toLowerCase() !== zone) return [];
  return [answer.data.toLowerCase().replace(/\.$/, '')];
}
