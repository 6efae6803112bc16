import type { Command } from 'commander';
import type { Recording } from '../../simulator/recording/recording.ts';
import { EXIT } from '../exit-codes.ts';
import { newCommand } from '../new-command.ts';
import { writeReplayPage } from '../replay-page/replay-file.ts';
import type { Runtime } from '../runtime.ts';
import type { CommandResult, Session } from '../session.ts';
import { replayTimelineView } from '../views/replay-timeline-view.ts';

const FILE_WORD_CHARS = 40;

interface ReplayFlags {
  readonly out?: string;
}

/** The simulator is loaded by this command alone: every other one starts without it. */
async function play(run: string): Promise<Recording> {
  if (run === 'outage') return (await import('../../simulator/outage/outage.ts')).replayOutage();
  return (await import('../../simulator/recording/record-run.ts')).recordRun(run);
}

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

/** A run as part of a file's name: its beginning, with nothing that a shell or a folder would take for its own. */
function fileWord(run: string): string {
  return run.replace(/[^a-z0-9]+/g, '-').slice(0, FILE_WORD_CHARS);
}
