import { open, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Recording } from '../../simulator/recording/recording.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, systemCode } from '../command/failures.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { PAGE_SIGN, replayPage } from './replay-page.ts';
import { replayTimelineView } from './replay-timeline-view.ts';

interface ReplayFlags {
  readonly out?: string;
}

const FILE_WORD_CHARS = 40;
/** The sign is within this many bytes of the beginning of every page. */
const SIGN_WITHIN_BYTES = 1_024;

export function replayCommand(runtime: Runtime): Command {
  return newCommand(
    'replay',
    'Play a run of the simulator, as text and as a page to step through; it needs no world.',
    [
      ['pawl replay outage', '20 October 2025, with the enactor of that day and with Pawl'],
      ['pawl replay flip:3,12z,4', 'the line that a failed simulation prints'],
      ['pawl replay 4711', 'the run of a seed'],
    ],
  )
    .argument('<run>', 'outage, a run on one line, or a seed')
    .option('--out <file>', 'the HTML file to write (default: pawl-replay-<run>.html)')
    .action((run: string, flags: ReplayFlags, command: Command) =>
      runtime.run(command, (session) => replay(session, run, flags)),
    );
}

async function replay(session: Session, run: string, { out }: ReplayFlags): Promise<CommandResult> {
  const recording = await play(run);
  const file = out ?? `pawl-replay-${fileWord(run)}.html`;
  await writeReplayPage(file, recording);
  session.say(replayTimelineView(recording, session.paper));
  session.say(`\nThe same, to step through in a browser: ${file}\n`);
  return { exit: EXIT.done, document: { file, recording } };
}

/** Loads the simulator here, so that other commands start without it. */
async function play(run: string): Promise<Recording> {
  if (run === 'outage') return (await import('../../simulator/outage/outage.ts')).replayOutage();
  return (await import('../../simulator/recording/record-run.ts')).recordRun(run);
}

/** A run as part of a file's name: its beginning, without characters that have a meaning in a shell or a path. */
function fileWord(run: string): string {
  return run.replace(/[^a-z0-9]+/g, '-').slice(0, FILE_WORD_CHARS);
}

/**
 * Writes the page of a recording. It overwrites an older page, but no other file.
 *
 * @throws BadInput when the file is something else, or cannot be written.
 */
async function writeReplayPage(path: string, recording: Recording): Promise<void> {
  const page = await replayPage(recording);
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
