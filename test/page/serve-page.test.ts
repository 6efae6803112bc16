import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PAGE_PATHS } from '../../lib/page/page-files.ts';
import { FOLLOWERS_MAX, PagePortInUse, servePage } from '../../lib/page/serve-page.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { askPage, servedPage, stillViews } from './asked-page.ts';

const PRIVATE = ['/api/world', '/api/cell/use1-a', '/events'];

describe('the files of the page', () => {
  it.each(PAGE_PATHS)('are there, and say how they may be used: %s', async (path) => {
    const { port } = await servedPage(stillViews());
    const { status, headers, body } = await askPage(port, path);
    expect(status).toBe(200);
    expect(body.length).toBeGreaterThan(100);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('unsafe');
  });

  it('name no other server, and nothing inline', async () => {
    const { port } = await servedPage(stillViews());
    for (const path of PAGE_PATHS) {
      const { body } = await askPage(port, path);
      const own = body.replaceAll(/http:\/\/www\.w3\.org\/(2000\/svg|1999\/xhtml|1999\/xlink)/g, '');
      expect(own, path).not.toMatch(/https?:\/\/|@import|url\(/);
    }
    const { body } = await askPage(port, '/');
    expect(body).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=/);
  });

  it.each([
    '/../package.json',
    '/%2e%2e/serve-page.ts',
    '/client/main.js',
    '/favicon.ico',
    '//',
    '/main.js/',
  ])('are nothing else: %s', async (path) => {
    const { port } = await servedPage(stillViews());
    expect((await askPage(port, path)).status).toBe(404);
  });
});

describe('what is refused', () => {
  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('is %s at every address', async (method) => {
    const { port } = await servedPage(stillViews());
    for (const path of [...PAGE_PATHS, ...PRIVATE, '/nothing']) {
      const { status, headers } = await askPage(port, path, { method });
      expect([path, status, headers.allow]).toEqual([path, 405, 'GET, HEAD']);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it.each<[string, Record<string, string>, number]>([
    ['a name that was pointed here', { host: 'rebound.example.com' }, 421],
    ['another origin', { origin: 'https://example.com' }, 403],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ])('is %s at every address', async (_, headers, expected) => {
    const { port } = await servedPage(stillViews());
    for (const path of [...PAGE_PATHS, ...PRIVATE]) {
      expect((await askPage(port, path, { headers })).status, path).toBe(expected);
    }
  });

  it('is whoever has no token, where something of the world is told', async () => {
    const { port, url } = await servedPage(stillViews(), { token: 'the-token' });
    expect(url).toBe(`http://127.0.0.1:${port}/#token=the-token`);
    for (const path of PRIVATE) {
      expect((await askPage(port, path)).status, path).toBe(401);
      expect((await askPage(port, `${path}?token=the-token`)).status, path).toBe(401);
    }
    const headers = { authorization: 'Bearer the-token' };
    expect((await askPage(port, '/api/world', { headers })).status).toBe(200);
    expect((await askPage(port, '/')).status).toBe(200);
  });
});

describe('a view', () => {
  it('is given by the words of its address, and HEAD gives no body', async () => {
    const { port } = await servedPage(stillViews());
    const { status, headers, body } = await askPage(port, '/api/name/%2A.apps.example.test');
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.parse(body)).toEqual({ path: ['name', '*.apps.example.test'] });
    const head = await askPage(port, '/api/world', { method: 'HEAD' });
    expect([head.status, head.body]).toEqual([200, '']);
    expect((await askPage(port, '/events', { method: 'HEAD' })).body).toBe('');
  });

  it('says what is not there, what could not be read, and what is a mistake of the page', async () => {
    const outcomes = {
      none: { type: 'none', says: 'no such cell' },
      failed: { type: 'failed', says: 'Route 53 does not answer' },
    } as const;
    const { port, troubles } = await servedPage(
      stillViews({
        view: async ([kind]) => {
          if (kind === 'none' || kind === 'failed') return outcomes[kind];
          throw new Error('secret detail');
        },
      }),
    );
    expect(await askPage(port, '/api/none')).toMatchObject({ status: 404, body: '{"says":"no such cell"}' });
    expect(await askPage(port, '/api/failed')).toMatchObject({ status: 502 });
    const broken = await askPage(port, '/api/broken');
    expect([broken.status, broken.body.includes('secret')]).toEqual([500, false]);
    expect(troubles).toHaveLength(1);
    expect((await askPage(port, '/api/%E0%A4%A')).status).toBe(400);
  });

  it('holds no text that turns or hides what stands beside it, and none that a browser would take for HTML', async () => {
    const evil = '<script>alert("x")</script>\u202ekcab';
    const { port } = await servedPage(
      stillViews({ view: async () => ({ type: 'found', document: { reason: evil, list: [evil] } }) }),
    );
    const { headers, body } = await askPage(port, '/api/cell/use1-a');
    expect(body).not.toContain('\u202e');
    expect(JSON.parse(body)).toEqual({
      reason: evil.replace('\u202e', '?'),
      list: [evil.replace('\u202e', '?')],
    });
    expect(headers['content-type']).toMatch(/^application\/json/);
  });

  it('is read once for all who ask at the same time, and no more often than its bound', async () => {
    let reads = 0;
    const { port } = await servedPage(
      stillViews({
        view: async (path) => {
          reads += 1;
          return { type: 'found', document: path };
        },
      }),
      { everyMs: 60_000 },
    );
    await Promise.all(Array.from({ length: 12 }, () => askPage(port, '/api/cell/use1-a')));
    expect(reads).toBe(1);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => askPage(port, `/api/cell/c-${index}`)),
    );
    expect(answers.some(({ status, headers }) => status === 503 && headers['retry-after'] === '1')).toBe(
      true,
    );
    expect(reads).toBeLessThan(40);
  });
});

