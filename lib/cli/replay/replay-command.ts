import { open, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, systemCode } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { wholeNumber } from '../command/option-values.ts';
import type { CommandResult, Session } from '../command/session.ts';
import type { Paper } from '../printing/paper.ts';
import { PAGE_SIGN } from './page-frame.ts';

interface ReplayFlags {
  readonly out?: string;
  readonly holders?: number;
}

/** What was played, as a command shows it. */
interface Play {
  readonly view: (paper: Paper) => string;
  readonly page: () => Promise<string>;
  readonly document: object;
  /** What the page is for. */
  readonly pageIs: string;
}

const FILE_WORD_CHARS = 40;
/** Fewer leave zones too small to be deaf, and more take minutes. */
const HOLDERS_MIN = 1_000;
const HOLDERS_MAX = 100_000;
/** The sign is within this many bytes of the beginning of every page. */
const SIGN_WITHIN_BYTES = 1_024;

export function replayCommand(runtime: Runtime): Command {
  return newCommand('replay', 'Play a run of the simulator, as text and as a page; it needs no world.', [
    ['pawl replay outage', '20 October 2025, with the enactor of that day and with Pawl'],
    ['pawl replay recovery', 'the rest of that day: leases, with the manager of that day and with Pawl'],
    ['pawl replay flip:3,12z,4', 'the line that a failed simulation prints'],
    ['pawl replay 4711', 'the run of a seed'],
  ])
    .argument('<run>', 'outage, recovery, a run on one line, or a seed')
    .option('--out <file>', 'the HTML file to write (default: pawl-replay-<run>.html)')
    .option(
      '--holders <number>',
      'recovery: holders of leases (default: 10000)',
      wholeNumber(HOLDERS_MIN, HOLDERS_MAX),
    )
    .action((run: string, flags: ReplayFlags, command: Command) =>
      runtime.run(command, (session) => replay(session, run, flags)),
    );
}

async function replay(session: Session, run: string, { out, holders }: ReplayFlags): Promise<CommandResult> {
  if (holders !== undefined && run !== 'recovery')
    throw new BadInput('--holders means nothing without "recovery": leave it out.');
  const { view, page, document, pageIs } = await play(run, holders);
  const file = out ?? `pawl-replay-${fileWord(run)}.html`;
  await writeReplayPage(file, await page());
  session.say(view(session.paper));
  session.say(`\nThe same, ${pageIs} in a browser: ${file}\n`);
  return { exit: EXIT.done, document: { file, ...document } };
}

/** Loads the simulator here, so that other commands start without it. */
async function play(run: string, holders: number | undefined): Promise<Play> {
  if (run === 'recovery') {
    const { replayRecovery } = await import('../../simulator/recovery/recovery.ts');
    const { recoveryTimelineView } = await import('./recovery-timeline-view.ts');
    const { recoveryPage } = await import('./recovery-page.ts');
    const recovery = await replayRecovery(holders);
    return {
      view: (paper) => recoveryTimelineView(recovery, paper),
      page: () => recoveryPage(recovery),
      document: { recovery },
      pageIs: 'with charts',
    };
  }
  const recording =
    run === 'outage'
      ? await (await import('../../simulator/outage/outage.ts')).replayOutage()
      : await (await import('../../simulator/recording/record-run.ts')).recordRun(run);
  const { replayTimelineView } = await import('./replay-timeline-view.ts');
  const { replayPage } = await import('./replay-page.ts');
  return {
    view: (paper) => replayTimelineView(recording, paper),
    page: () => replayPage(recording),
    document: { recording },
    pageIs: 'to step through',
  };
}

/** A run as part of a file's name: its beginning, without characters that have a meaning in a shell or a path. */
function fileWord(run: string): string {
  return run.replace(/[^a-z0-9]+/g, '-').slice(0, FILE_WORD_CHARS);
}

/**
 * Writes a page. It overwrites an older page, but no other file.
 *
 * @throws BadInput when the file is something else, or cannot be written.
 */
async function writeReplayPage(path: string, page: string): Promise<void> {
  try {
    const isThere = !(await wrote(path, page, 'wx'));
    if (!isThere) return;
    if (!(await isReplayPage(path))) {
      throw new BadInput(`${path} is there already and is no replay page: name another file with --out.`);
    }
    await wrote(path, page, 'w');
  } catch (error) {
    if (error instanceof BadInput) throw error;
    const code = systemCode(error) ?? 'no reason';
    throw new BadInput(`${path} cannot be written (${code}): name another file with --out.`, {
      cause: error,
    });
  }
}

/** @returns false when the file must not exist and does. */
async function wrote(path: string, page: string, flag: 'wx' | 'w'): Promise<boolean> {
  try {
    await writeFile(path, page, { flag });
    return true;
  } catch (error) {
    if (flag === 'wx' && systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function isReplayPage(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SIGN_WITHIN_BYTES), 0, SIGN_WITHIN_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead).includes(PAGE_SIGN);
  } finally {
    await file.close();
  }
}
