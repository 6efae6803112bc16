import { functionWorld } from '../lib/wiring/function-world.ts';
import type { OpenRole } from '../lib/wiring/role-run.ts';
import { servedRuns } from '../lib/wiring/served-run.ts';
import { cellEvent, deadlineOf, functionTools, handlerOf } from './middleware.ts';

/** The handler of a role that gets events about cells only. Made once a container. */
export function roleHandler(open: OpenRole) {
  const tools = functionTools();
  const run = servedRuns(functionWorld(tools.telemetry), open);
  return handlerOf(tools, cellEvent, ({ cell, mode }, invocation) =>
    run({ cell, mode, deadline: deadlineOf(invocation) }),
  );
}
