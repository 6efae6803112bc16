import type { Argument, Command } from 'commander';
import { nearest } from '../../fleet/suggestion.ts';

const CELL = 'cell';

/** Lets a command that takes a cell take it as `--cell` and as an argument. Any other command stays as it is. */
export function cellEitherWay(command: Command): void {
  const all = command.registeredArguments;
  const hasOption = command.options.some(({ long }) => long === '--cell');
  if (hasOption && all.at(-1)?.name() === CELL) fromArgument(command);
  if (!hasOption && all[0]?.name() === CELL) fromOption(command, all);
}

/**
 * A command whose first argument is the cell takes it from `--cell` too: `pawl freeze --cell use1-a`. Its other
 * arguments move up then.
 */
function fromOption(command: Command, all: readonly Argument[]): void {
  const needed = all.map((argument) => argument.required);
  command.usage(['[options]', ...all.map((each) => placeOf(each.name(), each.required))].join(' '));
  // Whether one is missing can be told only once the options are known.
  for (const argument of all) argument.required = false;
  command.option('--cell <cell>', 'the same, as an option');
  command.hook('preAction', (_, typed) => {
    if (typed !== command) return;
    const option = command.getOptionValue(CELL);
    const words = [...command.args];
    if (typeof option === 'string' && words.length < all.length) words.unshift(option);
    else if (typeof option === 'string' && words[0] !== option) refuseTwo(command, words[0], option);
    const missing = all.find((_argument, index) => needed[index] === true && words[index] === undefined);
    if (missing !== undefined)
      command.error(`error: missing required argument '${missing.name()}'`, {
        code: 'commander.missingArgument',
      });
    command.processedArgs = all.map((_argument, index) => words[index]);
  });
}

/**
 * A command with `--cell` whose last argument is the cell takes it from there: `pawl status use1-a`. Its action gets the
 * argument before its flags, which have it already.
 */
function fromArgument(command: Command): void {
  command.hook('preAction', (_, typed) => {
    const word = command.args[command.registeredArguments.length - 1];
    if (typed !== command || word === undefined) return;
    refuseMisspelt(command, word);
    const option = command.getOptionValue(CELL);
    if (typeof option === 'string' && option !== word) refuseTwo(command, word, option);
    command.setOptionValueWithSource(CELL, word, 'cli');
  });
}

function placeOf(name: string, isNeeded: boolean): string {
  return isNeeded ? `<${name}>` : `[${name}]`;
}

function sorted(word: string): string {
  return [...word].sort().join('');
}

/** A misspelt subcommand is no cell. */
function refuseMisspelt(command: Command, word: string): void {
  const below = command.commands.map((child) => child.name());
  const isTransposed = below.some((name) => sorted(name) === sorted(word));
  if (nearest(word, below) === undefined && !isTransposed) return;
  command.error(`error: "${word}" is one argument too many for "pawl ${command.name()}"`, {
    code: 'commander.excessArguments',
  });
}

function refuseTwo(command: Command, word: string | undefined, option: string): void {
  command.error(`error: "${word}" and --cell ${option} name two cells: give one of them`, {
    code: 'commander.conflictingOption',
  });
}
