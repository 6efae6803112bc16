import { setMaxListeners } from 'node:events';
import type { Route53 } from '../emulator/route53.ts';
import type { AnchorStore } from '../ledger/anchor-store.ts';
import { LedgerUnusable } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import { byRole } from '../roles.ts';
import type { Clock } from '../runtime/clock.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandomness } from '../runtime/ids.ts';
import { fileAnchors } from '../wiring/anchor-file.ts';
import { NOTHING_CUT, writeLeaseCuts } from '../wiring/lease-cuts.ts';
import { connectLocally, createLocalTable } from '../wiring/local-world.ts';
import { thisProcess } from '../wiring/process-identity.ts';
import type { ProcessMetrics } from '../wiring/process-metrics.ts';
import { processMetrics } from '../wiring/process-metrics.ts';
import type { World } from '../wiring/world.ts';
import type { WorldFacts } from '../wiring/world-file.ts';
import { removeWorldFile, writeWorldFile } from '../wiring/world-file.ts';
import type { Closing } from './closing.ts';
import { closing } from './closing.ts';
import type { CellConvergence, PlannerWord } from './convergence.ts';
import { convergenceOf } from './convergence.ts';
import { declareFleet, readDeclared, resolveInEmulator } from './declare-fleet.ts';
import type { EventFeed } from './event-feed.ts';
import { eventFeed } from './event-feed.ts';
import type { OutletSettings } from './event-outlet.ts';
import { openOutlet } from './event-outlet.ts';
import { FolderLocked, lockFolder } from './folder-lock.ts';
import { openFilesLimit, tooFewFiles } from './open-files.ts';
import { reasonOf, repeatedFailures } from './repeated-failures.ts';
import type { Reporter } from './reports.ts';
import type { LoopedRole } from './role-loop.ts';
import { loopRole } from './role-loop.ts';
import type { ServerSettings } from './servers.ts';
import { startServers } from './servers.ts';
import { simulateHolders } from './simulated-holders.ts';
import { StartRefused } from './start-refused.ts';
import type { WorkerSettings } from './workers.ts';
import { localWorkers } from './workers.ts';

/** How often the roles of a local world look. All in milliseconds. */
export interface LoopIntervals extends Pick<WorkerSettings, 'sweepMs' | 'runMs'> {
  /** Between two looks at the logs: how long a hint takes to arrive. */
  readonly pollMs: number;
}

export interface LocalWorldSettings {
  /** Where everything is kept; made when it is missing. */
  readonly folder: string;
  /** The path of the fleet file. */
  readonly fleetFile: string;
  /** 0 takes any free port. */
  readonly dnsPort: number;
  /** 0 takes any free port. */
  readonly route53Port: number;
  /** Milliseconds from a change of a zone until every name server answers with it. */
  readonly insyncDelayMs: number;
  /** How long a request to Route 53 is tried again, milliseconds; 10 s unless given. */
  readonly requestDeadlineMs?: number | undefined;
  readonly intervals: LoopIntervals;
  /** False: the leases that the fleet declares are held by nobody here; they are unless given. */
  readonly holders?: boolean | undefined;
  /** Where its events leave for, as they leave a deployed stack; nowhere unless given. */
  readonly events?: OutletSettings | undefined;
  readonly report: Reporter;
  /** Where Prometheus may ask for metrics; 0 takes any free port, none are served unless given. */
  readonly metricsPort?: number | undefined;
  /** Called when what the folder keeps cannot be written or read any more, as on a full disk: the world has to end. */
  readonly onBroken?: ServerSettings['onBroken'];
}

/** A local world in this process. */
export interface RunningWorld {
  readonly facts: WorldFacts;
  /** The emulated account itself, for what happens to it from outside. */
  readonly account: Route53;
  /** Where Prometheus finds its metrics; undefined where it finds none. */
  readonly metrics: string | undefined;
  /** True: from now on its ledger answers nobody; false: it does again. */
  ledgerAway(isAway: boolean): void;
  /** Clients of the person who started it, closed with the world. */
  readonly world: World;
  /** How far every cell is from its goal. @throws LedgerUnavailable. */
  convergence(): Promise<readonly CellConvergence[]>;
  /** Reports every event that is in the ledger by now. @throws LedgerUnavailable. */
  tellEvents(): Promise<void>;
  /** Ends the loops after what they are doing, then the servers; nothing is left. May be called twice. */
  stop(): Promise<void>;
}

