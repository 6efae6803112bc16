import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { CellConvergence } from '../../local/convergence.ts';
import type { Report } from '../../local/reports.ts';
import type { LocalWorldSettings, RunningWorld } from '../../local/start-local-world.ts';
import { DEFAULT_INTERVALS, startLocalWorld } from '../../local/start-local-world.ts';
import { StartRefused } from '../../local/start-refused.ts';
import type { ServedPage } from '../../page/serve-page.ts';
import { byRole } from '../../roles.ts';
import { systemClock } from '../../runtime/clock.ts';
import { DEFAULT_FOLDER } from '../../wiring/choose-world.ts';
import type { World } from '../../wiring/world.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, UnknownOutcome } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { wholeNumber } from '../command/option-values.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { shellWord } from '../command/shell-word.ts';
import { openPage, PAGE_PORT } from '../page/open-page.ts';
import { obstacleLines } from '../printing/obstacle-lines.ts';
import { obstaclesOf } from '../printing/seen-obstacles.ts';
import { startReportLine } from './start-report.ts';
import { startSummary, startWelcome } from './start-welcome.ts';

interface StartFlags {
  readonly untilConverged?: boolean;
  readonly within: number;
  readonly dnsPort: number;
  readonly route53Port: number;
  readonly metricsPort?: number;
  readonly insyncMs: number;
  readonly pollMs: number;
  readonly sweepMs?: number;
  readonly holders: boolean;
  readonly events?: string;
  readonly eventsSecretFile?: string;
  /** False: no page. */
  readonly page: boolean;
  readonly pagePort?: number;
  readonly folder?: string;
  readonly table?: string;
  readonly region?: string;
  readonly rate?: number;
}

const EXAMPLE_FLEET = fileURLToPath(new URL('../../../examples/fleet.yaml', import.meta.url));
const DNS_PORT = 5354;
const ROUTE53_PORT = 4580;
const PORT_MAX = 65_535;
const INSYNC_MS = 1_000;
const INTERVAL_MIN_MS = 20;
const INTERVAL_MAX_MS = 3_600_000;
const WITHIN_S = 120;
const DAY_S = 86_400;
/** Between two looks at the cells' progress. */
const LOOK_MS = 250;
/** After this time the addresses are shown although a cell is not at its goal: it may be frozen, or its plan held. */
const WELCOME_MS = 20_000;
const INTERRUPTED_TWICE = 130;

export function startCommand(runtime: Runtime): Command {
  const interval = wholeNumber(INTERVAL_MIN_MS, INTERVAL_MAX_MS);
  return newCommand(
    'start',
    'Run the whole loop on this machine, on servers that speak the real protocols.',
    [
      ['pawl start', 'the example fleet, until Ctrl-C'],
      [
        'pawl start my-fleet.yaml --until-converged',
        'exits with 0 once every cell is as asked, with 1 if one waits',
      ],
    ],
  )
    .argument('[fleet]', 'the fleet file', shown(EXAMPLE_FLEET))
    .option('--until-converged', 'end with a summary once every cell is as asked, or waits for a person')
    .option(
      '--within <seconds>',
      'with --until-converged: give up after so long',
      wholeNumber(1, DAY_S),
      WITHIN_S,
    )
    .option('--dns-port <port>', 'the DNS port; 0 for any', wholeNumber(0, PORT_MAX), DNS_PORT)
    .option('--route53-port <port>', "Route 53's port; 0 for any", wholeNumber(0, PORT_MAX), ROUTE53_PORT)
    .option(
      '--page-port <port>',
      `the page's port; 0 for any (default: ${PAGE_PORT}, or any where it is taken)`,
      wholeNumber(0, PORT_MAX),
    )
    .option('--no-page', 'serve no page')
    .option(
      '--metrics-port <port>',
      'serve metrics to Prometheus; 0 for any (default: none)',
      wholeNumber(0, PORT_MAX),
    )
    .option(
      '--insync-ms <ms>',
      'until all name servers have a change',
      wholeNumber(0, INTERVAL_MAX_MS),
      INSYNC_MS,
    )
    .option('--poll-ms <ms>', 'between two looks of a role at the logs', interval, DEFAULT_INTERVALS.pollMs)
    .option(
      '--sweep-ms <ms>',
      'between two looks of an enactor, the janitor or the auditor at the zones',
      interval,
    )
    .option(
      '--no-holders',
      'hold no leases: those that the fleet declares are held by 50 simulated members each',
    )
    .option('--events <to>', 'tell events as a stack does: a file for lines of JSON, or the URL of a webhook')
    .option('--events-secret-file <file>', 'with a URL: the file of the secret that signs')
    .action((fleet: string, _: unknown, command: Command) =>
      runtime.run(command, (session) => start(session, fleet, command.optsWithGlobals<StartFlags>())),
    );
}

