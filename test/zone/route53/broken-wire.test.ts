import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Route53Client } from '@aws-sdk/client-route-53';
import { afterEach, describe, expect, it } from 'vitest';
import { dnsName } from '../../../lib/plan/names.ts';
import { create } from '../../../lib/plan/records.ts';
import type { RateBudget } from '../../../lib/runtime/rate-budget.ts';
import { rateBudget } from '../../../lib/runtime/rate-budget.ts';
import { route53Quota } from '../../../lib/zone/route53/route53-quota.ts';
import type { Route53ZoneSettings } from '../../../lib/zone/route53/route53-zone.ts';
import { route53ClientDefaults, route53Zone } from '../../../lib/zone/route53/route53-zone.ts';
import { ZoneUnavailable } from '../../../lib/zone/zone.ts';
import { seededRandomness, virtualClock } from '../../runtime/virtual-clock.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const status =
  (code: number, body: string): Answer =>
  (_request, response) => {
    response.writeHead(code, { 'content-type': 'text/xml' }).end(body);
  };
const hangUp: Answer = (request) => request.socket.destroy();
const halfAnAnswer: Answer = (request, response) => {
  response.writeHead(200, { 'content-type': 'text/xml', 'content-length': '5000' });
  response.write('<ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/C1</Id>', () =>
    request.socket.destroy(),
  );
};
const silence: Answer = () => undefined;
const accepted = status(
  200,
  '<ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status><SubmittedAt>2026-11-21T10:00:00Z</SubmittedAt></ChangeInfo></ChangeResourceRecordSetsResponse>',
);
const error = (code: string, http: number): Answer =>
  status(
    http,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  );

const batch = {
  kind: 'scratch' as const,
  changes: [create({ name: dnsName('a.example.test'), type: 'TXT', ttl: 60, values: ['"x"'] })],
  comment: 'broken wire',
};

let server: Server | undefined;
let client: Route53Client | undefined;

