import type { Command } from 'commander';
import type { ChosenWorld, LedgerNeed, WorldFlags } from '../wiring/choose-world.ts';
import type { World } from '../wiring/world.ts';
import type { ExitCode } from './command/exit-codes.ts';
import { EXIT } from './command/exit-codes.ts';
import { BadInput, NoWorld } from './command/failures.ts';
import type { Runtime } from './command/new-command.ts';
import type { Session } from './command/session.ts';
import { shellWord } from './command/shell-word.ts';
import type { Terminal } from './command/terminal.ts';
import type { NotedWrites } from './noted-writes.ts';
import { noteWrites } from './noted-writes.ts';
import { program, programFor } from './program.ts';
import type { WrittenBefore } from './report-error.ts';
import { reportDoubt, reportError, reportedError } from './report-error.ts';
import { usageMistake } from './usage.ts';

export type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

/** Everything outside the command line that it uses. */
export interface Doors {
  readonly terminal: Terminal;
  readonly env: ProcessEnvironment;
  /** Aborted by Ctrl-C, from the first call on. */
  readonly interruption: () => AbortSignal;
  readonly chooseWorld: (
    flags: WorldFlags,
    env: ProcessEnvironment,
    need?: LedgerNeed,
  ) => Promise<ChosenWorld>;
}

interface GlobalFlags extends WorldFlags {
  readonly json?: boolean;
  readonly color: boolean;
  /** `json` is as --json; with any other but `text` the command prints one page. */
  readonly format?: 'text' | 'json' | 'markdown';
}

/**
 * The command line.
 *
 * @param argv what was typed after `pawl`.
 * @returns the exit code; never throws.
 */
export async function main(argv: readonly string[], doors: Doors): Promise<ExitCode> {
  const { terminal, env } = doors;
  const debug = env['PAWL_DEBUG'] === '1';
  let exit: ExitCode = EXIT.done;
  const runtime: Runtime = {
    run: async (command, action) => {
      exit = await runAction(doors, argv, globalFlags(command), action, debug);
    },
  };
  try {
    await (await programFor(argv, runtime, terminal)).parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    const mistake = usageMistake(await amongAll(error, argv, terminal));
    if (mistake === 'help') return EXIT.done;
    const reported = reportedError(mistake ?? error, debug);
    reportError(terminal, reported, argv.includes('--json'));
    return reported.exit;
  }
}

/**
 * What the whole command line says of a mistake, which knows more to suggest than the few commands that were loaded. It
 * runs nothing and prints nothing.
 */
async function amongAll(error: unknown, argv: readonly string[], terminal: Terminal): Promise<unknown> {
  const mistake = usageMistake(error);
  if (mistake === undefined || mistake === 'help') return error;
  // The help that belongs to a mistake has been printed already.
  const silent: Terminal = { ...terminal, write: () => undefined, complain: () => undefined };
  try {
    const whole = await program({ run: async () => undefined }, silent);
    await whole.parseAsync(argv, { from: 'user' });
    return error;
  } catch (again) {
    return again;
  }
}

/** A global option may follow any of the words of a command. */
function globalFlags(command: Command): GlobalFlags {
  const { color, ...flags } = command.opts<GlobalFlags>();
  const above = command.parent === null ? { color: true } : globalFlags(command.parent);
  return { ...above, ...flags, color: color && above.color };
}

async function runAction(
  doors: Doors,
  argv: readonly string[],
  flags: GlobalFlags,
  action: Parameters<Runtime['run']>[1],
  debug: boolean,
): Promise<ExitCode> {
  const { terminal } = doors;
  const json = isJson(flags);
  const writes = noteWrites();
  let again = argv;
  let world: Promise<World> | undefined;
  const session = sessionOf(doors, flags, {
    world: (need) => {
      world ??= openWorld(doors, flags, need).then(writes.world);
      return world;
    },
    finishWith: (words) => {
      again = words;
    },
  });
  try {
    const { exit, document, page } = await action(session);
    if (!json && page !== undefined) terminal.write(page);
    if (json && document !== undefined) terminal.write(`${JSON.stringify(document, undefined, 2)}\n`);
    if (exit === EXIT.done || writes.doubtful().length === 0) return exit;
    reportDoubt(terminal, writtenBy(writes, again));
    return EXIT.unknown;
  } catch (error) {
    const { exit, ...reported } = reportedError(error, debug);
    const known = writes.doubtful().length > 0 ? EXIT.unknown : exit;
    reportError(terminal, { ...reported, exit: known }, json, writtenBy(writes, again));
    return known;
  } finally {
    // A world that failed to open has nothing to close.
    const opened = await world?.catch(() => undefined);
    await opened?.close();
  }
}

function isJson({ json, format }: GlobalFlags): boolean {
  return json === true || format === 'json';
}

/** Whether standard output gets what one program reads, and nothing beside it. */
function isForProgram(flags: GlobalFlags): boolean {
  return isJson(flags) || flags.format === 'markdown';
}

function writtenBy(writes: NotedWrites, again: readonly string[]): WrittenBefore {
  return {
    done: writes.done(),
    doubtful: writes.doubtful(),
    again: ['pawl', ...again.map(shellWord)].join(' '),
  };
}

async function openWorld(
  { terminal, env, chooseWorld }: Doors,
  flags: GlobalFlags,
  need: LedgerNeed | undefined,
): Promise<World> {
  const chosen = await chooseWorld(flags, env, need);
  if (chosen.type === 'refused') throw new BadInput(chosen.reason);
  if (chosen.type === 'none') throw new NoWorld(chosen.reason);
  const line = `${chosen.world.title}\n`;
  if (isForProgram(flags) || !terminal.isTty) terminal.complain(line);
  else terminal.write(line);
  return chosen.world;
}

function sessionOf(doors: Doors, flags: GlobalFlags, run: Pick<Session, 'world' | 'finishWith'>): Session {
  const { terminal, env, interruption } = doors;
  const json = isForProgram(flags);
  const plain = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return {
    terminal,
    paper: {
      width: terminal.width,
      color: terminal.isTty && flags.color && !plain,
      boxes: terminal.isTty,
    },
    json,
    ...run,
    interruption,
    say: (text) => {
      if (!json) terminal.write(text);
    },
    remark: (text) => terminal.complain(text),
  };
}
