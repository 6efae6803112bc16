import { Command, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { adoptCommand } from './commands/adopt.ts';
import { auditCommand } from './commands/audit.ts';
import { completionCommand } from './commands/completion.ts';
import { doctorCommand } from './commands/doctor.ts';
import { enactCommand } from './commands/enact.ts';
import { evacuateCommand } from './commands/evacuate.ts';
import { explainCommand } from './commands/explain.ts';
import { fleetCommand } from './commands/fleet.ts';
import { freezeCommand } from './commands/freeze.ts';
import { historyCommand } from './commands/history.ts';
import { importCommand } from './commands/import.ts';
import { pauseCommand } from './commands/pause.ts';
import { planCommand } from './commands/plan.ts';
import { replayCommand } from './commands/replay.ts';
import { rescueCommand } from './commands/rescue.ts';
import { resolveCommand } from './commands/resolve.ts';
import { restoreCommand } from './commands/restore.ts';
import { resumeCommand } from './commands/resume.ts';
import { retireCommand } from './commands/retire.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { simulateCommand } from './commands/simulate.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { targetCommand } from './commands/target.ts';
import { thawCommand } from './commands/thaw.ts';
import { verifyCommand } from './commands/verify.ts';
import { EXIT_CODES_HELP } from './exit-codes.ts';
import type { Runtime } from './runtime.ts';
import type { Terminal } from './terminal.ts';
import { throwMistakes } from './usage.ts';

/** The whole command line, ready to parse. */
export function program(runtime: Runtime, terminal: Terminal): Command {
  const root = new Command('pawl')
    .description('DNS automation that only moves forward.')
    .version(manifest.version)
    .addHelpText('after', `\n${EXIT_CODES_HELP}`);
  for (const command of COMMANDS) root.addCommand(command(runtime));
  prepare(root, terminal);
  throwMistakes(root);
  return root;
}

/** Understood behind every command as well as before it, and listed by every help. */
const GLOBAL_OPTIONS: readonly (readonly [flags: string, does: string])[] = [
  ['--json', 'print one JSON document instead of text'],
  ['--no-color', 'no colour, also on a terminal'],
  ['--folder <path>', 'the folder of a local world (default: .pawl)'],
  ['--stack <name>', 'a deployed stack, which names its table and its cells'],
  ['--table <name>', 'the DynamoDB table of a ledger in AWS'],
  ['--region <name>', 'the AWS Region of that table'],
  ['--profile <name>', 'the AWS profile to act as'],
];

/**
 * An option belongs to the command that it stands behind: `plan` and `plan approve` may both have a `--yes`. So every
 * command has the global ones too, hidden, and its help shows those of the root.
 */
function prepare(command: Command, terminal: Terminal, root = command): void {
  for (const [flags, does] of GLOBAL_OPTIONS)
    command.addOption(new Option(flags, does).hideHelp(command !== root));
  command.enablePositionalOptions();
  command.configureHelp({
    showGlobalOptions: true,
    helpWidth: terminal.width,
    visibleGlobalOptions: (shown) =>
      shown === root ? [] : root.options.filter(({ long }) => long !== '--version'),
  });
  command.configureOutput({
    writeOut: (text) => terminal.write(text),
    writeErr: (text) => terminal.complain(text),
    // Mistakes are told in one place, as a sentence.
    outputError: () => undefined,
    getOutHelpWidth: () => terminal.width,
    getErrHelpWidth: () => terminal.width,
  });
  for (const child of command.commands) prepare(child, terminal, root);
}

/** In the order in which the help lists them: from starting, over looking, to changing and repairing. */
const COMMANDS: readonly ((runtime: Runtime) => Command)[] = [
  startCommand,
  statusCommand,
  resolveCommand,
  explainCommand,
  historyCommand,
  verifyCommand,
  doctorCommand,
  fleetCommand,
  importCommand,
  planCommand,
  targetCommand,
  evacuateCommand,
  restoreCommand,
  rollbackCommand,
  pauseCommand,
  resumeCommand,
  freezeCommand,
  thawCommand,
  adoptCommand,
  rescueCommand,
  enactCommand,
  retireCommand,
  auditCommand,
  replayCommand,
  simulateCommand,
  completionCommand,
];