/** A server that gives each request the next answer, the last one for ever, and counts what arrives. */
async function endpoint(...answers: readonly Answer[]) {
  let requests = 0;
  const paths: string[] = [];
  server = createServer((request, response) => {
    paths.push(`${request.method} ${request.url}`);
    // Read to the end first: what is lost is the answer, not the request.
    request.resume().on('end', () => {
      const answer = answers[Math.min(requests, answers.length - 1)];
      requests += 1;
      answer?.(request, response);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = new Route53Client({
    ...route53ClientDefaults,
    // As in production, but for a test's patience.
    requestHandler: { ...route53ClientDefaults.requestHandler, requestTimeout: 200 },
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: `http://127.0.0.1:${port}`,
  });
  const clock = virtualClock();
  const budget = rateBudget(
    { clock, randomness: seededRandomness() },
    { requestsPerSecond: 1_000, burst: 1_000, reserve: 0 },
  );
  const settings = { clock, randomness: seededRandomness(), budget, deadlineMs: 2_000 };
  const zone = route53Zone(client, 'Z1', settings);
  const quotaWith = (extra: Partial<Route53ZoneSettings>) =>
    route53Quota(client as Route53Client, 'Z1', { ...settings, ...extra });
  return { zone, quotaWith, requests: () => requests, paths: () => paths };
}

afterEach(async () => {
  client?.destroy();
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

describe('a batch whose answer does not arrive whole', () => {
  it.each([
    ['the connection ends', hangUp],
    ['half of the answer comes', halfAnAnswer],
    ['nothing comes', silence],
    ['the answer is not XML', status(200, 'Welcome to the captive portal')],
    ['the answer is another page', status(200, '<html><body>Sign in</body></html>')],
    ['the answer is empty', status(200, '')],
    ['a proxy refuses in HTML', status(403, '<html><head><br></head></html>')],
    ['a proxy refuses in plain text', status(413, 'too large')],
    ['the service fails', error('InternalFailure', 500)],
    ['the service is away', error('ServiceUnavailable', 503)],
  ])('is unknown and not sent again when %s', async (_case, answer) => {
    const { zone, requests } = await endpoint(answer);
    expect(await zone.change(batch)).toMatchObject({ type: 'unknown' });
    expect(requests()).toBe(1);
  });

  it('is not sent again either when a connection that was kept open ends', async () => {
    const { zone, requests } = await endpoint(accepted, hangUp);
    expect(await zone.change(batch)).toEqual({ type: 'accepted', changeId: 'C1' });
    expect(await zone.change(batch)).toMatchObject({ type: 'unknown' });
    expect(requests()).toBe(2);
  });

  it('is sent again after Throttling and PriorRequestNotComplete as they look on the wire', async () => {
    const { zone, requests } = await endpoint(
      error('Throttling', 400),
      error('PriorRequestNotComplete', 400),
      accepted,
    );
    expect(await zone.change(batch)).toEqual({ type: 'accepted', changeId: 'C1' });
    expect(requests()).toBe(3);
  });

  it('is sent once when Route 53 refuses it, whatever the clock of this machine says', async () => {
    const { zone, requests } = await endpoint((_request, response) => {
      response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString());
      error('InvalidChangeBatch', 400)(_request, response);
    });
    expect(await zone.change(batch)).toMatchObject({ type: 'rejected' });
    expect(requests()).toBe(1);
  });
});

const NAMESPACE = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';
const atRoot = (http: number, name: string, ...messages: readonly string[]): Answer =>
  status(
    http,
    `<?xml version="1.0"?>\n<${name} ${NAMESPACE}>${messages.map((text) => `<message>${text}</message>`).join('')}</${name}>`,
  );
const page = status(
  200,
  `<ListResourceRecordSetsResponse ${NAMESPACE}><ResourceRecordSets/><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems></ListResourceRecordSetsResponse>`,
);
const list = { name: dnsName('a.example.test') };

// Shapes on public record: Route 53's own (CommonErrors of the API reference, and "Throttling" with 400 as in
// github.com/aws/aws-sdk-java-v2/issues/2969 and github.com/aws/aws-sdk-js/issues/3652), the older form of
// InvalidChangeBatch (ChangeResourceRecordSets, API reference), and what gateways in front of services answer.
const BUSY: readonly (readonly [string, Answer])[] = [
  ['429 with nothing', status(429, '')],
  ['429 with a page', status(429, '<html><body>Too many requests</body></html>')],
  ['429 with the name at the root', atRoot(429, 'ThrottlingException', 'Rate exceeded')],
  ['400 with the name at the root', atRoot(400, 'ThrottlingException', 'Rate exceeded')],
  ['400 with an empty root', status(400, '<ThrottlingException/>')],
  ['400 in its own form', error('Throttling', 400)],
  ['400 in its own form by the other name', error('ThrottlingException', 400)],
  ['a prior request', error('PriorRequestNotComplete', 400)],
];

describe('a refusal, in every shape that is on record,', () => {
  it.each(BUSY)('is tried again when it says that it was too busy: %s', async (_shape, answer) => {
    const reading = await endpoint(answer, page);
    expect(await reading.zone.listRecords(list, 300)).toEqual({ records: [] });
    expect(reading.requests()).toBe(2);
  });

  it.each(BUSY)('a batch too, because it was not processed: %s', async (_shape, answer) => {
    const { zone, requests } = await endpoint(answer, accepted);
    expect(await zone.change(batch)).toEqual({ type: 'accepted', changeId: 'C1' });
    expect(requests()).toBe(2);
  });

  it.each([
    ['in its own form', error('AccessDenied', 403)],
    ['with the name at the root', atRoot(403, 'AccessDeniedException', 'not authorized')],
    ['with the name at the root and 400', atRoot(400, 'AccessDeniedException', 'not authorized')],
  ])('of permission is said with the permission: %s', async (_shape, answer) => {
    const { zone, requests } = await endpoint(answer);
    await expect(zone.listRecords(list, 300)).rejects.toThrow(/allow route53:ListResourceRecordSets to them/);
    await expect(zone.change(batch)).rejects.toThrow(/allow route53:ChangeResourceRecordSets to them/);
    expect(requests()).toBe(2);
  });

  it.each([
    ['LimitsExceeded', error('LimitsExceeded', 400), /LimitsExceeded/],
    ['MalformedInput', error('MalformedInput', 400), /MalformedInput/],
    ['MalformedInput at the root', atRoot(400, 'MalformedInput', 'Unexpected'), /MalformedInput: Unexpected/],
    ['InvalidChangeBatch at the root', atRoot(400, 'InvalidChangeBatch', 'one', 'two'), /: one, two/],
  ])('is for good, and its words are kept: %s', async (_shape, answer, words) => {
    const { zone, requests } = await endpoint(answer);
    expect(await zone.change(batch)).toMatchObject({
      type: 'rejected',
      reason: expect.stringMatching(words),
    });
    expect(requests()).toBe(1);
  });
});

describe('an endpoint where nobody listens', () => {
  it('leaves a batch unknown and a read unavailable', async () => {
    const { zone } = await endpoint(silence);
    await new Promise((resolve) => server?.close(resolve));
    expect(await zone.change(batch)).toMatchObject({ type: 'unknown' });
    await expect(zone.describe()).rejects.toThrow(ZoneUnavailable);
  });
});

const limitOf = (value: string): Answer =>
  status(
    200,
    `<GetHostedZoneLimitResponse><Limit><Type>MAX_RRSETS_BY_ZONE</Type><Value>${value}</Value></Limit><Count>31</Count></GetHostedZoneLimitResponse>`,
  );

describe('the question how much a zone may hold', () => {
  it('is one request, answered with the limit', async () => {
    const { quotaWith, paths } = await endpoint(limitOf('12000'));
    expect(await quotaWith({}).recordLimit()).toBe(12_000);
    expect(paths()).toEqual(['GET /2013-04-01/hostedzonelimit/Z1/MAX_RRSETS_BY_ZONE']);
  });

  it.each([
    ['the connection ends', hangUp],
    ['nothing comes', silence],
    ['the answer is another page', status(200, '<html><body>Sign in</body></html>')],
    ['the limit is no number', limitOf('many')],
    ['the limit is 0', limitOf('0')],
    ['these credentials may not ask', error('AccessDenied', 403)],
    ['the zone is gone', error('NoSuchHostedZone', 404)],
    ['the rate is exceeded', error('Throttling', 400)],
    ['the service is away', error('ServiceUnavailable', 503)],
  ])('is not answered, and not asked again, when %s', async (_case, answer) => {
    const { quotaWith, requests } = await endpoint(answer);
    expect(await quotaWith({}).recordLimit()).toBe('not-told');
    expect(requests()).toBe(1);
  });

  it('is not asked where the rate leaves no room for it', async () => {
    const { quotaWith, requests } = await endpoint(limitOf('12000'));
    const full: RateBudget = { take: async () => 'late' };
    expect(await quotaWith({ budget: full }).recordLimit()).toBe('not-told');
    expect(requests()).toBe(0);
  });
});
