import { Command, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { GIVEN_RATE_MAX } from '../wiring/command-rate.ts';
import { cellEitherWay } from './command/cell-words.ts';
import { EXIT_CODES_HELP } from './command/exit-codes.ts';
import type { Runtime } from './command/new-command.ts';
import { wholeNumber } from './command/option-values.ts';
import type { Terminal } from './command/terminal.ts';
import { COMMANDS } from './command-table.ts';
import { throwMistakes } from './usage.ts';

const HELP = ['--help', '-h', 'help'];
const VERSION = ['--version', '-V'];

/**
 * The command line, ready to parse.
 *
 * @param argv what was typed: of the commands only those are there whose names it holds, unless it holds none.
 */
export async function programFor(
  argv: readonly string[],
  runtime: Runtime,
  terminal: Terminal,
): Promise<Command> {
  const all = Object.keys(COMMANDS);
  const named = all.filter((name) => argv.includes(name));
  const first = argv.find((word) => HELP.includes(word) || all.includes(word));
  // The help of the whole and a completion show all of them.
  const isWhole = first === undefined || HELP.includes(first) || named.includes('completion');
  const isVersion = first === undefined && argv.some((word) => VERSION.includes(word));
  return made(isWhole && !isVersion ? all : named, runtime, terminal);
}

/** The whole command line, ready to parse. */
export function program(runtime: Runtime, terminal: Terminal): Promise<Command> {
  return made(Object.keys(COMMANDS), runtime, terminal);
}

async function made(names: readonly string[], runtime: Runtime, terminal: Terminal): Promise<Command> {
  const root = new Command('pawl')
    .description('DNS automation that only moves forward.')
    .version(manifest.version)
    .addHelpText('after', `\n${EXIT_CODES_HELP}`);
  for (const [name, load] of Object.entries(COMMANDS))
    if (names.includes(name)) root.addCommand((await load())(runtime));
  prepare(root, terminal);
  throwMistakes(root);
  return root;
}

/** The options that every command takes, before its name or behind it; every help lists them. */
const GLOBAL_OPTIONS: readonly GlobalOption[] = [
  ['--json', 'print one JSON document instead of text'],
  ['--no-color', 'no colour, also on a terminal'],
  ['--folder <path>', 'the folder of a local world (default: .pawl)'],
  ['--stack <name>', 'a deployed stack, which names its table and its cells'],
  ['--table <name>', 'the DynamoDB table of a ledger in AWS'],
  ['--region <name>', 'the AWS Region of that table'],
  ['--profile <name>', 'the AWS profile to act as'],
  [
    '--rate <requests>',
    'Route 53 requests a second (default: 2, and what others leave)',
    wholeNumber(1, GIVEN_RATE_MAX),
  ],
];

type GlobalOption = readonly [flags: string, does: string, parse?: (text: string) => number];

/**
 * An option belongs to the command that it follows: `plan` and `plan approve` may both have a `--yes`. So every
 * command has the global options too. They are hidden, and its help shows those of the root.
 */
function prepare(command: Command, terminal: Terminal, root = command): void {
  for (const [flags, does, parse] of GLOBAL_OPTIONS) {
    const option = new Option(flags, does).hideHelp(command !== root);
    command.addOption(parse === undefined ? option : option.argParser(parse));
  }
  cellEitherWay(command);
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