export const DEFAULT_INTERVALS: LoopIntervals = {
  pollMs: 500,
  sweepMs: byRole(({ cadence }) => cadence.localMs),
  runMs: 15_000,
};

const TABLE = 'pawl';
const EVENTS_A_PAGE = 200;
const REGION = 'us-east-1';
const INSYNC_POLL_MIN_MS = 20;
const INSYNC_POLL_MAX_MS = 500;
/** Concurrent sleeps that the end of the world wakes: a few for each role. */
const SLEEPERS_MAX = 100;

/**
 * Starts the whole world on one machine: the servers that stand for AWS, then the roles, each with clients of its own.
 *
 * @throws StartRefused with one sentence when the world cannot start; then nothing is left running, and no lock.
 */
export async function startLocalWorld(settings: LocalWorldSettings): Promise<RunningWorld> {
  const open = closing();
  try {
    return await start(settings, open);
  } catch (error) {
    await open.close();
    if (error instanceof FolderLocked || error instanceof LedgerUnusable) {
      throw new StartRefused(error.message, { cause: error });
    }
    throw error;
  }
}

async function start(settings: LocalWorldSettings, open: Closing): Promise<RunningWorld> {
  const { folder, report, intervals } = settings;
  // Read before anything is made: a mistake in the file leaves no folder behind.
  const declared = await readDeclared(settings.fleetFile);
  const tooFew = tooFewFiles(openFilesLimit());
  if (tooFew !== undefined) throw new StartRefused(tooFew);
  const outlet =
    settings.events && (await openOutlet(settings.events, { clock: systemClock, report: settings.report }));
  if (outlet !== undefined) open.add(() => outlet.close());
  const lock = await lockFolder(folder, { clock: systemClock, randomness: systemRandomness });
  open.add(() => lock.release());
  const servers = await startServers(
    {
      ...settings,
      onTrouble: (role, error) => report({ type: 'trouble', role, reason: reasonOf(error), waitMs: 0 }),
    },
    open,
  );
  const facts: WorldFacts = {
    format: 1,
    process: thisProcess(),
    token: lock.token,
    route53: servers.route53,
    dynamodb: servers.dynamodb,
    table: TABLE,
    region: REGION,
    dns: servers.dns,
    started: new Date(systemClock.now()).toISOString(),
  };
  await createLocalTable(facts);
  // What was cut in a world that has ended is not cut in this one.
  await writeLeaseCuts(folder, NOTHING_CUT);
  const { requestDeadlineMs } = settings;
  const world = connectLocally(folder, facts, { requestDeadlineMs });
  open.add(() => world.close());
  const cells = await resolveInEmulator(declared, servers.core, world, servers.zoneMade);
  const anchors = fileAnchors(folder);
  const told = await newestEvents(world, anchors);
  report({
    type: 'fleet',
    file: settings.fleetFile,
    fleet: await declareFleet(world, folder, declared, cells),
  });
  const words = new Map<CellName, PlannerWord>();
  const metrics = await startMetrics(settings);
  open.add(() => metrics.close());
  const roles = rolesOf({ ...settings, metrics }, facts, words, open);
  const { pollMs } = intervals;
  const feed = eventFeed({
    ledger: () => world.ledger(),
    clock: systemClock,
    report,
    anchors,
    outlet,
    pollMs,
    told,
  });
  open.add(startLoops(roles, feed, report, pollMs));
  if (settings.holders !== false) open.add(startHolders(connectLocally(folder, facts, { name: 'holders' })));
  await writeWorldFile(folder, facts);
  // Added last, so done first: from then on no command finds the world.
  open.add(() => removeWorldFile(folder, facts.token));
  let stopped: Promise<void> | undefined;
  return {
    facts,
    account: servers.core,
    metrics: metrics.url,
    ledgerAway: (isAway) => servers.ledger.away(isAway),
    world,
    convergence: () => convergenceOf(world, words),
    tellEvents: () => feed.tell(),
    stop: () => {
      stopped ??= open.close();
      return stopped;
    },
  };
}

/**
 * The number of every log's newest event: what is there already is not reported again. Events that the anchors missed,
 * because the process before this one died, are kept now.
 */
