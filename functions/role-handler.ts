import { systemClock } from '../lib/runtime/clock.ts';
import { functionWorld } from '../lib/wiring/function-world.ts';
import type { OpenRole, RunRequest } from '../lib/wiring/role-run.ts';
import { servedRuns } from '../lib/wiring/served-run.ts';
import type { FunctionTools, Invocation } from './middleware.ts';
import { cellEvent, deadlineOf, functionTools, handlerOf } from './middleware.ts';

/**
 * What an event asks for has been done by a later one when it is so old: longer than the window of a schedule, a retry
 * after a minute, and a minute more. It ends at once, because whoever waited behind a long run must not become a queue of
 * runs without work, nor a dead letter (docs/adr/0051-nobody-waits-for-insync.md).
 */
const OUT_OF_DATE_MS = 180_000;

/** The event asks for what was due too long ago: nothing was done, and a later event has come since, or comes. */
interface OutOfDate {
  readonly type: 'out-of-date';
  readonly at: string;
}

type CellEvent = Pick<RunRequest, 'cell' | 'mode'> & { readonly at?: string | undefined };

/** The runs of a role by events about cells. Made once a container. */
export function cellRuns({ telemetry }: Pick<FunctionTools, 'telemetry'>, open: OpenRole) {
  const run = servedRuns(functionWorld(telemetry), open);
  return async ({ cell, mode, at }: CellEvent, invocation: Invocation) => {
    if (at !== undefined && isOutOfDate(at)) {
      const outcome: OutOfDate = { type: 'out-of-date', at };
      return outcome;
    }
    return run({ cell, mode, deadline: deadlineOf(invocation) });
  };
}

function isOutOfDate(at: string): boolean {
  const due = Date.parse(at);
  return Number.isFinite(due) && systemClock.now() - due > OUT_OF_DATE_MS;
}

/** The handler of a role that gets events about cells only. */
export function roleHandler(open: OpenRole) {
  const tools = functionTools();
  return handlerOf(tools, cellEvent, cellRuns(tools, open));
}
