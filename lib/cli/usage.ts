import type { Command, CommanderError } from 'commander';
import { nearest } from '../fleet/suggestion.ts';
import { BadInput } from './command/failures.ts';

/** The input does not fit the command. It carries the command, for a suggestion and a pointer to its help. */
class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly command: Command;
  readonly mistake: CommanderError;

  constructor(command: Command, mistake: CommanderError) {
    super(mistake.message, { cause: mistake });
    this.command = command;
    this.mistake = mistake;
  }
}

const SHOWN_ARE = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version']);
const UNKNOWN_OPTION = /'(--[^']+)'/;
const SUGGESTION = /\s*\(Did you mean (?:one of )?(.+)\?\)/;

/** Makes commander throw instead of ending the process, for this command and all of its subcommands. */
export function throwMistakes(command: Command): void {
  command.exitOverride((mistake) => {
    throw new UsageError(command, mistake);
  });
  for (const child of command.commands) throwMistakes(child);
}

/** One sentence about a mistake in what was typed; 'help' when help or the version was asked for. */
export function usageMistake(error: unknown): BadInput | 'help' | undefined {
  if (!(error instanceof UsageError)) return undefined;
  const { command, mistake } = error;
  if (SHOWN_ARE.has(mistake.code) && mistake.exitCode === 0) return 'help';
  const help = `see "${pathOf(command)} --help"`;
  if (mistake.code === 'commander.help')
    return new BadInput(`Say what to do: ${names(command).join(', ')}; ${help}.`);
  const suggestion =
    SUGGESTION.exec(mistake.message)?.[1] ??
    suggestedOption(command, mistake) ??
    suggestedCommand(command, mistake);
  const what = excess(command, mistake) ?? sentenceStart(mistake.message.replace(SUGGESTION, ''));
  const next = suggestion === undefined ? `; ${help}` : `: did you mean ${suggestion}? Else ${help}`;
  return new BadInput(`${what}${next}.`, { cause: error });
}

function excess(command: Command, mistake: CommanderError): string | undefined {
  const extra = command.args[command.registeredArguments.length];
  if (mistake.code !== 'commander.excessArguments' || extra === undefined) return undefined;
  return `"${extra}" is one argument too many for "${pathOf(command)}"`;
}

/** Global options are hidden in commands, where commander does not look for suggestions. */
function suggestedOption(command: Command, mistake: CommanderError): string | undefined {
  const typed = UNKNOWN_OPTION.exec(mistake.message)?.[1];
  if (mistake.code !== 'commander.unknownOption' || typed === undefined) return undefined;
  return nearest(
    typed,
    command.options.flatMap(({ long }) => long ?? []),
  );
}

/** A surplus argument of a command with subcommands is a misspelt subcommand. */
function suggestedCommand(command: Command, mistake: CommanderError): string | undefined {
  const [word] = command.args;
  if (mistake.code !== 'commander.excessArguments' || word === undefined) return undefined;
  const known = names(command);
  const near = nearest(word, known);
  if (near !== undefined) return `"${pathOf(command)} ${near}"`;
  return known.length === 0 ? undefined : `one of ${known.join(', ')}`;
}

function names(command: Command): readonly string[] {
  return command.commands.map((child) => child.name());
}

function pathOf(command: Command): string {
  const path: string[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) path.unshift(at.name());
  return path.join(' ');
}

function sentenceStart(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
