import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExitCode } from '../../../lib/cli/command/exit-codes.ts';
import { main } from '../../../lib/cli/main.ts';
import { emulatedZone } from '../../../lib/emulator/emulated-zone.ts';
import type { Route53 } from '../../../lib/emulator/route53.ts';
import { createRoute53 } from '../../../lib/emulator/route53.ts';
import type { Route53Settings } from '../../../lib/emulator/settings.ts';
import { PROMPT_ROUTE53 } from '../../../lib/emulator/settings.ts';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import type { MemoryLedger } from '../../../lib/ledger/memory-ledger.ts';
import { memoryLedger } from '../../../lib/ledger/memory-ledger.ts';
import type { CellName } from '../../../lib/plan/names.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import type { RecordSet } from '../../../lib/plan/records.ts';
import { create } from '../../../lib/plan/records.ts';
import { NEWEST_LEDGER_FORMAT } from '../../../lib/plan/stored-format.ts';
import type { Clock } from '../../../lib/runtime/clock.ts';
import { instant, systemClock } from '../../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../../lib/telemetry/telemetry.ts';
import type { World } from '../../../lib/wiring/world.ts';
import { workOnce } from '../../rollout/working-cells.ts';
import { numberedIds } from '../../support/numbered-ids.ts';
import { seededRandomness } from '../../support/seeded-randomness.ts';
import type { Troubled } from '../../support/troubled-ports.ts';
import { troubledPorts } from '../../support/troubled-ports.ts';

/** One command's end. */
export interface TakenPerformed {
  readonly exit: ExitCode;
  readonly said: string;
  /** Each call of a port that it made. */
  readonly sites: readonly string[];
}

/** A zone with plain records, and a person who takes it over and gives it back. */
export interface TakenWorld {
  /** Types a command line after `pawl`, words apart by single spaces; FILE is the fleet file. */
  pawl(
    line: string,
    how?: { readonly troubled?: Troubled; readonly world?: Partial<World> },
  ): Promise<TakenPerformed>;
  readonly ledger: MemoryLedger;
  readonly core: Route53;
  readonly zoneId: string;
  readonly now: () => number;
  /** Answers that were not as they stood at the beginning, with the comment of the commit after which it was seen. */
  readonly wrong: string[];
  /** What a hand does before a batch with such a comment is committed; once. */
  beforeBatch: { readonly comment: RegExp; readonly act: () => void } | undefined;
  /** Whether roles work while a command sleeps; all at each sleep unless said. */
  atWork: boolean;
  /** Whether they work at each call of a port as well. */
  restless: boolean;
  /** Called whenever a command has slept, after the roles. */
  meanwhile: () => void;
  /** Roles work in this ledger, where it is not the command's own. */
  rolesLedger: MemoryLedger | undefined;
  work(): Promise<void>;
  readonly batches: { readonly comment: string; readonly at: number; readonly id: string }[];
  /** The text of the fleet file; undefined where there is none. */
  fileText(): Promise<string | undefined>;
  close(): Promise<void>;
}

export const ZONE = 'example.test';
export const TAKE = `take-over --zone ${ZONE} --cell m --file FILE --yes`;
export const GIVE = `give-back --zone ${ZONE} --yes`;

export const PLAIN: readonly RecordSet[] = [
  { name: dnsName(`h0.${ZONE}`), type: 'A', ttl: 61, values: ['198.51.100.1'] },
  { name: dnsName(`h1.${ZONE}`), type: 'A', ttl: 60, values: ['198.51.100.2'] },
  ...['one', 'two'].map(
    (setIdentifier, index): RecordSet => ({
      ...({
        name: dnsName(`www.${ZONE}`),
        type: 'A',
        ttl: 60,
        setIdentifier,
        weight: 10 * (index + 1),
      } as const),
      values: [`198.51.100.${index + 11}`],
    }),
  ),
];