async function start(session: Session, fleetFile: string, flags: StartFlags): Promise<CommandResult> {
  if (flags.table !== undefined || flags.region !== undefined || flags.rate !== undefined) {
    throw new BadInput('start runs a local world: leave out --table, --region and --rate.');
  }
  if (flags.events === undefined && flags.eventsSecretFile !== undefined)
    throw new BadInput('--events-secret-file signs what --events sends to a URL: give both.');
  const broken = new AbortController();
  const stop = AbortSignal.any([session.interruption(), broken.signal]);
  const forgetSignals = endAtOnceOnSecondSignal();
  const printer = reportPrinter(session);
  try {
    const running = await launch(fleetFile, flags, {
      report: printer.report,
      onBroken: (error) => broken.abort(error),
    });
    let page: ServedPage | undefined;
    try {
      page = await pageOf(running.world, flags, printer.report);
      if (page !== undefined) {
        session.say(`Page: ${page.url}\n`);
        writeLine(session, { type: 'page', url: page.url });
      }
      session.say(`${running.world.title}\n`);
      printer.open();
      const cells = await watch(session, running, fleetFile, flags, stop);
      broken.signal.throwIfAborted();
      if (flags.untilConverged !== true) return { exit: EXIT.done };
      const waiting = await waitingLines(running, cells);
      // The roles' last reports are printed before the summary.
      await running.stop();
      const converged = cells.every((cell) => cell.converged);
      session.say(`\n${startSummary(cells, waiting, session.paper)}`);
      writeLine(session, { type: 'summary', converged, cells, waiting });
      return { exit: converged && cells.length > 0 ? EXIT.done : EXIT.refused };
    } finally {
      await page?.close();
      await running.stop();
    }
  } catch (error) {
    // What else failed then has failed because of it.
    if (broken.signal.reason instanceof Error)
      throw new UnknownOutcome(broken.signal.reason.message, { cause: error });
    throw error;
  } finally {
    forgetSignals();
  }
}

/** The page of the world; none where the world ends by itself, and where none was wanted. */
async function pageOf(
  world: World,
  { page, pagePort, untilConverged, folder }: StartFlags,
  report: (report: Report) => void,
): Promise<ServedPage | undefined> {
  if (!page || untilConverged === true) return undefined;
  return openPage(world, {
    port: pagePort,
    place: folder === undefined ? '' : `--folder ${shellWord(folder)}`,
    onTrouble: (error) =>
      report({
        type: 'trouble',
        role: 'page',
        reason: error instanceof Error ? error.message : String(error),
        waitMs: 0,
      }),
  });
}

