import type { Command } from 'commander';
import { scenarioNames } from '../../simulator/engine/scenarios.ts';
import type { ReplayLine } from '../../simulator/random/replay-line.ts';
import { formatReplay, parseReplay } from '../../simulator/random/replay-line.ts';
import { replay, timeline } from '../../simulator/random/replayed-run.ts';
import { DEEP_SEARCHES, DEEP_SEEDS } from '../../simulator/searches.ts';
import type { SimulationTask } from '../../simulator/task.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { oneOf, wholeNumber } from '../command/option-values.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { simulate } from './simulation.ts';
import { isShort, progressLine, replayView, reportView, verdictView } from './simulation-view.ts';

interface SimulateFlags {
  readonly seconds?: number;
  readonly seed: number;
  readonly strategy: (typeof STRATEGIES)[number];
  readonly workers: number;
  readonly scenario?: string;
  readonly faults: number;
  readonly preemptions?: number;
  readonly replay?: string;
  readonly deep?: boolean;
}

const STRATEGIES = ['mixed', 'random', 'pct', 'exhaustive'] as const;
/** The other options that each task reads. */
const CAMPAIGN_FLAGS = ['strategy', 'seconds', 'seed', 'workers', 'scenario'] as const;
const FLAGS_READ: Readonly<Record<SimulateFlags['strategy'] | 'deep' | 'replay', readonly string[]>> = {
  mixed: CAMPAIGN_FLAGS,
  random: CAMPAIGN_FLAGS,
  pct: CAMPAIGN_FLAGS,
  exhaustive: ['strategy', 'seconds', 'scenario', 'faults', 'preemptions'],
  deep: ['deep', 'seconds', 'workers'],
  replay: ['replay'],
};
const SECONDS = 60;
/** For each search of `--deep`, of which the longest takes three quarters of an hour on a quiet machine. */
const DEEP_SECONDS = 7_200;
const SECONDS_MAX = 86_400;
const SEED_MAX = 999_999_999;
const WORKERS_MAX = 64;

export function simulateCommand(runtime: Runtime): Command {
  return newCommand(
    'simulate',
    'Run the real workflows under every order of calls and faults, and hold every write against the invariants.',
    [
      ['pawl simulate --seconds 60 --workers 2', 'seeds, each a run of its own'],
      ['pawl simulate --strategy exhaustive --scenario two-enactors --faults 1', 'every state there is'],
      ['pawl simulate --replay flip:3,12z,4', 'one run again, told as a timeline'],
    ],
  )
    .option(
      '--seconds <number>',
      `how long at most, each search for itself (default: ${SECONDS}; with --deep ${DEEP_SECONDS})`,
      wholeNumber(1, SECONDS_MAX),
    )
    .option('--seed <number>', 'the first seed', wholeNumber(0, SEED_MAX), 1)
    .option('--strategy <name>', STRATEGIES.join(', '), oneOf(STRATEGIES), 'mixed' as const)
    .option('--workers <number>', 'threads', wholeNumber(1, WORKERS_MAX), 1)
    .option('--scenario <name>', `one of ${scenarioNames().join(', ')}`, oneOf(scenarioNames()))
    .option('--faults <number>', 'exhaustive: faults in one run', wholeNumber(0, 3), 1)
    .option('--preemptions <number>', 'exhaustive: interruptions in one run', wholeNumber(0, 99))
    .option('--replay <run>', 'play one run again and tell it')
    .option('--deep', 'every search of docs/verification.md, and many seeds of two cells, which takes hours')
    .action((flags: SimulateFlags, command: Command) =>
      runtime.run(command, (session) => {
        refuseUnread(command, flags);
        return run(session, flags);
      }),
    );
}

/** @throws BadInput for an option that the task would ignore: an ignored bound is worse than none. */
function refuseUnread(command: Command, { replay: line, deep, strategy }: SimulateFlags): void {
  const isDeep = deep === true;
  const way = line !== undefined ? 'replay' : isDeep ? 'deep' : strategy;
  const shown = way === 'replay' || way === 'deep' ? `--${way}` : `--strategy ${way}`;
  for (const name of new Set(Object.values(FLAGS_READ).flat())) {
    if (command.getOptionValueSource(name) !== 'cli' || FLAGS_READ[way].includes(name)) continue;
    throw new BadInput(`--${name} means nothing with ${shown}: leave it out.`);
  }
}

async function run(session: Session, flags: SimulateFlags): Promise<CommandResult> {
  if (flags.replay !== undefined) return playAgain(session, parseReplay(flags.replay));
  const tasks = tasksOf(flags);
  const began = Date.now();
  const longestMs = secondsOf(flags) * Math.ceil(tasks.length / flags.workers) * 1_000;
  const reports = await simulate(tasks, flags.workers, {
    progressed: (progress) => show(session, progressLine(progress, Date.now() - began, longestMs)),
    ended: (report) => {
      show(session, '');
      session.say(reportView(report, session.paper));
    },
  });
  session.say(verdictView(reports, session.paper));
  const failure = reports.find((report) => report.failure !== undefined)?.failure;
  if (failure !== undefined && !session.json) {
    const { steps } = await replay(failure.line);
    session.say(`\n${timeline(steps)}`);
  }
  const shown = reports.map(({ failure: failed, ...report }) => ({
    ...report,
    failure: failed === undefined ? undefined : { ...failed, line: formatReplay(failed.line) },
  }));
  return {
    exit: failure !== undefined || reports.some(isShort) ? EXIT.refused : EXIT.done,
    document: { reports: shown },
  };
}

async function playAgain(session: Session, line: ReplayLine): Promise<CommandResult> {
  const { result, steps } = await replay(line);
  const { violation, hash, decisions } = result;
  session.say(replayView(result, timeline(steps), session.paper));
  const message = violation === undefined ? {} : { violation: violation.message };
  const document = { replay: formatReplay(line), hash, decisions, ...message, steps };
  return { exit: violation === undefined ? EXIT.done : EXIT.refused, document };
}

function tasksOf(flags: SimulateFlags): readonly SimulationTask[] {
  const { seed, strategy, workers, scenario, faults, preemptions } = flags;
  const seconds = secondsOf(flags);
  if (flags.deep === true) return [...DEEP_SEARCHES, DEEP_SEEDS].map((task) => ({ ...task, seconds }));
  if (strategy === 'exhaustive') {
    const bound = preemptions === undefined ? {} : { preemptions };
    return [{ type: 'search', scenario: scenario ?? 'two-enactors', faults, seconds, ...bound }];
  }
  const one = scenario === undefined ? {} : { scenario };
  return Array.from({ length: workers }, (_, worker) => ({
    type: 'campaign',
    strategy,
    firstSeed: seed + worker,
    stride: workers,
    seconds,
    ...one,
  }));
}

function secondsOf({ seconds, deep }: SimulateFlags): number {
  return seconds ?? (deep === true ? DEEP_SECONDS : SECONDS);
}

/** Writes a line over the one before it. */
function show({ terminal }: Session, line: string): void {
  if (terminal.showsProgress) terminal.complain(`\r${line}\u001b[K`);
}
