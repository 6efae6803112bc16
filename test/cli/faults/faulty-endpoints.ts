import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Route53Client } from '@aws-sdk/client-route-53';
import type { AppendOnlyTable } from '../../../lib/emulator/dynamodb/append-only-table.ts';
import type { RequestFields } from '../../../lib/emulator/dynamodb/request-fields.ts';
import { answerStrictly } from '../../../lib/emulator/dynamodb/strict-requests.ts';
import type { Route53 } from '../../../lib/emulator/route53.ts';
import { answerRequest } from '../../../lib/emulator/wire/answer-request.ts';
import { dynamodbClientDefaults } from '../../../lib/wiring/connect.ts';
import { route53ClientDefaults } from '../../../lib/zone/route53/route53-zone.ts';
import type { VirtualClock } from '../../runtime/virtual-clock.ts';

export type Endpoint = 'route53' | 'dynamodb';

/** What may happen to a request between the command line and its endpoint, or to its answer. */
export const FAULTS = [
  'refused connection',
  'reset connection',
  'hang',
  'name that does not resolve',
  'denied',
  'expired credentials',
  'skewed clock',
  'throttled',
  '429',
  '500',
  '503',
  'page of a proxy',
  'page without a form',
  'lost answer',
] as const;

export type Fault = (typeof FAULTS)[number];

export const TABLE = 'pawl-ledger';
const PLACE = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
/** What a hanging request takes: on the stage's clock as in production, in reality no longer than a test's patience. */
const HANG = { stagedMs: 15_000, realMs: 25 };
const NOBODY = 'endpoint.invalid';
const FAULT_HEADER = 'x-test-fault';
const COMMAND_HEADER = 'x-test-command';
const INDEX_HEADER = 'x-test-index';

/** One request of a command, in order. */
export interface SeenRequest {
  readonly endpoint: Endpoint;
  /** What it stored, by the words that a person is told: an event's type, a batch's comment. Absent for what is no write. */
  stored?: string;
  /** Whether it asks for a write: an event, or a batch. A body says nothing before an event names it. */
  readonly isWrite: boolean;
}

/** From this request on (an index into all of a command's requests) the endpoint has the fault. */
export interface Disturbance {
  readonly endpoint: Endpoint;
  readonly from: number;
  readonly fault: Fault;
  /** One request alone. */
  readonly once?: boolean;
}

/** What stands behind the endpoints. */
export interface Behind {
  readonly core: Route53;
  readonly table: AppendOnlyTable;
  readonly clock: VirtualClock;
}

/** Both endpoints on one port of the loopback, real clients, and whatever happens between them. */
export interface FaultyEndpoints {
  readonly route53: Route53Client;
  readonly dynamodb: DynamoDBClient;
  /** Begins a command: what answers from now on, and what is disturbed. Gives the list that its requests are added to. */
  begin(behind: Behind, disturbance?: Disturbance): readonly SeenRequest[];
  close(): Promise<void>;
}

/** The part of an SDK client that its requests go through, and of such a request. */
interface WireLike {
  hostname: string;
  port?: number;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers: Record<string, string>;
}

export async function faultyEndpoints(): Promise<FaultyEndpoints> {
  let behind: Behind | undefined;
  let disturbance: Disturbance | undefined;
  let seen: SeenRequest[] = [];
  let commands = 0;
  const server = createServer((request, response) => {
    // A command that has failed may have left a request on its way. Nobody waits for the answer.
    const isLeftOver = Number(request.headers[COMMAND_HEADER]) < commands;
    if (isLeftOver) request.socket.destroy();
    else void answer(request, response, behind, seen);
  });
  const endpoint = `http://127.0.0.1:${await listen(server)}`;
  const closed = await closedPort();
  const httpAgent = new Agent({ keepAlive: true, lookup: nothingResolves });
  const requestHandler = { ...route53ClientDefaults.requestHandler, httpAgent };
  const route53 = new Route53Client({ ...route53ClientDefaults, ...PLACE, endpoint, requestHandler });
  const dynamodb = new DynamoDBClient({ ...dynamodbClientDefaults, ...PLACE, endpoint, requestHandler });
  const onTheWay = (to: Endpoint, request: WireLike): Fault | undefined => {
    const index = seen.length;
    seen.push({ endpoint: to, isWrite: isWrite(to, request) });
    request.headers[COMMAND_HEADER] = String(commands);
    request.headers[INDEX_HEADER] = String(index);
    if (disturbance === undefined || disturbance.endpoint !== to || index < disturbance.from)
      return undefined;
    const { fault, once, from } = disturbance;
    if (once === true && index > from) return undefined;
    if (fault === 'refused connection') request.port = closed;
    else if (fault === 'name that does not resolve') request.hostname = NOBODY;
    else request.headers[FAULT_HEADER] = fault;
    if (fault === 'hang') behind?.clock.shift(HANG.stagedMs);
    return fault;
  };
  disturb(route53.config.requestHandler, (request) => onTheWay('route53', request));
  disturb(dynamodb.config.requestHandler, (request) => onTheWay('dynamodb', request));
  return {
    route53,
    dynamodb,
    begin: (next, what) => {
      behind = next;
      disturbance = what;
      seen = [];
      commands += 1;
      return seen;
    },
    close: async () => {
      route53.destroy();
      dynamodb.destroy();
      httpAgent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Looks at each request of a client after it was signed. */
function disturb(
  handler: { handle(request: never, options?: never): Promise<unknown> },
  look: (request: WireLike) => Fault | undefined,
): void {
  const handle = handler.handle.bind(handler) as (request: WireLike, options: unknown) => Promise<unknown>;
  const changed = (request: WireLike, options: object) => {
    const hangs = look(request) === 'hang';
    return handle(request, hangs ? { ...options, requestTimeout: HANG.realMs } : options);
  };
  Object.assign(handler, { handle: changed });
}

function isWrite(to: Endpoint, { method, path, headers, body }: WireLike): boolean {
  if (to === 'route53') return method === 'POST' && /\/rrset\/?$/.test(path);
  return (headers['x-amz-target'] ?? '').endsWith('.PutItem') && String(body).includes('"event":');
}

const nothingResolves: NonNullable<ConstructorParameters<typeof Agent>[0]>['lookup'] = (name, _, done) => {
  const system = { code: 'ENOTFOUND', errno: -3_008, syscall: 'getaddrinfo', hostname: name };
  done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), system), []);
};

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  behind: Behind | undefined,
  seen: readonly SeenRequest[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  const fault = request.headers[FAULT_HEADER];
  if (fault === 'reset connection') request.socket.destroy();
  if (fault === 'reset connection' || fault === 'hang') return;
  const noted = seen[Number(request.headers[INDEX_HEADER])];
  if (behind === undefined || noted === undefined) throw new Error('a request came outside of a command');
  const refusal = typeof fault === 'string' ? REFUSALS[fault]?.[noted.endpoint] : undefined;
  const { status, type, body: text } = refusal ?? perform(request, body, behind, noted);
  if (fault === 'lost answer') request.socket.destroy();
  else response.writeHead(status, { 'content-type': type, server: 'a test' }).end(text);
}

