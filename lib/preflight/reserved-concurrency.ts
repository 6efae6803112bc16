import type { RoleName } from '../roles.ts';
import { ROLES, workerNames } from '../roles.ts';

/** Runs at once of each webhook. */
const WEBHOOK_RUNS = 2;
/** Runs more, by role, that a function must have room for: for the stream's rewrites, and for messages of the queue. */
const MORE: Readonly<Partial<Record<RoleName, number>>> = { auditor: 1, enactor: 2 };

/**
 * Runs at once that a stack's functions reserve: one a function and cell, those that the stream and the queue hand to it
 * besides (lib/infrastructure/pawl-stack.ts), one a cell for the herald, and two a webhook. 0 for a stack without cells.
 */
export function reservedConcurrency(cells: number, enactors: number, webhooks = 0): number {
  if (cells === 0) return 0;
  const workers = ROLES.flatMap((role) =>
    workerNames(role, enactors).map(() => cells + (MORE[role.name] ?? 0)),
  );
  return workers.reduce((sum, each) => sum + each, cells + WEBHOOK_RUNS * webhooks);
}