async function newestEvents(world: World, anchors: AnchorStore): Promise<Map<CellName, number>> {
  const ledger = await world.ledger();
  const told = new Map<CellName, number>();
  for (const cell of await ledger.cells()) {
    const { number: newest } = await ledger.head(cell);
    const marks = await anchors.marks(cell, 0, newest);
    let after = marks.at(-1)?.number ?? 0;
    while (after < newest) {
      const missed = await ledger.events(cell, { after, limit: EVENTS_A_PAGE, order: 'forward' });
      for (const event of missed) await anchors.keep(cell, event);
      after = missed.at(-1)?.number ?? newest;
    }
    told.set(cell, newest);
  }
  return told;
}

interface Started {
  readonly roles: readonly LoopedRole[];
  readonly stopping: AbortController;
}

/** What the roles count, for Prometheus and for a collector; a collector that is away is told once. */
async function startMetrics({ metricsPort, report }: LocalWorldSettings): Promise<ProcessMetrics> {
  const failing = repeatedFailures({ clock: systemClock, report }, { role: 'metrics' });
  const metrics = await processMetrics({
    port: metricsPort,
    worker: 'metrics',
    onExport: (reason) => {
      if (reason === undefined) failing.none();
      else failing.one(`not exported: ${reason}`, 0);
    },
    now: () => systemClock.now(),
  });
  for (const reason of metrics.troubles) report({ type: 'trouble', role: 'metrics', reason, waitMs: 0 });
  return metrics;
}

interface Metered {
  readonly metrics: Pick<ProcessMetrics, 'runsOf'>;
}
type Metering = NonNullable<ReturnType<ProcessMetrics['runsOf']>>;

/** Every role of the table, each with clients of its own. */
function rolesOf(
  { folder, insyncDelayMs, requestDeadlineMs, intervals, report, metrics }: LocalWorldSettings & Metered,
  facts: WorldFacts,
  words: Map<CellName, PlannerWord>,
  open: Closing,
): Started {
  const stopping = new AbortController();
  setMaxListeners(SLEEPERS_MAX, stopping.signal);
  const clock = wakingClock(stopping.signal);
  const runs = new Map<string, Metering>();
  const worldOf = (name: string): World => {
    const metered = metrics.runsOf(name);
    if (metered !== undefined) runs.set(name, metered);
    const telemetry = metered?.telemetry;
    const world = connectLocally(folder, facts, {
      name,
      clock,
      requestDeadlineMs,
      ...(telemetry && { telemetry }),
    });
    open.add(() => world.close());
    return world;
  };
  const insyncPollMs = Math.min(INSYNC_POLL_MAX_MS, Math.max(INSYNC_POLL_MIN_MS, insyncDelayMs / 4));
  const roles = localWorkers(
    worldOf,
    { ...intervals, insyncPollMs },
    {
      report,
      onRun: (role, cell, position, outcome) => {
        if (role === 'planner') words.set(cell, { position, outcome });
      },
    },
  );
  return { roles: roles.map((role) => meteredRole(role, runs.get(role.name))), stopping };
}

/** The same role, of which each run is metered. */
function meteredRole(role: LoopedRole, metered: Metering | undefined): LoopedRole {
  if (metered === undefined) return role;
  return { ...role, run: (request) => metered.during(request.cell, () => role.run(request)) };
}

/** Starts the loops and the feed; returns how they are ended, the feed last so that it reports what the roles did. */
function startLoops(
  { roles, stopping }: Started,
  feed: EventFeed,
  report: Reporter,
  pollMs: number,
): () => Promise<void> {
  const { signal } = stopping;
  const loops = roles.map((role) => loopRole(role, { clock: systemClock, report, pollMs, signal }));
  const ended = new AbortController();
  const following = feed.follow(ended.signal);
  return async () => {
    stopping.abort(new Error('The world ends.'));
    await Promise.all(loops);
    ended.abort(new Error('The world ends.'));
    await following;
  };
}

/** Starts the simulated holders; returns how they are ended. */
function startHolders(world: World): () => Promise<void> {
  const stopping = new AbortController();
  const held = simulateHolders(world, stopping.signal);
  return async () => {
    stopping.abort(new Error('The world ends.'));
    await held;
    await world.close();
  };
}

/** The machine's clock, except that every sleep ends with the world, so that a run can end between two calls. */
function wakingClock(end: AbortSignal): Clock {
  return {
    now: () => systemClock.now(),
    sleep: (ms, signal) => systemClock.sleep(ms, signal === undefined ? end : AbortSignal.any([signal, end])),
  };
}