function perform(request: IncomingMessage, body: string, behind: Behind, noted: SeenRequest): Answer {
  if (noted.endpoint === 'dynamodb') {
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const fields = JSON.parse(body) as RequestFields & {
      readonly Item?: { readonly event?: { readonly S: string } };
    };
    const { status, body: answered } = answerStrictly(behind.table, TABLE, operation, fields);
    const event = fields.Item?.event?.S;
    if (status === 200 && event !== undefined)
      noted.stored = (JSON.parse(event) as { readonly type: string }).type;
    return { status, type: JSON_TYPE, body: JSON.stringify(answered) };
  }
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const { status, body: answered } = answerRequest(behind.core, {
    method: request.method ?? 'GET',
    path,
    query: new Map(new URLSearchParams(query.join('?'))),
    headers: new Map(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body,
  });
  if (status === 200 && noted.isWrite) noted.stored = /<Comment>(.*?)<\/Comment>/.exec(body)?.[1] ?? '';
  return { status, type: 'text/xml', body: answered };
}

const JSON_TYPE = 'application/x-amz-json-1.0';

function refused(
  status: readonly [route53: number, dynamodb: number],
  code: readonly [route53: string, dynamodb: string],
  message: string,
): Readonly<Record<Endpoint, Answer>> {
  const xml = `<ErrorResponse><Error><Type>Sender</Type><Code>${code[0]}</Code><Message>${message}</Message></Error><RequestId>test</RequestId></ErrorResponse>`;
  const json = JSON.stringify({ __type: `com.amazon.coral.service#${code[1]}`, message });
  return {
    route53: { status: status[0], type: 'text/xml', body: xml },
    dynamodb: { status: status[1], type: JSON_TYPE, body: json },
  };
}

function foreign(status: number, type: string, body: string): Readonly<Record<Endpoint, Answer>> {
  return { route53: { status, type, body }, dynamodb: { status, type, body } };
}

const SKEW = 'Signature expired: 20261121T100000Z is now earlier than 20261121T110000Z';

/** The answer of a fault that has one, in the form of each service. */
const REFUSALS: Readonly<Record<string, Readonly<Record<Endpoint, Answer>>>> = {
  denied: refused([403, 400], ['AccessDenied', 'AccessDeniedException'], 'User test is not authorized'),
  'expired credentials': refused(
    [403, 400],
    ['ExpiredToken', 'ExpiredTokenException'],
    'The token has expired',
  ),
  'skewed clock': refused([403, 400], ['SignatureDoesNotMatch', 'InvalidSignatureException'], SKEW),
  throttled: refused([400, 400], ['Throttling', 'ThrottlingException'], 'Rate exceeded'),
  '429': foreign(429, 'text/plain', 'slow down'),
  '500': refused([500, 500], ['InternalFailure', 'InternalServerError'], 'An internal failure'),
  '503': refused([503, 503], ['ServiceUnavailable', 'ServiceUnavailable'], 'Away'),
  'page of a proxy': foreign(
    200,
    'text/html',
    '<!doctype html><html><head><br></head><body>Sign in</body></html>',
  ),
  'page without a form': foreign(200, 'text/html', '<html><body>Sign in</body></html>'),
};
