import { ROLES, workerNames } from '../roles.ts';

/** The role that also reads the stream's rewrites, one run more (lib/infrastructure/pawl-stack.ts). */
const REWRITES_READER = 'auditor';

/**
 * Runs at once that a stack's functions reserve: one a function and cell, one more for the reader of rewrites, and one
 * a cell for the herald. 0 for a stack without cells.
 */
export function reservedConcurrency(cells: number, enactors: number): number {
  if (cells === 0) return 0;
  const workers = ROLES.flatMap((role) =>
    workerNames(role, enactors).map(() => cells + (role.name === REWRITES_READER ? 1 : 0)),
  );
  return workers.reduce((sum, each) => sum + each, cells);
}
