import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ExitCode } from '../../lib/cli/command/exit-codes.ts';
import type { Terminal } from '../../lib/cli/command/terminal.ts';
import { Interrupted } from '../../lib/cli/command/terminal.ts';
import type { Doors } from '../../lib/cli/main.ts';
import { main } from '../../lib/cli/main.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import type { Route53Settings } from '../../lib/emulator/settings.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import { LedgerUnavailable } from '../../lib/ledger/ledger.ts';
import type { MemoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import type { World } from '../../lib/wiring/world.ts';
import type { VirtualClock } from '../runtime/virtual-clock.ts';
import { seededRandomness, virtualClock } from '../runtime/virtual-clock.ts';

/** One command's output and end. */
export interface Performed {
  readonly exit: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface Rehearsal {
  /** Types a command line after `pawl`, words apart by single spaces. */
  pawl(line: string, how?: TypedHow): Promise<Performed>;
  /** Everything typed and printed so far, as on a terminal; lines of standard error begin with `! `. */
  transcript(): string;
  /** Begins a new transcript. */
  forget(): void;
  /** Writes a file that commands can name, in the folder where they run; gives its path. */
  file(name: string, text: string): Promise<string>;
  readonly folder: string;
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly core: Route53;
  readonly zoneId: string;
  /** From now on Route 53 says that its zones are private. */
  makePrivate(): void;
  /** From now on the ledger answers nothing. */
  killLedger(): void;
}

export interface TypedHow {
  /** A terminal of this width, with a person who gives these answers and may watch progress; a pipe when absent. */
  readonly terminal?: {
    readonly width?: number;
    readonly answers?: readonly (string | (() => Promise<string>))[];
    readonly progress?: boolean;
  };
  readonly env?: Readonly<Record<string, string>>;
  /** The world's DNS server, with the machine's own clock: a query has to be waited for. */
  readonly dns?: World['dns'];
  /** Other parts of the world, such as an older stack. */
  readonly world?: Partial<World>;
  /** Ctrl-C comes at this sleep of a command that goes on until then, counted from 1. */
  readonly interruptAtSleep?: number;
}

/** A terminal that drops its output and has no person at it. */
export const NOWHERE: Terminal = {
  write: () => undefined,
  complain: () => undefined,
  isTty: false,
  showsProgress: false,
  canAsk: false,
  width: 80,
  ask: async () => '',
};

const START = Date.parse('2026-11-21T10:00:00Z');
const BETWEEN_COMMANDS_MS = 60_000;

/** A whole world in memory (ledger, Route 53, clock), and a person who types commands into it. */
export async function rehearsal(settings: Partial<Route53Settings> = {}): Promise<Rehearsal> {
  const folder = await mkdtemp(join(tmpdir(), 'pawl-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const clock = virtualClock(START);
  const ledger = memoryLedger('5be1c07a');
  const { core, zoneIds } = route53(clock, settings);
  let ledgerIsAlive = true;
  let isPrivate = false;
  const world: World = {
    kind: 'local',
    title: 'rehearsal world',
    ledger: async () => {
      if (!ledgerIsAlive) throw new LedgerUnavailable('The ledger does not answer.');
      return ledger;
    },
    zone: (id) => {
      const zone = emulatedZone(core, id);
      return { ...zone, describe: async () => ({ ...(await zone.describe()), private: isPrivate }) };
    },
    quota: () => ({ recordLimit: async () => core.settings().recordLimit }),
    zoneIds: async (names) =>
      new Map(names.flatMap((name) => (zoneIds.has(name) ? [[name, zoneIds.get(name) ?? '']] : []))),
    clock,
    randomness: seededRandomness(),
    telemetry: silentTelemetry,
    operator: 'operator-ana',
    functionsRead: NEWEST_LEDGER_FORMAT,
    dns: { host: '127.0.0.1', port: 5354 },
    close: async () => undefined,
  };
  const log: string[] = [];
  return {
    folder,
    clock,
    ledger,
    core,
    zoneId: zoneIds.get(dnsName('example.test')) ?? '',
    makePrivate: () => {
      isPrivate = true;
    },
    killLedger: () => {
      ledgerIsAlive = false;
    },
    file: async (name, text) => {
      const path = join(folder, name);
      await writeFile(path, text);
      return path;
    },
    forget: () => {
      log.length = 0;
    },
    transcript: () =>
      log
        .join('')
        .replaceAll(folder, 'FOLDER')
        // The chain has its own tests, and every new field of the state would change it.
        .replaceAll(/("(?:previous|hash)": ?)"[0-9a-f]{64}"/g, '$1"HASH"')
        .replaceAll(/ head=(\d+):[0-9a-f]{12} /g, ' head=$1:DIGITS '),
    pawl: async (line, how = {}) => {
      clock.shift(BETWEEN_COMMANDS_MS);
      log.push(`$ pawl ${line}\n`);
      const performed = await perform(line.split(' '), world, how, log);
      log.push(`[exit ${performed.exit}]\n\n`);
      return performed;
    },
  };
}

async function perform(
  argv: readonly string[],
  world: World,
  how: TypedHow,
  log: string[],
): Promise<Performed> {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  let sleeps = 0;
  const clock: World['clock'] = {
    now: () => world.clock.now(),
    sleep: async (ms, signal) => {
      sleeps += 1;
      if (sleeps === how.interruptAtSleep) stop.abort(new Error('Ctrl-C'));
      signal?.throwIfAborted();
      await world.clock.sleep(ms, signal);
    },
  };
  const here = how.dns === undefined ? { clock } : { clock: systemClock, dns: how.dns };
  const doors: Doors = {
    terminal: fakeTerminal(how, {
      out: (text) => {
        out.push(text);
        log.push(text);
      },
      err: (text) => {
        err.push(text);
        log.push(text.replace(/^(?=.)/gm, '! '));
      },
    }),
    env: how.env ?? {},
    interruption: () => stop.signal,
    chooseWorld: async () => ({ type: 'world', world: { ...world, ...here, ...how.world } }),
  };
  const exit = await main(argv, doors);
  return { exit, out: out.join(''), err: err.join('') };
}

function fakeTerminal(
  { terminal }: TypedHow,
  to: { readonly out: (text: string) => void; readonly err: (text: string) => void },
): Terminal {
  const answers = [...(terminal?.answers ?? [])];
  return {
    write: to.out,
    complain: to.err,
    isTty: terminal !== undefined,
    showsProgress: terminal?.progress === true,
    canAsk: terminal !== undefined,
    width: terminal?.width ?? 100,
    ask: async (question) => {
      const given = answers.shift();
      const answer = typeof given === 'function' ? await given() : given;
      to.err(`${question}${answer ?? '^C'}\n`);
      if (answer === undefined) throw new Interrupted('The question was not answered.');
      return answer;
    },
  };
}

function route53(
  clock: VirtualClock,
  settings: Partial<Route53Settings>,
): { readonly core: Route53; readonly zoneIds: ReadonlyMap<DnsName, string> } {
  let ids = 0;
  const id = (prefix: string): string => {
    ids += 1;
    return `${prefix}${String(ids).padStart(6, '0')}`;
  };
  const core = createRoute53({ ...PROMPT_ROUTE53, ...settings }, { now: () => clock.now(), id });
  const names = ['example.test', 'example-eu.test'].map(dnsName);
  const zoneIds = new Map(
    names.map((name) => [name, core.createHostedZone({ name, callerReference: name }).zone.id]),
  );
  return { core, zoneIds };
}

/** A fleet of one cell that is quick to read: two endpoints, four targets in two availability zones. */
export function fleetText({ capacity = 100, cell = 'use1-a', extra = '' } = {}): string {
  return `version: 1
cells:
  ${cell}:
    zone: example.test
    targets:
      api-1: { az: az1, capacity: ${capacity}, ipv4: 192.0.2.1 }
      api-2: { az: az2, capacity: 100, ipv4: 192.0.2.2 }
      web-1: { az: az1, capacity: 50, ipv4: 192.0.2.11 }
      web-2: { az: az2, capacity: 100, ipv4: 192.0.2.12 }
    endpoints:
      api.example.test: { kind: addresses, targets: [api-1, api-2] }
      www.example.test: { kind: addresses, targets: [web-1, web-2] }
${extra}`;
}

/** A world whose one cell has its first plan applied. */
export async function converged(): Promise<Rehearsal> {
  const stage = await rehearsal();
  const path = await stage.file('fleet.yaml', fleetText());
  await stage.pawl(`fleet push ${path} --yes`);
  await stage.pawl('plan --append');
  await stage.pawl('enact use1-a');
  stage.forget();
  return stage;
}