/** A fleet file that says of two of the names and of another one which cells they are of. */
export const TWO_CELLS = `version: 1
cells:
  m:
    zone: ${ZONE}
    policy: { coalesce_s: 0 }
    targets: { h0: { az: az1, capacity: 1, ipv4: 198.51.100.1 } }
    endpoints: { h0.${ZONE}: { kind: addresses, ttl_s: 61, targets: [h0] } }
  n:
    zone: ${ZONE}
    policy: { coalesce_s: 0 }
    targets: { h1: { az: az1, capacity: 1, ipv4: 198.51.100.2 } }
    endpoints: { h1.${ZONE}: { kind: addresses, ttl_s: 60, targets: [h1] } }
`;

/** A pipe, with no person at it. Not that of the rehearsal, which a test runner must be there for. */
const NOBODY = {
  isTty: false,
  showsProgress: false,
  canAsk: false,
  width: 100,
  ask: async () => '',
} as const;
/** Where the tests' worlds begin, milliseconds since 1970. */
const START = Date.parse('2026-11-21T10:00:00Z');
const BETWEEN_COMMANDS_MS = 60_000;

export interface TakenSetting {
  readonly records?: readonly RecordSet[];
  readonly settings?: Partial<Route53Settings>;
  /** The fleet file, where it is there already. */
  readonly file?: string;
}

/** Makes the zone. Nothing in it rests on a test runner, so that seeded bugs are found by the same checks. */
export async function takenWorld({
  records = PLAIN,
  settings = {},
  file,
}: TakenSetting = {}): Promise<TakenWorld> {
  let now = START;
  const folder = await mkdtemp(join(tmpdir(), 'pawl-taken-'));
  const path = join(folder, 'taken.yaml');
  if (file !== undefined) await writeFile(path, file);
  const own = createRoute53({ ...PROMPT_ROUTE53, ...settings }, { now: () => now, id: numberedIds() });
  const zoneId = own.createHostedZone({ name: ZONE, callerReference: ZONE }).zone.id;
  own.changeResourceRecordSets(zoneId, { changes: records.map(create) });
  const wrong: string[] = [];
  const batches: { readonly comment: string; readonly at: number; readonly id: string }[] = [];
  const expected = answersIn(own.records(zoneId));
  const core: Route53 = {
    ...own,
    changeResourceRecordSets: (id, batch) => {
      const { comment = '' } = batch;
      const hand = world.beforeBatch;
      if (hand?.comment.test(comment) === true) {
        world.beforeBatch = undefined;
        hand.act();
      }
      const change = own.changeResourceRecordSets(id, batch);
      batches.push({ comment, at: now, id: change.id });
      wrong.push(
        ...differences(expected, answersIn(own.records(zoneId))).map((what) => `${what} after ${comment}`),
      );
      return change;
    },
  };
  const ledger = memoryLedger('5be1c07a');
  const randomness = seededRandomness();
  const clock: Clock = {
    now: () => instant(now),
    sleep: async (ms, signal) => {
      // Whoever asks a DNS server has a signal, and the machine's own time.
      if (signal !== undefined) return systemClock.sleep(ms, signal);
      now += ms;
      if (world.atWork) await world.work();
      world.meanwhile();
    },
  };
  const work = async (): Promise<void> => {
    const place = { core, zoneId, clock: { now: () => instant(now) }, randomness };
    await workOnce({ ...place, ledger: world.rolesLedger ?? ledger });
  };
  const world: TakenWorld = {
    ...{ ledger, core, zoneId, wrong, batches, work },
    now: () => now,
    beforeBatch: undefined,
    atWork: true,
    restless: false,
    meanwhile: () => undefined,
    rolesLedger: undefined,
    fileText: () => readFile(path, 'utf8').catch(() => undefined),
    close: () => rm(folder, { recursive: true, force: true }),
    pawl: async (line, { troubled, world: more = {} } = {}) => {
      now += BETWEEN_COMMANDS_MS;
      const ports = troubledPorts(parts, troubled);
      let said = '';
      const write = (text: string): void => {
        said += text;
      };
      const exit = await main(line.replace('FILE', path).split(' '), {
        terminal: { ...NOBODY, write, complain: write },
        env: {},
        interruption: () => new AbortController().signal,
        chooseWorld: async () => ({ type: 'world', world: { ...parts, ...ports.world, ...more } }),
      });
      return { exit, said: said.replaceAll(path, 'FILE'), sites: ports.sites };
    },
  };
  const parts: World = {
    ...{ kind: 'local', title: 'a zone to take over', operator: 'operator-ana', telemetry: silentTelemetry },
    ...{ clock, randomness, functionsRead: NEWEST_LEDGER_FORMAT, close: async () => undefined },
    ledger: async () => (world.restless ? restlessLedger(ledger, work) : ledger),
    zone: (id) => emulatedZone(core, id),
    quota: () => ({ recordLimit: async () => own.settings().recordLimit }),
    zoneIds: async (names) => new Map(names.flatMap((name) => (name === ZONE ? [[name, zoneId]] : []))),
  };
  return world;
}

