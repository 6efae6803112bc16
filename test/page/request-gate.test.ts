import { describe, expect, it } from 'vitest';
import type { GatedRequest } from '../../lib/page/request-gate.ts';
import { judgeRequest } from '../../lib/page/request-gate.ts';
import { newToken } from '../../lib/page/session-token.ts';

const PORT = 4600;
const OWN: GatedRequest = { method: 'GET', url: '/api/world', hosts: [`127.0.0.1:${PORT}`] };

function statusOf(request: Partial<GatedRequest>, token?: string, isPrivate = true): number | 'open' {
  const verdict = judgeRequest({ ...OWN, ...request }, { port: PORT, token }, isPrivate);
  return verdict.type === 'open' ? 'open' : verdict.status;
}

describe('a request passes', () => {
  it.each<[string, Partial<GatedRequest>]>([
    ['by the address', {}],
    ['by the name localhost', { hosts: ['localhost:4600'] }],
    ['in other letters', { hosts: ['LocalHost:4600'] }],
    ['as HEAD', { method: 'HEAD' }],
    ['with its own origin', { origin: 'http://127.0.0.1:4600' }],
    ['when the page itself asks', { fetchSite: 'same-origin' }],
    ['when its address was typed', { fetchSite: 'none' }],
  ])('%s', (_, request) => {
    expect(statusOf(request)).toBe('open');
  });

  it('without a port at the port of the protocol', () => {
    const request = { ...OWN, hosts: ['127.0.0.1'] };
    expect(judgeRequest(request, { port: 80 }, true)).toEqual({ type: 'open' });
    expect(judgeRequest(request, { port: PORT }, true)).toMatchObject({ status: 421 });
  });
});

describe('a request is turned away', () => {
  it.each<[string, Partial<GatedRequest>]>([
    ['by a name that was pointed here', { hosts: ['rebound.example.com:4600'] }],
    ['by a name that begins like its own', { hosts: ['127.0.0.1:4600.example.com'] }],
    ['by another port', { hosts: ['127.0.0.1:4601'] }],
    ['by no name', { hosts: [] }],
    ['by two names', { hosts: ['127.0.0.1:4600', 'rebound.example.com'] }],
  ])('%s', (_, request) => {
    expect(statusOf(request)).toBe(421);
    expect(statusOf(request, undefined, false)).toBe(421);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'get'])('as %s', (method) => {
    expect(statusOf({ method })).toBe(405);
  });

  it.each<[string, Partial<GatedRequest>]>([
    ['from another site', { origin: 'https://example.com' }],
    ['from another port', { origin: 'http://127.0.0.1:4601' }],
    ['over TLS', { origin: 'https://127.0.0.1:4600' }],
    ['from nowhere', { origin: 'null' }],
    ['from a page of another site', { fetchSite: 'cross-site' }],
    ['from a page of the same site', { fetchSite: 'same-site' }],
    ['with two words of it', { fetchSite: 'none,cross-site' }],
  ])('%s', (_, request) => {
    expect(statusOf(request)).toBe(403);
    expect(statusOf(request, undefined, false)).toBe(403);
  });

  it.each(['http://example.com/', '*', 'example.com:443'])('for %s, which is no path', (url) => {
    expect(statusOf({ url })).toBe(400);
  });
});

describe('a token', () => {
  const token = newToken();

  it('is asked for where something of the world is told, and nowhere else', () => {
    expect(statusOf({}, token)).toBe(401);
    expect(statusOf({}, token, false)).toBe('open');
    expect(statusOf({ authorization: `Bearer ${token}` }, token)).toBe('open');
  });

  it.each([
    ['', 'nothing'],
    ['Bearer ', 'an empty one'],
    [`Basic ${token}`, 'another scheme'],
    [`Bearer ${token.slice(1)}`, 'a part of it'],
    [`Bearer ${token}x`, 'more than it'],
    [`Bearer ${newToken()}`, 'another one'],
  ])('is not "%s" (%s)', (authorization) => {
    expect(statusOf({ authorization }, token)).toBe(401);
  });

  it('is new each time, and long', () => {
    expect(newToken()).toMatch(/^[\w-]{43}$/);
    expect(newToken()).not.toBe(token);
  });
});
