import type { Command } from 'commander';
import type { CommandResult, Session } from './session.ts';

/** What a command is built on: the one way in which its action runs, so that errors and exit codes are in one place. */
export interface Runtime {
  /** Runs a command's action with a session made from its flags. */
  run(command: Command, action: (session: Session) => Promise<CommandResult>): Promise<void>;
}
