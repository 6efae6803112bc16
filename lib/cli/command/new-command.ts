import { Command } from 'commander';
import { EXIT_CODES_HELP } from './exit-codes.ts';
import type { CommandResult, Session } from './session.ts';

/** The runner of every command's action, so that errors and exit codes are handled in one place. */
export interface Runtime {
  /** Runs a command's action with a session made from its flags. */
  run(command: Command, action: (session: Session) => Promise<CommandResult>): Promise<void>;
}

/**
 * A command with its summary, its examples and the exit codes, which every help ends with.
 *
 * @param examples command lines without the `$`, each with its effect.
 */
export function newCommand(
  name: string,
  summary: string,
  examples: readonly (readonly [line: string, does: string])[],
): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const text = examples.map(([line, does]) => `  $ ${line.padEnd(width)}  ${does}`.trimEnd());
  return new Command(name)
    .description(summary)
    .addHelpText(
      'after',
      `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${text.join('\n')}\n\n${EXIT_CODES_HELP}`,
    );
}