async function launch(
  fleetFile: string,
  flags: StartFlags,
  told: Pick<LocalWorldSettings, 'report' | 'onBroken'>,
): Promise<RunningWorld> {
  const { dnsPort, route53Port, metricsPort, insyncMs, pollMs, sweepMs, events, eventsSecretFile } = flags;
  const sweeps = sweepMs === undefined ? {} : { sweepMs: byRole(() => sweepMs) };
  try {
    return await startLocalWorld({
      folder: flags.folder ?? DEFAULT_FOLDER,
      fleetFile,
      dnsPort,
      route53Port,
      metricsPort,
      insyncDelayMs: insyncMs,
      holders: flags.holders,
      events: events === undefined ? undefined : { to: events, secretFile: eventsSecretFile },
      intervals: { ...DEFAULT_INTERVALS, pollMs, ...sweeps },
      ...told,
    });
  } catch (error) {
    if (error instanceof StartRefused) throw refusedStart(error);
    throw error;
  }
}

/** Prints what happens; reports that come before the world's title wait, and are printed after it. */
function reportPrinter(session: Session): { report: (report: Report) => void; open: () => void } {
  let waiting: Report[] | undefined = [];
  const print = (report: Report): void => {
    session.say(startReportLine(report, systemClock.now(), session.paper));
    writeLine(session, report);
  };
  return {
    report: (report) => {
      if (waiting === undefined) print(report);
      else waiting.push(report);
    },
    open: () => {
      const early = waiting ?? [];
      waiting = undefined;
      for (const report of early) print(report);
    },
  };
}

/** With --json: a document a line, so that a reader gets each one when it happens. */
function writeLine(session: Session, document: unknown): void {
  if (session.json) session.terminal.write(`${JSON.stringify(document)}\n`);
}

/** Runs until Ctrl-C or, when asked to, until every cell is at its goal, or waits for a person, or the time is up. */
async function watch(
  session: Session,
  running: RunningWorld,
  fleetFile: string,
  flags: StartFlags,
  stop: AbortSignal,
): Promise<readonly CellConvergence[]> {
  const began = systemClock.now();
  const patienceMs = flags.untilConverged === true ? flags.within * 1_000 : WELCOME_MS;
  let cells: readonly CellConvergence[] = [];
  while (!stop.aborted) {
    cells = await running.convergence();
    const isThere = cells.length > 0 && cells.every(({ converged, waits }) => converged || waits);
    if (isThere || systemClock.now() - began >= patienceMs) break;
    await rest(LOOK_MS, stop);
  }
  // The events that led to the goal are printed before the line about it.
  await running.tellEvents();
  if (flags.untilConverged === true || stop.aborted) return cells;
  const { facts, metrics } = running;
  const waiting = await waitingLines(running, cells);
  const { folder } = flags;
  session.say(startWelcome({ facts, metrics, folder, fleetFile, cells, waiting }, session.paper));
  writeLine(session, { type: 'started', facts, metrics, cells });
  while (!stop.aborted) await rest(INTERVAL_MAX_MS, stop);
  session.remark('\nEnding; a second Ctrl-C ends at once.\n');
  return cells;
}

/** A sentence for each thing that waits for a person in the cells where something does. */
async function waitingLines(
  { world }: RunningWorld,
  cells: readonly CellConvergence[],
): Promise<readonly string[]> {
  const ledger = await world.ledger();
  const all: string[] = [];
  for (const { cell, waits } of cells) {
    if (!waits) continue;
    const { state } = await ledger.head(cell);
    const now = systemClock.now();
    all.push(...obstacleLines(cell, obstaclesOf(state, now), now));
  }
  return all;
}

async function rest(ms: number, stop: AbortSignal): Promise<void> {
  try {
    await systemClock.sleep(ms, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

/** A second Ctrl-C ends the process at once. The next start finds the lock of a dead process, and takes it over. */
function endAtOnceOnSecondSignal(): () => void {
  let signals = 0;
  const onSignal = (): void => {
    signals += 1;
    if (signals > 1) process.exit(INTERRUPTED_TWICE);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}

/** A path as a person would type it from the working directory. */
function shown(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? path : near;
}

function refusedStart(cause: StartRefused): BadInput {
  return new BadInput(cause.message, { details: cause.details, cause });
}
