import { Resolver } from 'node:dns/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Route53Client } from '@aws-sdk/client-route-53';
import { expect, onTestFinished } from 'vitest';
import type { Doors } from '../../lib/cli/main.ts';
import { main } from '../../lib/cli/main.ts';
import { route53AnswerSource } from '../../lib/emulator/dns/route53-answer-source.ts';
import { serveDns } from '../../lib/emulator/dns/serve-dns.ts';
import { appendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { dynamodbRequestHandler } from '../../lib/emulator/dynamodb/dynamodb-handler.ts';
import { answerStrictly } from '../../lib/emulator/dynamodb/strict-requests.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import { route53RequestHandler } from '../../lib/emulator/wire/route53-handler.ts';
import type { LedgerEvent, RecordedEvent } from '../../lib/ledger/decider/events.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import type { RoleName } from '../../lib/roles.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import { instant, systemClock } from '../../lib/runtime/clock.ts';
import { connect, dynamodbClientDefaults } from '../../lib/wiring/connect.ts';
import type { RoleRun } from '../../lib/wiring/role-run.ts';
import { cellSettings } from '../../lib/wiring/role-run.ts';
import { ROLE_RUNS } from '../../lib/wiring/role-runs.ts';
import type { World } from '../../lib/wiring/world.ts';
import { route53ClientDefaults } from '../../lib/zone/route53/route53-zone.ts';
import { NOWHERE } from '../cli/rehearsal.ts';
import type { VirtualClock } from '../runtime/virtual-clock.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import type { Sketches } from './obstructed-fleet.ts';
import { FIRST, fleetOf } from './obstructed-fleet.ts';

/** One command's output and end. */
export interface Typed {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/**
 * A cell of example.test from the command line to DNS: the production adapters and SDK clients on the wire emulators
 * of DynamoDB and Route 53, one planner, three enactors, a janitor and an auditor, each with clients of its own. Roles
 * run when the test says so.
 */
export interface ObstructedWorld {
  readonly core: Route53;
  readonly zoneId: string;
  readonly clock: VirtualClock;
  /** Types a command line after `pawl`, words apart by single spaces. */
  pawl(line: string): Promise<Typed>;
  /** Pushes the fleet, and expects that it is declared. */
  push(sketches: Sketches): Promise<void>;
  /** Planner, enactors, planner, enactors, auditor, janitor: all that one undisturbed round is. */
  round(): Promise<void>;
  /** The planner, then all enactors at once, each of which reads the whole zone. */
  sweep(): Promise<void>;
  /** How many requests to change record sets reached Route 53 so far. */
  batches(): number;
  /** How many events the log has. */
  logged(): Promise<number>;
  /** The events of a type, oldest first. */
  events<Type extends LedgerEvent['type']>(
    type: Type,
  ): Promise<readonly (LedgerEvent & { readonly type: Type })[]>;
  /** What DNS answers for a name over many queries, sorted. */
  answers(name: DnsName, type?: 'A' | 'CNAME'): Promise<readonly string[]>;
}

const CELL = cellName('use1-a');
const START = Date.parse('2026-11-26T10:00:00Z');
const TABLE = 'pawl';
const PLACE = { region: 'us-east-1', credentials: { accessKeyId: 'key', secretAccessKey: 'secret' } };
/** Nobody shares the emulator's rate. */
const RATE = { requestsPerSecond: 10_000, burst: 100_000, reserve: 1 };
const RUN_MS = 15_000;
const EVENTS_MAX = 1_000;
export const ENACTORS = ['enactor-a', 'enactor-b', 'enactor-c'];
/** Between two steps of a test: time goes on, and no wait after a refusal is over by it. */
const STEP_MS = 1_000;
/** Queries for all the answers of a name, which are drawn evenly. */
const QUERIES = 24;

/** @param format the newest format that everybody at work reads; the newest of all unless given. */
export async function obstructedWorld(format = NEWEST_LEDGER_FORMAT): Promise<ObstructedWorld> {
  const clock = virtualClock(START);
  const folder = await mkdtemp(join(tmpdir(), 'pawl-obstacles-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const services = emulatedServices(clock);
  const { core, zoneId } = services;
  const dns = await serveDns(route53AnswerSource(core), { host: '127.0.0.1', port: 0, random: evenly() });
  onTestFinished(() => dns.close());
  const worldOf = (operator: string, clockOf: Clock = clock): World =>
    services.connect(operator, clockOf, format, { host: dns.host, port: dns.port });
  const person = worldOf('operator-ana');
  const runs = new Map<string, RunOfWorker>(
    WORKERS.map(([worker, role]) => [worker, runOf(worldOf(worker, clockOf(role, clock)), role)]),
  );
  const run = (worker: string, mode: 'hint' | 'sweep') => {
    const work = runs.get(worker);
    if (work === undefined) throw new Error(`There is no ${worker}.`);
    return work(mode);
  };
  const enact = async (mode: 'hint' | 'sweep') => {
    await Promise.all(ENACTORS.map((worker) => run(worker, mode)));
  };
  const pawl = (line: string): Promise<Typed> => {
    clock.shift(STEP_MS);
    return type(line, person);
  };
  let files = 0;
  return {
    core,
    zoneId,
    clock,
    pawl,
    batches: services.batches,
    push: async (sketches) => {
      files += 1;
      const path = join(folder, `fleet-${files}.yaml`);
      await writeFile(path, fleetOf(sketches, zoneId));
      const { exit, err } = await pawl(`fleet push ${path} --yes`);
      if (err.includes('pawl:')) throw new Error(`exit ${exit}: ${err}`);
    },
    round: async () => {
      clock.shift(STEP_MS);
      await run('planner', 'hint');
      await enact('hint');
      await run('planner', 'hint');
      await enact('sweep');
      await run('auditor', 'sweep');
      await run('janitor', 'sweep');
    },
    sweep: async () => {
      clock.shift(STEP_MS);
      await run('planner', 'sweep');
      await enact('sweep');
    },
    logged: async () => (await (await person.ledger()).head(CELL)).number,
    events: async (wanted) => {
      const ledger = await person.ledger();
      const all = await ledger.events(CELL, { after: 0, limit: EVENTS_MAX, order: 'forward' });
      return all.flatMap((recorded) => (isOf(recorded, wanted) ? [recorded.event] : []));
    },
    answers: (name, type = 'A') => askAll(dns.port, name, type),
  };
}

/** A world whose fleet is in DNS. */
export async function served(fleet: Sketches = FIRST): Promise<ObstructedWorld> {
  const world = await obstructedWorld();
  await world.push(fleet);
  await world.round();
  expect(await world.pawl('status')).toMatchObject({ exit: 0 });
  return world;
}

/** Lets go what waits of an endpoint, as it is shown. */
export async function approve(world: ObstructedWorld, name: DnsName): Promise<void> {
  await world.sweep();
  const { out } = await world.pawl('status --json');
  const { cells } = JSON.parse(out) as { cells: { keptBack: { name: string; digest: string }[] }[] };
  const waiting = cells[0]?.keptBack.find((entry) => entry.name === name);
  expect(waiting, out).toBeDefined();
  const approved = await world.pawl(`plan approve ${CELL} ${name} --digest ${waiting?.digest} --yes`);
  expect(approved, approved.err).toMatchObject({ exit: 0 });
}

export function scopeOf({ zoneId }: ObstructedWorld): CellScope {
  return { cell: CELL, zone: dnsName('example.test'), zoneId };
}

/** The trees in the zone, each `g000001.LABEL`, in order. */
export function treesIn({ core, zoneId }: ObstructedWorld): readonly string[] {
  const trees = core.records(zoneId).flatMap(({ name }) => /^g\d+\.\w+/.exec(name)?.[0] ?? []);
  return [...new Set(trees)].sort();
}

function isOf<Type extends LedgerEvent['type']>(
  recorded: RecordedEvent,
  type: Type,
): recorded is RecordedEvent & { readonly event: LedgerEvent & { readonly type: Type } } {
  return recorded.event.type === type;
}

const WORKERS: readonly (readonly [string, RoleName])[] = [
  ['planner', 'planner'],
  ...ENACTORS.map((worker) => [worker, 'enactor'] as const),
  ['auditor', 'auditor'],
  ['janitor', 'janitor'],
];

/** The auditor asks a DNS server on a socket, so its waits are the machine's. */
function clockOf(role: RoleName, clock: Clock): Clock {
  if (role !== 'auditor') return clock;
  return { now: () => clock.now(), sleep: (ms, signal) => systemClock.sleep(ms, signal) };
}

interface Services {
  readonly core: Route53;
  readonly zoneId: string;
  batches(): number;
  connect(operator: string, clock: Clock, functionsRead: number, dns: World['dns']): World;
}

/** DynamoDB and Route 53, each behind the wire format of its SDK client. */
function emulatedServices(clock: Clock): Services {
  let ids = 0;
  const id = (prefix: string): string => {
    ids += 1;
    return `${prefix}${String(ids).padStart(12, '0')}`;
  };
  const core = createRoute53(PROMPT_ROUTE53, { now: () => clock.now(), id });
  const apex = dnsName('example.test');
  const { zone } = core.createHostedZone({ name: apex, callerReference: apex });
  const table = appendOnlyTable();
  let batches = 0;
  const handler = route53RequestHandler(core);
  const requestHandler: typeof handler = {
    ...handler,
    handle: (request) => {
      if (request.method === 'POST' && /\/rrset\/?$/.test(request.path)) batches += 1;
      return handler.handle(request);
    },
  };
  const dynamodbHandler = dynamodbRequestHandler(({ operation, fields }) =>
    answerStrictly(table, TABLE, operation, fields),
  );
  return {
    core,
    zoneId: zone.id,
    batches: () => batches,
    connect: (operator, clockOfCaller, functionsRead, dns) =>
      connect({
        kind: 'local',
        title: 'obstructed world',
        operator,
        route53: new Route53Client({ ...route53ClientDefaults, ...PLACE, requestHandler }),
        dynamodb: new DynamoDBClient({
          ...dynamodbClientDefaults,
          ...PLACE,
          requestHandler: dynamodbHandler,
        }),
        table: TABLE,
        rate: RATE,
        requestDeadlineMs: RUN_MS,
        clock: clockOfCaller,
        dns,
        functionsRead,
      }),
  };
}

type RunOfWorker = (mode: 'hint' | 'sweep') => Promise<void>;

/** One run of a worker, as a loop of the local world or a function has it. */
function runOf(world: World, role: RoleName): RunOfWorker {
  const run: RoleRun = ROLE_RUNS[role](world);
  return async (mode) => {
    const ledger = await world.ledger();
    const head = await ledger.head(CELL);
    const { fleet } = head.state;
    if (fleet === null) throw new Error('No fleet is pushed.');
    const scope = { cell: CELL, zone: fleet.zone, zoneId: fleet.zoneId };
    const settings = cellSettings(scope, head, 20);
    const deadline = instant(world.clock.now() + RUN_MS);
    await run({ ledger, head, settings }, { cell: CELL, mode, deadline });
  };
}

async function type(line: string, person: World): Promise<Typed> {
  const out: string[] = [];
  const err: string[] = [];
  const doors: Doors = {
    terminal: { ...NOWHERE, write: (text) => out.push(text), complain: (text) => err.push(text), width: 400 },
    env: {},
    interruption: () => new AbortController().signal,
    chooseWorld: async () => ({ type: 'world', world: { ...person, close: async () => undefined } }),
  };
  const exit = await main(line.split(' '), doors);
  return { exit, out: out.join(''), err: err.join('') };
}

/** Multiples of the golden ratio are spread evenly, however many are taken. */
function evenly(): () => number {
  let asked = 0;
  return () => {
    asked += 1;
    return (asked * 0.618_033_988_75) % 1;
  };
}

async function askAll(port: number, name: DnsName, type: 'A' | 'CNAME'): Promise<readonly string[]> {
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${port}`]);
  const ask = () => (type === 'A' ? resolver.resolve4(name) : resolver.resolveCname(name)).catch(() => []);
  const asked = await Promise.all(Array.from({ length: QUERIES }, ask));
  return [...new Set(asked.flat())].sort();
}
