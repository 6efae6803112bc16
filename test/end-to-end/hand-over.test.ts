import { Resolver } from 'node:dns/promises';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { main } from '../../lib/cli/main.ts';
import { chooseWorld } from '../../lib/wiring/choose-world.ts';
import { NOWHERE } from '../cli/rehearsal.ts';
import { converged, startWorld } from '../local/running-world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/*
 * Endpoints go over between cells of a running world, while a client asks every 20 ms: not one answer is missing. The
 * roles run as in any local world; nothing else is reached but by the command line and by DNS.
 */

const NAMES = ['api', 'www', 'lab', '*.apps'].map((label) => `${label}.example.test`);
const EVERY_MS = 20;

/** A fleet file whose cells have these endpoints. */
function fleet(cells: Readonly<Record<string, readonly string[]>>): string {
  const cell = (name: string, endpoints: readonly string[]) => `  ${name}:
    zone: example.test
    targets:
      a-1: { az: az1, capacity: 10, ipv4: 192.0.2.1, ipv6: 2001:db8::1 }
      a-2: { az: az2, capacity: 10, ipv4: 192.0.2.2, ipv6: 2001:db8::2 }
    endpoints:
${endpoints.map((each) => `      "${each}": { kind: addresses, targets: [a-1, a-2] }\n`).join('')}`;
  const all = Object.entries(cells).map(([name, endpoints]) => cell(name, endpoints));
  return `version: 1\ndefaults: { policy: { coalesce_s: 0 } }\ncells:\n${all.join('')}`;
}

interface Running {
  /** Pushes a fleet file, and waits until every cell of it is converged and owns what it declares. */
  push(cells: Readonly<Record<string, readonly string[]>>, ...flags: readonly string[]): Promise<void>;
  run(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }>;
  /** Questions that were asked since the world began, and those that had no answer. */
  asked(): { readonly questions: number; readonly missing: readonly string[] };
}

const PATIENCE = { timeout: 60_000, interval: 200 };

/** A world at the goal of this fleet, with the client that asks. */
async function running(cells: Readonly<Record<string, readonly string[]>>): Promise<Running> {
  const folder = await temporaryFolder();
  const file = join(folder, 'fleet.yaml');
  await writeFile(file, fleet(cells));
  const started = await startWorld(folder, file);
  await converged(started, 1);
  const { host, port } = started.facts.dns;
  const client = asking(`${host}:${port}`);
  const run: Running['run'] = async (...args) => {
    let out = '';
    const write = (text: string): void => {
      out += text;
    };
    const terminal = { ...NOWHERE, write, complain: write };
    const code = await main([...args, '--folder', join(folder, '.pawl')], {
      terminal,
      env: {},
      interruption: () => new AbortController().signal,
      chooseWorld,
    });
    return { code, out };
  };
  return {
    run,
    asked: client,
    push: async (next, ...flags) => {
      await writeFile(file, fleet(next));
      const pushed = await run('fleet', 'push', file, '--yes', ...flags);
      expect(pushed, pushed.out).toMatchObject({ code: 0 });
      await expect.poll(async () => (await run('status')).out, PATIENCE).not.toMatch(/offers|awaits|behind/);
      await expect.poll(async () => (await run('status')).code, PATIENCE).toBe(0);
    },
  };
}

/** Asks for both families of every name in turn, until the test ends. */
function asking(server: string): Running['asked'] {
  const dns = new Resolver();
  dns.setServers([server]);
  const missing: string[] = [];
  let questions = 0;
  const ending = new AbortController();
  const ask = async (): Promise<void> => {
    const name = (NAMES[questions % NAMES.length] ?? '').replace('*', `n${questions}`);
    const family = questions % 2 === 0 ? 'A' : 'AAAA';
    questions += 1;
    const found = await dns.resolve(name, family).catch((error: Error) => error.message);
    if (typeof found === 'string' || found.length === 0) missing.push(`${name} ${family}: ${found}`);
  };
  const loop = (async () => {
    for await (const _ of setInterval(EVERY_MS, undefined, { signal: ending.signal })) await ask();
  })().catch(() => undefined);
  onTestFinished(async () => {
    ending.abort();
    await loop;
  });
  return () => ({ questions, missing });
}

it('an endpoint goes over, a cell is split and renamed, and all of it is undone: every answer is there', async () => {
  const world = await running({ use1: NAMES });
  const [api = '', www = '', ...others] = NAMES;
  await world.push({ use1: [api, ...others], other: [www] });
  await world.push({ use1: [api], other: [www, ...others] });
  await world.push({ west: [api], other: [www, ...others] }, '--from', 'use1');
  await world.push({ use1: NAMES }, '--from', 'west,other');
  const history = (await world.run('history', '--limit', '200')).out;
  expect(history).toContain(`${www} taken over from cell use1`);
  expect(history).toContain(`${api} given: cell west has taken it over`);
  expect((await world.run('verify')).code).toBe(0);
  expect((await world.run('audit', '--no-dns')).code).toBe(0);
  const { questions, missing } = world.asked();
  expect(missing).toEqual([]);
  expect(questions).toBeGreaterThan(100);
}, 240_000);
