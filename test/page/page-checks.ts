import assert from 'node:assert/strict';
import { request } from 'node:http';
import { pageWorld } from '../../lib/cli/page/page-world.ts';
import { tame } from '../../lib/cli/printing/paper.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { PageViews } from '../../lib/page/page-views.ts';
import { FOLLOWERS_MAX, servePage } from '../../lib/page/serve-page.ts';
import type { LookNews } from '../../lib/page/shared-look.ts';
import { sharedLook } from '../../lib/page/shared-look.ts';
import { cellName } from '../../lib/plan/names.ts';
import { instant, systemClock } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';

// What must hold for a page that a stranger's site can try to reach, apart so that seeded bugs of
// test/mutants/page-mutants.test.ts can break one of them each.

const TOKEN = 'the-token-of-this-process';
const PRIVATE = ['/api/world', '/api/cell/use1-a', '/events'];
const EVIL = 'a\u202eb\u0007<script>alert(1)</script>';
const SOON_MS = 5_000;

interface Asked {
  readonly status: number;
  readonly body: string;
  readonly policy: string;
}

type Ask = (
  path: string,
  how?: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Asked>;

const views: PageViews = {
  about: () => ({ title: EVIL }),
  look: async () => ({ cells: [{ reason: EVIL }], events: [] }),
  view: async () => ({ type: 'found', document: { reason: EVIL } }),
};

/** A check of a served page, whose token each request carries unless it says otherwise. */
function served(check: (ask: Ask) => Promise<void>): () => Promise<void> {
  return async () => {
    const deps = { views, clock: systemClock, tame, onTrouble: () => undefined };
    const page = await servePage(deps, { port: 0, everyMs: 20, token: TOKEN });
    const ask: Ask = (path, { method = 'GET', headers = {} } = {}) =>
      asked(page.port, path, method, { authorization: `Bearer ${TOKEN}`, ...headers });
    try {
      await check(ask);
    } finally {
      await page.close();
    }
  };
}

/** Sends one request; of a stream it reads the first part. */
function asked(
  port: number,
  path: string,
  method: string,
  headers: Readonly<Record<string, string>>,
): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      const answer = (): void => {
        const { statusCode: status = 0 } = response;
        resolve({ status, body, policy: String(response.headers['content-security-policy']) });
      };
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
        if (path === '/events' && body.includes('"cells"')) answer();
      });
      response.on('end', answer);
      response.on('error', () => undefined);
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function allRefused(
  ask: Ask,
  status: number,
  how: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> },
): Promise<void> {
  for (const path of PRIVATE) assert.equal((await ask(path, how)).status, status, path);
}

export const PAGE_CHECKS: Readonly<Record<string, () => Promise<void>>> = {
  'whoever has the token is answered': served(async (ask) => {
    for (const path of PRIVATE) assert.equal((await ask(path)).status, 200, path);
  }),
  'a name that was pointed here is refused': served((ask) =>
    allRefused(ask, 421, { headers: { host: 'rebound.example.com' } }),
  ),
  'another origin is refused': served((ask) =>
    allRefused(ask, 403, { headers: { origin: 'https://example.com' } }),
  ),
  'another site is refused': served((ask) =>
    allRefused(ask, 403, { headers: { 'sec-fetch-site': 'cross-site' } }),
  ),
  'only GET and HEAD are answered': served(async (ask) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) await allRefused(ask, 405, { method });
  }),
  'another token is refused': served((ask) =>
    allRefused(ask, 401, { headers: { authorization: 'Bearer another-token' } }),
  ),
  'no token is refused': served((ask) => allRefused(ask, 401, { headers: { authorization: '' } })),
  'texts of the world are tame': served(async (ask) => {
    for (const path of PRIVATE) {
      const { body } = await ask(path);
      assert.match(body, /a\?b\?<script>/, path);
    }
  }),
  'no policy allows what stands in the page': served(async (ask) => {
    for (const path of ['/', '/main.js', '/nothing', ...PRIVATE]) {
      const { policy } = await ask(path);
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/, path);
      assert.doesNotMatch(policy, /unsafe|\*|data:|http/, path);
      assert.match(policy, /frame-ancestors 'none'; require-trusted-types-for 'script'/, path);
    }
  }),
  'a bounded number of pages is open': served(async (ask) => {
    for (let open = 0; open < FOLLOWERS_MAX; open += 1) assert.equal((await ask('/events')).status, 200);
    assert.equal((await ask('/events')).status, 503);
  }),
  'the page gets nothing that writes': async () => {
    const ledger = memoryLedger('5be1c07a');
    const core = createRoute53(PROMPT_ROUTE53, { now: () => instant(0), id: (prefix) => `${prefix}1` });
    const handle = pageWorld({
      ...{ kind: 'local', title: '', clock: systemClock, telemetry: silentTelemetry, operator: 'ana' },
      zone: (id) => emulatedZone(core, id),
      ledger: async () => ledger,
    });
    const cell = cellName('use1-a');
    const read = await handle.ledger();
    const entry = { event: { type: 'CellThawed' }, at: 0, by: 'page' } as const;
    await assert.rejects(
      read.head(cell).then((head) => read.append(head, entry)),
      /may not append/,
    );
    await assert.rejects(read.putBody(cell, 'x'), /may not store/);
    const batch = { kind: 'scratch', changes: [], comment: '' } as const;
    await assert.rejects(handle.zone('Z1').change(batch), /only reads/);
  },
  'a look that fails is told with its beginning, and what was seen stays old': async () => {
    let looks = 0;
    const news: LookNews[] = [];
    const look = async () => {
      looks += 1;
      if (looks > 1) throw new Error('The ledger does not answer.');
      return { cells: [], events: [] };
    };
    await told({ look }, news, ({ failed }) => failed !== null);
    const [failed, seen] = [news.at(-1), news.find(({ lookedAt }) => lookedAt !== null)];
    assert.equal(failed?.failed?.reason, 'The ledger does not answer.');
    assert.equal(failed?.lookedAt, seen?.lookedAt);
  },
  'however many follow, one look is taken': async () => {
    let looks = 0;
    const look = async () => {
      looks += 1;
      await systemClock.sleep(20);
      return { cells: [], events: [] };
    };
    const shared = sharedLook({ views: { look }, clock: systemClock, everyMs: 60_000 });
    for (let pages = 0; pages < 8; pages += 1) shared.follow(() => undefined);
    await systemClock.sleep(60);
    await shared.close();
    assert.equal(looks, 1);
  },
};

/** Follows looks until some news is as it is waited for. */
async function told(
  looked: Pick<PageViews, 'look'>,
  news: LookNews[],
  isThere: (news: LookNews) => boolean,
): Promise<void> {
  const shared = sharedLook({ views: looked, clock: systemClock, everyMs: 5 });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = setTimeout(() => reject(new Error('It was never told.')), SOON_MS);
  shared.follow((each) => {
    news.push(each);
    if (isThere(each)) resolve();
  });
  try {
    await promise;
  } finally {
    clearTimeout(late);
    await shared.close();
  }
}
