import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { afterEach, describe, expect, it } from 'vitest';
import { failedRequest, failureText } from '../../lib/runtime/failed-request.ts';

const PLACE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listening(answer: (response: ServerResponse) => void): Promise<string> {
  server = createServer((request, response) => request.resume().on('end', () => answer(response)));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What each SDK throws for one request to this endpoint, which has so many milliseconds to answer. */
async function failuresAt(
  endpoint: string,
  requestTimeout = 30_000,
): Promise<readonly [route53: unknown, dynamodb: unknown]> {
  const requestHandler = { connectionTimeout: 30_000, requestTimeout, throwOnRequestTimeout: true };
  const route53 = new Route53Client({ ...PLACE, endpoint, requestHandler });
  const dynamodb = new DynamoDBClient({ ...PLACE, endpoint, requestHandler });
  const thrown = (sent: Promise<unknown>): Promise<unknown> =>
    sent.then(
      () => undefined,
      (error: unknown) => error,
    );
  const both = [
    await thrown(route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z1' }))),
    await thrown(dynamodb.send(new QueryCommand({ TableName: 'pawl' }))),
  ] as const;
  route53.destroy();
  dynamodb.destroy();
  return both;
}

const PAGE = '<!doctype html><html><head><br></head><body>Sign in</body></html>';

describe('the reason of a failed request, as both SDKs throw it', () => {
  it.each([
    [200, 'text/html'],
    [403, 'text/html'],
    [503, 'text/plain'],
  ])('names the status and the sender of a foreign answer (%i, %s)', async (status, type) => {
    const endpoint = await listening((response) =>
      response.writeHead(status, { 'content-type': type, server: 'nginx', via: '1.1 gate' }).end(PAGE),
    );
    const [route53, dynamodb] = await failuresAt(endpoint);
    const about = `(${type}, from nginx, via 1.1 gate), perhaps a proxy's`;
    expect(failureText(route53, 'Route 53')).toBe(
      `an answer with status ${status} came that is not Route 53's ${about}`,
    );
    expect(failureText(dynamodb, 'DynamoDB')).toBe(
      `an answer with status ${status} came that is not DynamoDB's ${about}`,
    );
    for (const error of [route53, dynamodb])
      expect(failedRequest(error)).toMatchObject({ status, isForeign: true });
  });

  it('names the address where nobody listens', async () => {
    const endpoint = await listening(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    for (const error of await failuresAt(endpoint))
      expect(failureText(error, 'X')).toBe(`nobody listens at ${endpoint.slice(7)} (ECONNREFUSED)`);
  });

  it('says that the connection ended', async () => {
    const endpoint = await listening((response) => response.destroy());
    for (const error of await failuresAt(endpoint))
      expect(failureText(error, 'X')).toBe('the connection ended before an answer came (ECONNRESET)');
  });

  it('says that nothing came in time', async () => {
    const endpoint = await listening(() => undefined);
    for (const error of await failuresAt(endpoint, 40))
      expect(failureText(error, 'X')).toBe('no answer came in time (ETIMEDOUT)');
  });
});

describe('the reason of a failed request', () => {
  const system = (fields: object) => Object.assign(new Error('inner words'), fields);

  it.each([
    [
      'the name dns.example does not resolve (ENOTFOUND)',
      system({ code: 'ENOTFOUND', hostname: 'dns.example' }),
    ],
    ['the name of the endpoint does not resolve (EAI_AGAIN)', system({ code: 'EAI_AGAIN' })],
    ['nobody listens at the endpoint (ECONNREFUSED)', system({ code: 'ECONNREFUSED' })],
    [
      'nobody listens at [::1]:4580 (ECONNREFUSED)',
      new AggregateError([system({ code: 'ECONNREFUSED', address: '::1', port: 4580 })]),
    ],
    [
      'the connection to 192.0.2.1:443 failed (EHOSTUNREACH)',
      system({ code: 'EHOSTUNREACH', address: '192.0.2.1', port: 443 }),
    ],
    ['the connection failed (HPE_INVALID_CONSTANT)', system({ code: 'HPE_INVALID_CONSTANT' })],
    ['no answer came in time', Object.assign(new Error('x'), { name: 'TimeoutError' })],
    ['ExpiredToken: it has expired', Object.assign(new Error('it has expired'), { name: 'ExpiredToken' })],
    [
      'InternalServerError: oops (status 500)',
      Object.assign(new Error('oops'), { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } }),
    ],
    ['it broke', new Error('it broke')],
    ['undefined', undefined],
    [
      "an answer with status unknown came that is not X's, perhaps a proxy's",
      Object.assign(new Error('x'), { $response: {} }),
    ],
  ])('is: %s', (text, error) => {
    expect(failureText(error, 'X')).toBe(text);
  });
});
