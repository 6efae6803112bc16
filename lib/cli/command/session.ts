import type { LedgerNeed } from '../../wiring/choose-world.ts';
import type { World } from '../../wiring/world.ts';
import type { Paper } from '../printing/paper.ts';
import type { ExitCode } from './exit-codes.ts';
import { BadInput, Refused } from './failures.ts';
import type { Terminal } from './terminal.ts';

/** The result of a command, with the document that --json prints. */
export interface CommandResult {
  readonly exit: ExitCode;
  /** Plain JSON; absent when the command writes its documents itself, such as one that follows a log. */
  readonly document?: unknown;
  /** What `--format markdown` prints in its place; absent where the command has no such page. */
  readonly page?: string | undefined;
}

/** What one command works with. */
export interface Session {
  readonly terminal: Terminal;
  readonly paper: Paper;
  /** True: a program reads standard output, which gets one document and nothing else. */
  readonly json: boolean;
  /**
   * The world to work in. The first call opens it and prints its title. A command that comes before there is a ledger
   * needs none, and then neither a table nor a stack has to be named.
   */
  world(need?: LedgerNeed): Promise<World>;
  /**
   * Names the words after `pawl` that finish this command if it breaks off, where the same ones again would do something
   * else. Whoever typed them has then decided on something that they do not say.
   */
  finishWith(words: readonly string[]): void;
  /** Prints for a person, on standard output; prints nothing with --json, and nothing beside a page. */
  say(text: string): void;
  /** Prints for a person, on standard error, also with --json. */
  remark(text: string): void;
  /** Aborted by Ctrl-C, from the first call on. Ctrl-C ends a command that never calls it, as it ends any program. */
  interruption(): AbortSignal;
}

/**
 * Asks a person before the command goes on, unless `yes` is true.
 *
 * @throws Refused when the answer is no; BadInput when there is nobody to ask.
 */
export async function confirm(session: Session, question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true) return;
  if (!session.terminal.canAsk || session.json) {
    throw new BadInput(`${question} There is nobody to ask here: give --yes, or look first with --dry-run.`);
  }
  const answer = await session.terminal.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Refused('Nothing was changed.');
}

/** Looks repeatedly until Ctrl-C, the usual end of a command that watches. */
export async function untilInterrupted(
  session: Session,
  everyMs: number,
  look: () => Promise<void>,
): Promise<void> {
  const { clock } = await session.world();
  const stop = session.interruption();
  while (!stop.aborted) {
    await look();
    try {
      await clock.sleep(everyMs, stop);
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }
}
