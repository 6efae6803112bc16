import type { ExitCode } from './command/exit-codes.ts';
import { EXIT, exitCodeOf } from './command/exit-codes.ts';
import { BadInput, systemCode } from './command/failures.ts';
import type { Terminal } from './command/terminal.ts';
import { tame } from './printing/paper.ts';

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
      message: `The system refused: ${oneLine(error.message)}.`,
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

/** Reports an error: one sentence for people, and with --json one document for the program that called. */
export function reportError(terminal: Terminal, reported: ReportedError, json: boolean): void {
  const { exit, message, details, trace } = reported;
  for (const line of [`pawl: ${message}`, ...details.map(tame)]) terminal.complain(`${line}\n`);
  if (trace !== undefined) terminal.complain(`${trace}\n`);
  if (json) {
    const document = { error: { exit, message, details: details.length === 0 ? undefined : details } };
    terminal.write(`${JSON.stringify(document, undefined, 2)}\n`);
  }
}

function traceOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${traceOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

function oneLine(text: string): string {
  return tame(text.replaceAll(/\s*\n\s*/g, ' ').trim());
}
