import type { Command } from 'commander';
import type { Recording } from '../../simulator/recording.ts';
import { EXIT } from '../exit-codes.ts';
import { BadInput } from '../failures.ts';
import { newCommand } from '../new-command.ts';
import { writeReplayPage } from '../replay-page/replay-file.ts';
import type { Runtime } from '../runtime.ts';
import type { CommandResult, Session } from '../session.ts';
import { replayTimelineView } from '../views/replay-timeline-view.ts';

interface ReplayFlags {
  readonly out?: string;
}

/** What can be replayed, by name. The simulator is loaded by this command alone: every other one starts without it. */
const RUNS: Readonly<Record<string, () => Promise<Recording>>> = {
  outage: async () => (await import('../../simulator/outage.ts')).replayOutage(),
};

export function replayCommand(runtime: Runtime): Command {
  return newCommand(
    'replay',
    'Play a run of the simulator, as text and as a page to step through; it needs no world.',
    [['pawl replay outage', '20 October 2025, with the enactor of that day and with Pawl']],
  )
    .argument('<run>', `what to play: ${Object.keys(RUNS).join(', ')}`)
    .option('--out <file>', 'the HTML file to write (default: pawl-replay-<run>.html)')
    .action((run: string, flags: ReplayFlags, command: Command) =>
      runtime.run(command, (session) => replay(session, run, flags)),
    );
}

async function replay(session: Session, run: string, { out }: ReplayFlags): Promise<CommandResult> {
  const play = Object.hasOwn(RUNS, run) ? RUNS[run] : undefined;
  if (play === undefined) {
    throw new BadInput(`There is no run called "${run}": the runs are ${Object.keys(RUNS).join(', ')}.`);
  }
  const recording = await play();
  const file = out ?? `pawl-replay-${run}.html`;
  await writeReplayPage(file, recording);
  session.say(replayTimelineView(recording, session.paper));
  session.say(`\nThe same, to step through in a browser: ${file}\n`);
  return { exit: EXIT.done, document: { file, recording } };
}
