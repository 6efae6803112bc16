import type { RecordType } from 'dns-packet';
import { decode, encode, RECURSION_DESIRED } from 'dns-packet';
import type { Clock } from '../runtime/clock.ts';
import type { Randomness } from '../runtime/ids.ts';
import type { ReadReply } from './answer-values.ts';
import { readReply } from './answer-values.ts';
import type { AnswerScope } from './client-option.ts';
import { clientOption, scopeOf } from './client-option.ts';
import type { DnsServerAddress, DnsTransport } from './dns-transport.ts';
import { ServerUnreachable } from './dns-transport.ts';

export interface ResolveDeps {
  readonly clock: Clock;
  /** Where the ids of the queries come from. */
  readonly randomness: Randomness;
  /** Opens the way to the server, once a call. */
  readonly connect: (server: DnsServerAddress) => Promise<DnsTransport>;
}

export interface ResolveRequest {
  readonly server: DnsServerAddress;
  /** A domain name, with or without the trailing dot. */
  readonly name: string;
  /** The IPv4 or IPv6 address of a client for whom to ask (EDNS client subnet, RFC 7871); unless given, for oneself. */
  readonly client?: string | undefined;
  /** Whether the server may ask others, and so answer from what it remembers; true unless given (RFC 1035, 4.1.1). */
  readonly recursion?: boolean;
  /** Each is asked `count` times. */
  readonly types: readonly RecordType[];
  /** 1 to 1,000,000. */
  readonly count: number;
  /** Queries under way at once, 1 to 256; 32 by default. */
  readonly concurrency?: number;
  /** Milliseconds that one attempt may take; 2,000 by default. */
  readonly timeoutMs?: number;
}

/**
 * Why a query has no reply: none came in time, nothing listens there, or a message came that is no reply to it.
 */
export type ResolveFailure = 'timeout' | 'unreachable' | 'malformed';

/** The distribution of the answers. Every query that was asked is in `rcodes` or in `errors`, once. */
export interface ResolveCounts {
  /** Each value in presentation form (a name with its trailing dot), and the replies that held it. */
  readonly answers: ReadonlyMap<string, number>;
  /** Each rcode by name (`NOERROR`, `NXDOMAIN`, …), and the replies that carried it. */
  readonly rcodes: ReadonlyMap<string, number>;
  readonly errors: ReadonlyMap<ResolveFailure, number>;
  /** Replies of rcode NOERROR without any value: the name exists, and no client can reach it. */
  readonly empty: number;
  /** Each scope that came back, and the replies that carried it; undefined unless a client was named. */
  readonly scopes?: ReadonlyMap<AnswerScope, number> | undefined;
  /** Queries sent: `count` times the number of types, or fewer when the server never answered. */
  readonly asked: number;
}

const COUNT_MAX = 1_000_000;
const CONCURRENCY_MAX = 256;
const CONCURRENCY = 32;
const TIMEOUT_MS = 2_000;
/** UDP may lose a datagram: a query is sent at most this many times by one transport. */
const ATTEMPTS_MAX = 2;
/** After this many failures without one answer no more queries are sent: the server will not answer those either. */
const FAILURES_MAX = 8;
const EDNS_UDP_OCTETS = 1232;
const IDS = 0x10000;
const IDS_PER_WORKER = IDS / CONCURRENCY_MAX;
/** Labels that dns-packet writes as they are. */
const NAME = /^(?=.{1,254}$)(?:(?![.\\])[!-~]){1,63}(?:\.(?:(?![.\\])[!-~]){1,63})*\.?$/;

/**
 * Asks one DNS server the same question many times and counts the answers: by UDP, and by TCP when a reply
 * is truncated. Queries run concurrently, each with a timeout; a failure is counted, not thrown.
 *
 * @throws RangeError when the name is invalid, or `count`, `concurrency` or the number of types is out of range.
 */
export async function resolveMany(deps: ResolveDeps, request: ResolveRequest): Promise<ResolveCounts> {
  const { types, count, concurrency = CONCURRENCY } = request;
  assertWithin('count', count, COUNT_MAX);
  assertWithin('concurrency', concurrency, CONCURRENCY_MAX);
  assertWithin('number of types', types.length, CONCURRENCY_MAX);
  if (!NAME.test(request.name)) throw new RangeError(`"${request.name}" is not a name to ask for.`);
  const tally = emptyTally(request.client !== undefined);
  const transport = await connected(deps, request.server);
  if (transport === undefined) {
    tally.fail('unreachable');
    return tally.counts();
  }
  const total = count * types.length;
  const firstId = Math.floor(deps.randomness.fraction() * IDS);
  let next = 0;
  const worker = async (place: number): Promise<void> => {
    for (let turn = 0; next < total && !tally.isHopeless(); turn += 1) {
      const type = types[next % types.length];
      if (type === undefined) return;
      next += 1;
      // Each worker uses its own ids, so that a late reply is never taken for the reply to another query.
      const id = (firstId + place * IDS_PER_WORKER + (turn % IDS_PER_WORKER)) % IDS;
      const reply = await ask(deps, transport, request, type, id);
      if (typeof reply === 'string') tally.fail(reply);
      else tally.add(reply);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, total) }, (_, place) => worker(place)));
  } finally {
    await transport.close();
  }
  return tally.counts();
}

