import type { Answer } from 'dns-packet';
import { decode, encode } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { delegatedTo, NoDelegationAnswer } from '../../lib/resolve/delegation.ts';
import { ServerUnreachable } from '../../lib/resolve/dns-transport.ts';

const SERVER = { host: '192.0.2.53', port: 53 };
const AUTHORITATIVE = 1 << 10;
const TRUNCATED = 1 << 9;
const NXDOMAIN = 3;

interface Reply {
  readonly flags?: number;
  readonly answers?: readonly Answer[];
  readonly authorities?: readonly Answer[];
}

function ns(name: string, data: string): Answer {
  return { type: 'NS', class: 'IN', name, ttl: 60, data };
}

async function asked(byUdp: Reply, byTcp: Reply = byUdp): Promise<readonly string[] | undefined> {
  const reply = ({ flags = 0, answers = [], authorities = [] }: Reply, query: Uint8Array) => {
    const { id, questions } = decode(Buffer.from(query));
    return encode({
      id,
      type: 'response',
      flags,
      questions,
      answers: [...answers],
      authorities: [...authorities],
    });
  };
  const connect = async () => ({
    askUdp: async (query: Uint8Array) => reply(byUdp, query),
    askTcp: async (query: Uint8Array) => reply(byTcp, query),
    close: async () => undefined,
  });
  return delegatedTo({ randomness: { fraction: () => 0.5 }, connect }, SERVER, 'example.test');
}

describe('what a zone above delegates to', () => {
  it('is in a referral, or in an answer of a server of both zones', async () => {
    const referral = [ns('example.test', 'NS-1.example.net'), ns('example.test', 'ns-2.example.net')];
    expect(await asked({ authorities: referral })).toEqual(['ns-1.example.net', 'ns-2.example.net']);
    expect(await asked({ flags: AUTHORITATIVE, answers: referral })).toHaveLength(2);
  });

  it('is asked again by TCP when it did not fit', async () => {
    const whole = { authorities: [ns('example.test', 'ns-1.example.net')] };
    expect(await asked({ flags: TRUNCATED }, whole)).toEqual(['ns-1.example.net']);
  });

  it('is nothing where the zone above says so itself', async () => {
    expect(await asked({ flags: AUTHORITATIVE | NXDOMAIN })).toBeUndefined();
    expect(
      await asked({ flags: AUTHORITATIVE, authorities: [ns('test', 'ns-1.example.net')] }),
    ).toBeUndefined();
  });

  it('is not known from a server that is no authority, or that does not answer', async () => {
    await expect(asked({})).rejects.toThrow(NoDelegationAnswer);
    const connect = async () => {
      throw new ServerUnreachable('Nobody is there.');
    };
    const deps = { randomness: { fraction: () => 0 }, connect };
    await expect(delegatedTo(deps, SERVER, 'example.test')).rejects.toThrow(ServerUnreachable);
  });
});
