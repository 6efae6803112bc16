import type { Role, RoleName } from '../roles.ts';
import { SUCCESSORS_AT_ONCE } from './successors.ts';

/** The role that the stream invokes for items of the ledger that somebody changed or deleted. */
export const REWRITES_READER: RoleName = 'auditor';
/** The role whose runs end while Route 53 propagates, so that another run goes on. */
export const SUCCEEDED: RoleName = 'enactor';

/**
 * The most runs of one function of a role at a time: one a cell, and room for what is handed to it beside its sweeps. It
 * is what a function reserves of the account's concurrency, so no more of its containers can work at once.
 */
export function runsAtOnce(role: Role, cells: number): number {
  return cells + handedTo(role);
}

/** Runs at once of each webhook: a receiver that is slow gets two requests at a time, and the others wait their turn. */
export const WEBHOOK_RUNS = 2;

/** Runs at once that the stream or the queue of successors asks of a function. */
function handedTo({ name }: Role): number {
  if (name === REWRITES_READER) return 1;
  return name === SUCCEEDED ? SUCCESSORS_AT_ONCE : 0;
}
