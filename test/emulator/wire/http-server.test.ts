import { afterEach, describe, expect, test } from 'vitest';
import type { Route53Server } from '../../../lib/emulator/wire/http-server.ts';
import { PortInUse, serveRoute53 } from '../../../lib/emulator/wire/http-server.ts';
import { account } from '../account.ts';

const open: Route53Server[] = [];

async function serve(port = 0): Promise<Route53Server> {
  const server = await serveRoute53(account().core, { port });
  open.push(server);
  return server;
}

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

describe('the HTTP server', () => {
  test('listens on loopback at a free port, and says where', async () => {
    const { url, port } = await serve();
    expect(url).toBe(`http://127.0.0.1:${port}`);
    const answer = await fetch(`${url}/2013-04-01/hostedzone?maxitems=1`, {
      headers: { authorization: 'AWS4-HMAC-SHA256 x' },
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<Name>example.test.</Name>');
  });

  test('says which port is taken', async () => {
    const { port } = await serve();
    const error = await serve(port).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PortInUse);
    expect(error).toMatchObject({ port, message: `Port ${port} of 127.0.0.1 is in use.` });
  });

  test('frees the port when it is closed, also while a connection is open', async () => {
    const first = await serve();
    await fetch(first.url).then((answer) => answer.text());
    await first.close();
    const second = await serve(first.port);
    expect(second.port).toBe(first.port);
  });

  test('refuses a body that is too long, and goes on', async () => {
    const { url } = await serve();
    const headers = { authorization: 'AWS4-HMAC-SHA256 x' };
    const path = `${url}/2013-04-01/hostedzone/Z1/rrset`;
    const answer = await fetch(path, { method: 'POST', headers, body: 'x'.repeat(4_000_001) });
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('<Code>RequestEntityTooLarge</Code>');
    expect((await fetch(path, { headers })).status).toBe(200);
  });

  test('refuses a request that nobody signed', async () => {
    const { url } = await serve();
    const answer = await fetch(`${url}/2013-04-01/hostedzone`);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });
});

describe('the HTTP server of an emulator that is kept', () => {
  const headers = { authorization: 'AWS4-HMAC-SHA256 x' };
  const body =
    '<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>kept.test</Name><CallerReference>a</CallerReference></CreateHostedZoneRequest>';

  async function served(settled: () => Promise<void>): Promise<string> {
    const server = await serveRoute53(account().core, { port: 0, settled });
    open.push(server);
    return `${server.url}/2013-04-01/hostedzone`;
  }

  test('answers a write once it is on disk, and not before', async () => {
    const steps: string[] = [];
    const disk = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const url = await served(() => {
      asked.resolve();
      return disk.promise;
    });
    const answer = fetch(url, { method: 'POST', headers, body }).then(({ status }) => {
      steps.push('answered');
      return status;
    });
    await asked.promise;
    steps.push('on disk');
    disk.resolve();
    expect(await answer).toBe(201);
    expect(steps).toEqual(['on disk', 'answered']);
  });

  test('says of a write that the disk does not take that it is not known, and goes on showing', async () => {
    const url = await served(() => Promise.reject(new Error('ENOSPC')));
    const written = await fetch(url, { method: 'POST', headers, body });
    expect([written.status, await written.text()]).toEqual([500, expect.stringContaining('InternalFailure')]);
    expect((await fetch(`${url}?maxitems=1`, { headers })).status).toBe(200);
  });
});