describe('the looks', () => {
  /** Reads the stream until a block has the text. */
  async function follow(port: number, until: string): Promise<string> {
    const ending = new AbortController();
    const response = await fetch(`http://127.0.0.1:${port}/events`, { signal: ending.signal });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    let text = '';
    if (response.body === null) throw new Error('There is no stream.');
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes(until)) break;
    }
    ending.abort();
    return text;
  }

  it('are told as they come, and are taken while somebody follows', async () => {
    let looks = 0;
    const { port } = await servedPage(
      stillViews({
        look: async () => {
          looks += 1;
          return { cells: [{ looks }], events: [{ number: looks }] };
        },
      }),
    );
    expect(looks).toBe(0);
    await follow(port, '"looks":3');
    const text = await follow(port, '"looks":5');
    // A newcomer is told at once what is known, all events that were seen among it.
    expect(text.split('\n')[1]).toMatch(/^data: .*"events":\[\{"number":1\},\{"number":2\}/);
  });

  it('say since when they fail and why, and what was seen last stays', async () => {
    let isDead = false;
    const { port } = await servedPage(
      stillViews({
        look: async () => {
          if (isDead) throw new Error('The ledger does not answer.');
          return { cells: [{ cell: 'use1-a' }], events: [] };
        },
      }),
    );
    await follow(port, '"cell":"use1-a"');
    isDead = true;
    const text = await follow(port, 'does not answer');
    expect(text).toMatch(/"failed":\{"since":\d+,"reason":"The ledger does not answer\."\}/);
    expect(text).toContain('"cell":"use1-a"');
  });

  it('are told to a bounded number of pages', async () => {
    const { port } = await servedPage(stillViews());
    const ending = new AbortController();
    onTestFinished(() => ending.abort());
    const open = Array.from({ length: FOLLOWERS_MAX }, () =>
      fetch(`http://127.0.0.1:${port}/events`, { signal: ending.signal }),
    );
    expect((await Promise.all(open)).map(({ status }) => status)).toEqual(open.map(() => 200));
    const { status, body } = await askPage(port, '/events');
    expect([status, body]).toEqual([503, `${FOLLOWERS_MAX} pages are open already: close one of them.\n`]);
  });
});

describe('the server', () => {
  it('listens on the loopback alone, and says when its port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen({ host: '127.0.0.1', port: 0 }, resolve));
    onTestFinished(() => {
      taken.close();
    });
    const address = taken.address();
    if (address === null || typeof address === 'string') throw new Error('It has no port.');
    const deps = { views: stillViews(), clock: systemClock, tame: String, onTrouble: () => undefined };
    const refused = servePage(deps, { port: address.port, everyMs: 20 });
    await expect(refused).rejects.toThrow(PagePortInUse);
    const { port } = await servedPage(stillViews());
    await expect(fetch(`http://[::1]:${port}/`)).rejects.toThrow();
  });
});