/** Roles that work as soon as something was appended. */
function restlessLedger(ledger: MemoryLedger, work: () => Promise<void>): MemoryLedger {
  return {
    ...ledger,
    append: async (head, entry) => {
      const outcome = await ledger.append(head, entry);
      await work();
      return outcome;
    },
  };
}

/** What every name that is not below `_pawl` answers, by name and type: the values of its records, or of its tree's. */
export function answersIn(records: readonly RecordSet[]): ReadonlyMap<string, string> {
  const at = new Map<string, RecordSet[]>();
  for (const record of records) at.set(record.name, [...(at.get(record.name) ?? []), record]);
  const answers = new Map<string, string>();
  for (const [name, there] of at) {
    if (name.includes('_pawl') || name === ZONE) continue;
    const roots = there.filter(({ alias }) => alias?.name.includes('_pawl') === true);
    const plain = there.filter((record) => !roots.includes(record));
    const leaves = roots.flatMap(({ alias, type }) =>
      (at.get(alias?.name ?? '') ?? []).filter((leaf) => leaf.type === type),
    );
    const values = [...plain, ...leaves].map(({ type, values: own = [] }) => `${type} ${own.join()}`);
    answers.set(name, [...new Set(values)].sort().join(' | '));
  }
  return answers;
}

function differences(
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): readonly string[] {
  return [...expected].flatMap(([name, values]) => {
    const now = found.get(name) ?? '';
    return now === values ? [] : [`${name} answers with "${now}"`];
  });
}

/** Events of a cell, oldest first. */
export async function eventsOf(ledger: MemoryLedger, cell: string): Promise<readonly LedgerEvent[]> {
  const all = await ledger.events(cellName(cell), { after: 0, limit: 1_000, order: 'forward' });
  return all.map(({ event }) => event);
}

/** Records below `_pawl`, and roots that point there. */
export function pawlsIn({ core, zoneId }: Pick<TakenWorld, 'core' | 'zoneId'>): readonly string[] {
  return core
    .records(zoneId)
    .filter(({ name, alias }) => name.includes('_pawl') || alias?.name.includes('_pawl') === true)
    .map(({ name, type }) => `${name} ${type}`);
}

/** Why the zone is not governed by these cells with these names; undefined where it is. */
export function ungoverned(
  { ledger, core, zoneId }: Pick<TakenWorld, 'ledger' | 'core' | 'zoneId'>,
  names: Readonly<Record<string, readonly string[]>>,
): string | undefined {
  const records = core.records(zoneId);
  for (const [cell, labels] of Object.entries(names)) {
    const { state } = ledger.peek(cellName(cell) satisfies CellName);
    if (state.frozen !== null || state.paused !== null) return `${cell} is stopped`;
    if (state.format !== NEWEST_LEDGER_FORMAT) return `${cell} has the format ${state.format}`;
    for (const label of labels) {
      const name = dnsName(`${label}.${ZONE}`);
      const there = records.filter((record) => record.name === name);
      if (there.length !== 1 || there[0]?.alias?.name.endsWith(`.${cell}._pawl.${ZONE}`) !== true)
        return `${name} does not point at a tree of ${cell}`;
      if (!state.owned.includes(name)) return `${cell} does not own ${name}`;
    }
  }
  return undefined;
}
