import { functionWorld } from '../lib/wiring/function-world.ts';
import { runJanitor } from '../lib/wiring/role-runs.ts';
import { cellEvent, deadlineOf, functionTools, handlerOf } from './middleware.ts';

const tools = functionTools();
const world = functionWorld(tools.telemetry);

export const handler = handlerOf(tools, cellEvent, ({ cell }, invocation) =>
  runJanitor(world, { cell, deadline: deadlineOf(invocation) }),
);
