import { machineLimit } from '../runtime/system-failure.ts';
import type { ExitCode } from './command/exit-codes.ts';
import { EXIT, exitCodeOf } from './command/exit-codes.ts';
import { BadInput, systemCode } from './command/failures.ts';
import type { Terminal } from './command/terminal.ts';
import type { Doubt } from './noted-writes.ts';
import { tame } from './printing/paper.ts';

/** What a command may have written before it failed, and the command line that finishes it. */
export interface WrittenBefore {
  /** What is known to be done: clauses for a person. */
  readonly done: readonly string[];
  /** What may have been done. */
  readonly doubtful: readonly Doubt[];
  /** As it is typed: `pawl freeze use1-a`. */
  readonly again: string;
}

/** An error as it is reported to a person and to a program. */
export interface ReportedError {
  readonly exit: ExitCode;
  /** One sentence. */
  readonly message: string;
  readonly details: readonly string[];
  /** Where it was thrown, with PAWL_DEBUG=1. */
  readonly trace: string | undefined;
}

const SYSTEM_CODE = /^E(?!RR_)[A-Z0-9]+$/;

/** How to report anything that was thrown. */
export function reportedError(error: unknown, debug: boolean): ReportedError {
  const trace = debug && error instanceof Error ? traceOf(error) : undefined;
  const code = exitCodeOf(error);
  if (code !== undefined && error instanceof Error) {
    const details = error instanceof BadInput ? error.details : [];
    return { exit: code, message: oneLine(error.message), details, trace };
  }
  if (error instanceof Error && SYSTEM_CODE.test(systemCode(error) ?? '')) {
    return {
      exit: EXIT.unknown,
      message: oneLine(machineLimit(error) ?? `The system refused: ${error.message}.`),
      details: [],
      trace,
    };
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    exit: EXIT.unknown,
    message: `This is a bug in Pawl (${oneLine(what)}): please report it with what "PAWL_DEBUG=1 pawl …" prints.`,
    details: [],
    trace,
  };
}

/**
 * Reports an error: one sentence for people, and with --json one document for the program that called. Where something
 * was written, or may have been, that is said before the cause, and after it the command that finishes.
 */
export function reportError(
  terminal: Terminal,
  reported: ReportedError,
  json: boolean,
  written: WrittenBefore = NOTHING,
): void {
  const { exit, message, details, trace } = reported;
  for (const line of writtenLines(written)) terminal.complain(line);
  for (const line of [`pawl: ${message}`, ...details.map(tame)]) terminal.complain(`${line}\n`);
  // What is invalid has to be mended first.
  const again = hasWritten(written) && exit !== EXIT.badInput ? written.again : undefined;
  if (again !== undefined) terminal.complain(againLine(again));
  if (trace !== undefined) terminal.complain(`${trace}\n`);
  if (json) {
    const about = hasWritten(written) ? { done: written.done, notKnown: askedOf(written), again } : {};
    const error = { exit, message, details: details.length === 0 ? undefined : details, ...about };
    terminal.write(`${JSON.stringify({ error }, undefined, 2)}\n`);
  }
}

/** Reports the writes in doubt of a command that ended without an error, and did not come to its end either. */
export function reportDoubt(terminal: Terminal, written: WrittenBefore): void {
  const reasons = new Set(written.doubtful.map(({ reason }) => `pawl: ${oneLine(reason)}\n`));
  for (const line of [...writtenLines(written), ...reasons, againLine(written.again)])
    terminal.complain(line);
}

const NOTHING: WrittenBefore = { done: [], doubtful: [], again: '' };

function hasWritten({ done, doubtful }: WrittenBefore): boolean {
  return done.length + doubtful.length > 0;
}

function askedOf({ doubtful }: WrittenBefore): readonly string[] {
  return doubtful.map(({ asked }) => asked);
}

function writtenLines(written: WrittenBefore): readonly string[] {
  const { done } = written;
  const asked = askedOf(written);
  return [
    ...(done.length === 0 ? [] : [`pawl: Done: ${tame(done.join('; '))}.\n`]),
    ...(asked.length === 0 ? [] : [`pawl: Not known: whether ${tame(asked.join('; whether '))}.\n`]),
  ];
}

function againLine(again: string): string {
  return `pawl: This finishes it: ${tame(again)}\n`;
}

function traceOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${traceOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

function oneLine(text: string): string {
  return tame(text.replaceAll(/\s*\n\s*/g, ' ').trim());
}
