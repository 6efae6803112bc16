import { LeasesAway } from '../../lease/lease-table.ts';
import { BodyDamaged, EntryTooLarge, LedgerUnavailable, LedgerUnusable } from '../../ledger/ledger.ts';
import { InvalidValue } from '../../plan/invariant.ts';
import { ServerUnreachable } from '../../resolve/dns-transport.ts';
import { ZoneNotFound, ZoneUnavailable } from '../../zone/zone.ts';
import { BadInput, NoWorld, Refused, UnknownOutcome } from './failures.ts';
import { Interrupted } from './terminal.ts';

/** The exit codes of the command line. */
export const EXIT = {
  done: 0,
  /** Refused, not converged, or something was found. */
  refused: 1,
  badInput: 2,
  /** Something cannot be reached, or it is not known whether the action was done. */
  unknown: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const CODES: readonly (readonly [new (...args: never[]) => Error, ExitCode])[] = [
  [BadInput, EXIT.badInput],
  [InvalidValue, EXIT.badInput],
  [LedgerUnusable, EXIT.badInput],
  [EntryTooLarge, EXIT.badInput],
  [ZoneNotFound, EXIT.badInput],
  [Refused, EXIT.refused],
  [BodyDamaged, EXIT.refused],
  [Interrupted, EXIT.refused],
  [UnknownOutcome, EXIT.unknown],
  [NoWorld, EXIT.unknown],
  [LedgerUnavailable, EXIT.unknown],
  [LeasesAway, EXIT.unknown],
  [ZoneUnavailable, EXIT.unknown],
  [ServerUnreachable, EXIT.unknown],
];

/** The code of an error that a person can act on; undefined for a bug. */
export function exitCodeOf(error: unknown): ExitCode | undefined {
  return CODES.find(([kind]) => error instanceof kind)?.[1];
}

/** The last line of every help. */
export const EXIT_CODES_HELP =
  'Exit codes: 0 done; 1 refused, or not converged; 2 bad input; 3 unreachable, or the outcome is not known.';
