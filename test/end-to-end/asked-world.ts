import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { main } from '../../lib/cli/main.ts';
import { chooseWorld } from '../../lib/wiring/choose-world.ts';
import { NOWHERE } from '../cli/rehearsal.ts';
import type { WorldUnderTest } from '../local/running-world.ts';
import { converged, startWorld } from '../local/running-world.ts';

/** A question that a client asks, and how it asks for it. */
export interface Question {
  /** A `*` stands for another label at each asking. */
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'CNAME';
}

/** A running world with a person's shell, and a client that asks all the time. */
export interface AskedWorld extends Pick<WorldUnderTest, 'account'> {
  run(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }>;
  /** From now on a client asks these in turn, every 20 ms. */
  ask(questions: readonly Question[]): void;
  /** Questions that were asked, and those that had no answer. */
  asked(): { readonly questions: number; readonly missing: readonly string[] };
}

const EVERY_MS = 20;

/** A world at the goal of this fleet file, whose roles run until the test ends. */
export async function askedWorld(folder: string, file: string): Promise<AskedWorld> {
  const started = await startWorld(folder, file);
  await converged(started, 1);
  const { host, port } = started.facts.dns;
  const dns = new Resolver();
  dns.setServers([`${host}:${port}`]);
  const missing: string[] = [];
  let questions = 0;
  const ending = new AbortController();
  const loops: Promise<void>[] = [];
  onTestFinished(async () => {
    ending.abort();
    await Promise.all(loops);
  });
  const once = async ({ name, type }: Question): Promise<void> => {
    const asked = name.replace('*', `n${questions}`);
    questions += 1;
    const found = await dns.resolve(asked, type).catch((error: Error) => error.message);
    if (typeof found === 'string' || found.length === 0) missing.push(`${asked} ${type}: ${found}`);
  };
  const loop = async (all: readonly Question[]): Promise<void> => {
    for await (const _ of setInterval(EVERY_MS, undefined, { signal: ending.signal })) {
      const next = all[questions % all.length];
      if (next !== undefined) await once(next);
    }
  };
  return {
    account: started.account,
    run: async (...args) => {
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
    },
    ask: (all) => {
      loops.push(loop(all).catch(() => undefined));
    },
    asked: () => ({ questions, missing }),
  };
}
