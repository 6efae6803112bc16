import { Command, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { freezeCommand } from './cell/freeze-cell.ts';
import { pauseCommand } from './cell/pause-planner.ts';
import { resumeCommand } from './cell/resume-planner.ts';
import { statusCommand } from './cell/show-status.ts';
import { thawCommand } from './cell/thaw-cell.ts';
import { EXIT_CODES_HELP } from './command/exit-codes.ts';
import type { Runtime } from './command/new-command.ts';
import { newCommand } from './command/new-command.ts';
import type { Terminal } from './command/terminal.ts';
import { completionCommand } from './completion/shell-completion.ts';
import { drillCommand } from './drill/drill-command.ts';
import { adoptCommand } from './endpoint/adopt-endpoint.ts';
import { explainCommand } from './endpoint/explain-name.ts';
import { resolveCommand } from './endpoint/resolve-name.ts';
import { retryCommand } from './endpoint/retry-name.ts';
import { fleetCheckCommand } from './fleet/check-fleet-file.ts';
import { fleetPushCommand } from './fleet/push-fleet-file.ts';
import { historyCommand } from './ledger/show-history.ts';
import { upgradeCommand } from './ledger/upgrade-cells.ts';
import { verifyCommand } from './ledger/verify-ledger.ts';
import { planApproveCommand } from './plan/approve-plan.ts';
import { planDiffCommand } from './plan/diff-plans.ts';
import { planCommand } from './plan/plan-cells.ts';
import { planRejectCommand } from './plan/reject-plan.ts';
import { rollbackCommand } from './plan/rollback-plan.ts';
import { planShowCommand } from './plan/show-plan.ts';
import { preflightCommand } from './preflight/run-preflight.ts';
import { replayCommand } from './replay/replay-command.ts';
import { rescueAdoptCommand } from './rescue/adopt-rescued-plan.ts';
import { rescueCommand } from './rescue/rescue-cell.ts';
import { auditCommand } from './role/audit-cells.ts';
import { enactCommand } from './role/enact-cell.ts';
import { retireCommand } from './role/retire-trees.ts';
import { simulateCommand } from './simulate/simulate-command.ts';
import { startCommand } from './start/start-world.ts';
import { targetDrainCommand } from './target/drain-target.ts';
import { evacuateCommand } from './target/evacuate-az.ts';
import { targetObserveCommand } from './target/record-observation.ts';
import { restoreCommand } from './target/restore-az.ts';
import { targetRestoreCommand } from './target/restore-target.ts';
import { throwMistakes } from './usage.ts';
import { importCommand } from './zone/import-zone.ts';
import { doctorCommand } from './zone/run-doctor.ts';

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

/** The options that every command takes, before its name or behind it; every help lists them. */
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
 * An option belongs to the command that it follows: `plan` and `plan approve` may both have a `--yes`. So every
 * command has the global options too. They are hidden, and its help shows those of the root.
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
    // main() reports every mistake, as one sentence.
    outputError: () => undefined,
    getOutHelpWidth: () => terminal.width,
    getErrHelpWidth: () => terminal.width,
  });
  for (const child of command.commands) prepare(child, terminal, root);
}

type MakeCommand = (runtime: Runtime) => Command;

/**
 * All commands in the order of the help: first those that start, then those that show, change and repair.
 *
 * A command is in the folder of the noun that it acts on: a cell, an endpoint, a fleet file, the ledger, a plan, a
 * target, a hosted zone, a role that a person runs; preflight, drill, rescue, start, replay, simulate and completion have
 * folders of their own. No such folder imports another. Code that several of them need is in `command/`, from which commands are
 * built, and in `printing/`.
 */
const COMMANDS: readonly MakeCommand[] = [
  startCommand,
  statusCommand,
  resolveCommand,
  explainCommand,
  historyCommand,
  verifyCommand,
  upgradeCommand,
  preflightCommand,
  doctorCommand,
  group(fleetCommand, fleetCheckCommand, fleetPushCommand),
  importCommand,
  group(planCommand, planShowCommand, planDiffCommand, planApproveCommand, planRejectCommand),
  group(targetCommand, targetDrainCommand, targetRestoreCommand, targetObserveCommand),
  evacuateCommand,
  restoreCommand,
  rollbackCommand,
  pauseCommand,
  resumeCommand,
  freezeCommand,
  thawCommand,
  adoptCommand,
  retryCommand,
  group(rescueCommand, rescueAdoptCommand),
  enactCommand,
  retireCommand,
  auditCommand,
  drillCommand,
  replayCommand,
  simulateCommand,
  completionCommand,
];

function fleetCommand(): Command {
  return newCommand('fleet', 'Check a fleet file, or declare what is in it.', [
    ['pawl fleet push fleet.yaml', 'shows the change, then asks'],
  ]);
}

function targetCommand(): Command {
  return newCommand('target', 'Take one target out, bring it back, or record what was seen of it.', [
    ['pawl target drain api-3 --reason "disk failing"', ''],
  ]);
}

/** A command with subcommands: `plan`, and `plan approve`. */
function group(make: MakeCommand, ...below: readonly MakeCommand[]): MakeCommand {
  return (runtime) => {
    const command = make(runtime);
    for (const each of below) command.addCommand(each(runtime));
    return command;
  };
}
