import { Command } from 'commander';
import { adoptCommand } from './commands/adopt.ts';
import { completionCommand } from './commands/completion.ts';
import { doctorCommand } from './commands/doctor.ts';
import { enactCommand } from './commands/enact.ts';
import { explainCommand } from './commands/explain.ts';
import { fleetCommand } from './commands/fleet.ts';
import { freezeCommand } from './commands/freeze.ts';
import { historyCommand } from './commands/history.ts';
import { planCommand } from './commands/plan.ts';
import { rescueCommand } from './commands/rescue.ts';
import { resolveCommand } from './commands/resolve.ts';
import { retireCommand } from './commands/retire.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { thawCommand } from './commands/thaw.ts';
import { verifyCommand } from './commands/verify.ts';
import type { Runtime } from './runtime.ts';
import type { Terminal } from './terminal.ts';
import { throwMistakes } from './usage.ts';

export const VERSION = '0.1.0';

const EXIT_CODES = `
Exit codes: 0 done; 1 refused, or not converged; 2 bad input; 3 unreachable, or the outcome is not known.`;

/** The whole command line, ready to parse. */
export function program(runtime: Runtime, terminal: Terminal): Command {
  const root = new Command('pawl')
    .description('DNS automation that only moves forward.')
    .version(VERSION)
    .option('--json', 'print one JSON document instead of text')
    .option('--no-color', 'no colour, also on a terminal')
    .option('--folder <path>', 'the folder of a local world (default: .pawl)')
    .option('--table <name>', 'the DynamoDB table of a ledger in AWS')
    .option('--region <name>', 'the AWS Region of that table')
    .option('--profile <name>', 'the AWS profile to act as')
    .addHelpText('after', EXIT_CODES);
  for (const command of COMMANDS) root.addCommand(command(runtime));
  finish(root, terminal);
  return root;
}

function finish(root: Command, terminal: Terminal): void {
  const prepare = (command: Command): void => {
    command.configureHelp({
      showGlobalOptions: true,
      helpWidth: terminal.width,
      // A command between, such as `plan`, has options of its own that are nobody else's.
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
    for (const child of command.commands) prepare(child);
  };
  prepare(root);
  throwMistakes(root);
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
  planCommand,
  freezeCommand,
  thawCommand,
  adoptCommand,
  rescueCommand,
  enactCommand,
  retireCommand,
  completionCommand,
];
