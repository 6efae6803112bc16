import { describe, it } from 'vitest';
import type { CheckMutant } from './check-mutants.ts';
import { expectFound } from './check-mutants.ts';

const GATE = 'page/request-gate.ts';
const TOKEN = 'page/session-token.ts';
const SERVER = 'page/serve-page.ts';
const LOOK = 'page/shared-look.ts';
const HANDLE = 'cli/page/page-world.ts';

/** Bugs by which a stranger's site would reach the page, the page would write, or a blind one would look well. */
const MUTANTS: readonly CheckMutant[] = [
  [
    'the Host is not checked',
    'a name that was pointed here is refused',
    GATE,
    '!hosts.includes(host.toLowerCase())',
    '!host.length',
  ],
  [
    'the Origin is not checked',
    'another origin is refused',
    GATE,
    'origin !== undefined && !hosts.some(',
    "origin === 'null' && !hosts.some(",
  ],
  [
    'the site is not checked',
    'another site is refused',
    GATE,
    'fetchSite !== undefined && !OWN_SITE.has(fetchSite)',
    "fetchSite === ''",
  ],
  [
    'the method is not checked',
    'only GET and HEAD are answered',
    GATE,
    '!METHODS.has(request.method)',
    "request.method === 'TRACE'",
  ],
  [
    'a request is let pass that asks for leave',
    'only GET and HEAD are answered',
    GATE,
    "new Set(['GET', 'HEAD'])",
    "new Set(['GET', 'HEAD', 'OPTIONS'])",
  ],
  [
    'the token is not compared',
    'another token is refused',
    TOKEN,
    'return timingSafeEqual(digestOf(authorization.slice(SCHEME.length)), digestOf(token));',
    'return authorization.length > SCHEME.length && digestOf(token).length > 0;',
  ],
  [
    'no token is as good as one',
    'no token is refused',
    TOKEN,
    'if (authorization === undefined || !authorization.startsWith(SCHEME)) return false;',
    "if (authorization === undefined || authorization === '') return true;",
  ],
  [
    'the looks need no token',
    'no token is refused',
    SERVER,
    "const isPrivate = path === '/events' || path.startsWith('/api/');",
    "const isPrivate = path.startsWith('/api/');",
  ],
  [
    'texts go out as they came',
    'texts of the world are tame',
    SERVER,
    "typeof each === 'string' ? tame(each) : each",
    "each === tame('') ? '' : each",
  ],
  [
    'inline scripts are allowed',
    'no policy allows what stands in the page',
    SERVER,
    `"script-src 'self'"`,
    `"script-src 'self' 'unsafe-inline'"`,
  ],
  [
    'text may be written as HTML',
    'no policy allows what stands in the page',
    SERVER,
    `"require-trusted-types-for 'script'"`,
    `"upgrade-insecure-requests"`,
  ],
  [
    'any number of pages is told',
    'a bounded number of pages is open',
    SERVER,
    'if (followers.size >= FOLLOWERS_MAX) {',
    'if (followers.size >= 10 * FOLLOWERS_MAX) {',
  ],
  [
    'the page gets zones that write',
    'the page gets nothing that writes',
    HANDLE,
    'readOnlyZone(world.zone(id))',
    'world.zone(id) ?? readOnlyZone(world.zone(id))',
  ],
  [
    'the page gets a ledger that appends',
    'the page gets nothing that writes',
    HANDLE,
    'rememberedBodies(readOnlyLedger(ledger))',
    'rememberedBodies(ledger ?? readOnlyLedger(ledger))',
  ],
  [
    'a look that fails is no news',
    'a look that fails is told with its beginning, and what was seen stays old',
    LOOK,
    'memory.failed = { since: memory.failed?.since ?? clock.now(), reason };',
    "memory.failed = reason === '' ? { since: clock.now(), reason } : null;",
  ],
  [
    'a look that fails counts as one',
    'a look that fails is told with its beginning, and what was seen stays old',
    LOOK,
    '    const reason = error instanceof Error ? error.message : String(error);',
    '    memory.lookedAt = clock.now() + 1;\n    const reason = error instanceof Error ? error.message : String(error);',
  ],
  [
    'every page looks for itself',
    'however many follow, one look is taken',
    LOOK,
    'looking ??= run();',
    'looking = run();',
  ],
];

describe('a seeded bug of the page', () => {
  it.each(MUTANTS)('%s: found by "%s"', async (...mutant) => {
    await expectFound('page', mutant);
  });
});