async function connected(deps: ResolveDeps, server: DnsServerAddress): Promise<DnsTransport | undefined> {
  try {
    return await deps.connect(server);
  } catch (error) {
    if (error instanceof ServerUnreachable) return undefined;
    throw error;
  }
}

async function ask(
  deps: ResolveDeps,
  transport: DnsTransport,
  request: ResolveRequest,
  type: RecordType,
  id: number,
): Promise<ScopedReply | ResolveFailure> {
  const { client, recursion = true } = request;
  const query = encode({
    type: 'query',
    id,
    flags: recursion ? RECURSION_DESIRED : 0,
    questions: [{ name: request.name, type, class: 'IN' }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: EDNS_UDP_OCTETS,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: client === undefined ? [] : [clientOption(client)],
      },
    ],
  });
  const timeoutMs = request.timeoutMs ?? TIMEOUT_MS;
  const byUdp = (signal: AbortSignal) => transport.askUdp(query, signal);
  const byTcp = (signal: AbortSignal) => transport.askTcp(query, signal);
  const read = (bytes: Buffer) => understood(bytes, id, type, client);
  const reply = await attempts(deps, byUdp, timeoutMs, read);
  if (typeof reply === 'string' || !reply.truncated) return reply;
  return attempts(deps, byTcp, timeoutMs, read);
}

/** The scope only where a client was named. */
type ScopedReply = ReadReply & { readonly scope?: AnswerScope };

type Send = (signal: AbortSignal) => Promise<Buffer>;

async function attempts(
  deps: ResolveDeps,
  send: Send,
  timeoutMs: number,
  read: (bytes: Buffer) => ScopedReply | 'malformed',
): Promise<ScopedReply | ResolveFailure> {
  for (let attempt = 1; ; attempt += 1) {
    const bytes = await withTimeout(deps.clock, send, timeoutMs);
    if (bytes === 'timeout' && attempt < ATTEMPTS_MAX) continue;
    return typeof bytes === 'string' ? bytes : read(bytes);
  }
}

async function withTimeout(
  clock: Clock,
  send: Send,
  timeoutMs: number,
): Promise<Buffer | 'timeout' | 'unreachable'> {
  const sending = new AbortController();
  const timer = new AbortController();
  const expired = clock.sleep(timeoutMs, timer.signal).then(
    () => sending.abort(new Error(`no answer within ${timeoutMs} ms`)),
    () => undefined,
  );
  try {
    return await send(sending.signal);
  } catch (error) {
    if (sending.signal.aborted) return 'timeout';
    if (error instanceof ServerUnreachable) return 'unreachable';
    throw error;
  } finally {
    timer.abort();
    await expired;
  }
}

/** The reply to exactly this query, or `malformed`: a server may send anything. */
function understood(
  bytes: Buffer,
  id: number,
  type: RecordType,
  client: string | undefined,
): ScopedReply | 'malformed' {
  try {
    const packet = decode(bytes);
    if (packet.id !== id || packet.type !== 'response') return 'malformed';
    const reply = readReply(packet, type);
    if (client === undefined) return reply;
    const scope = scopeOf(packet, client);
    return scope === 'other' ? 'malformed' : { ...reply, scope };
  } catch {
    return 'malformed';
  }
}

interface Tally {
  add(reply: ScopedReply): void;
  fail(failure: ResolveFailure): void;
  isHopeless(): boolean;
  counts(): ResolveCounts;
}

function emptyTally(isScoped: boolean): Tally {
  const answers = new Map<string, number>();
  const rcodes = new Map<string, number>();
  const errors = new Map<ResolveFailure, number>();
  const scopes = new Map<AnswerScope, number>();
  let [empty, replies, failures] = [0, 0, 0];
  return {
    add: (reply) => {
      replies += 1;
      increment(rcodes, reply.rcode);
      if (reply.rcode === 'NOERROR' && reply.values.length === 0) empty += 1;
      for (const value of reply.values) increment(answers, value);
      if (reply.scope !== undefined) increment(scopes, reply.scope);
    },
    fail: (failure) => {
      failures += 1;
      increment(errors, failure);
    },
    isHopeless: () => replies === 0 && failures >= FAILURES_MAX,
    counts: () => ({
      ...{ answers, rcodes, errors, empty, asked: replies + failures },
      ...(isScoped ? { scopes } : {}),
    }),
  };
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function assertWithin(what: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new RangeError(`The ${what} is a whole number from 1 to ${max}, not ${value}.`);
  }
}
