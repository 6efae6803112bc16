import type { RoleName } from '../roles.ts';
import { ROLES, workerNames } from '../roles.ts';

/** Runs more, by role, that a function must have room for: for the stream's rewrites, and for messages of the queue. */
const MORE: Readonly<Partial<Record<RoleName, number>>> = { auditor: 1, enactor: 2 };

/**
 * Runs at once that a stack's functions reserve: one a function and cell, those that the stream and the queue hand to it
 * besides (lib/infrastructure/pawl-stack.ts), and one a cell for the herald. 0 for a stack without cells.
 */
export function reservedConcurrency(cells: number, enactors: number): number {
  if (cells === 0) return 0;
  const workers = ROLES.flatMap((role) =>
    workerNames(role, enactors).map(() => cells + (MORE[role.name] ?? 0)),
  );
  return workers.reduce((sum, each) => sum + each, cells);
}
