import { functionWorld } from '../lib/wiring/function-world.ts';
import { lossStreaks } from '../lib/wiring/loss-streaks.ts';
import { runEnactor } from '../lib/wiring/role-runs.ts';
import { cellEvent, deadlineOf, functionTools, handlerOf } from './middleware.ts';

const tools = functionTools();
const world = functionWorld(tools.telemetry);
const streaks = lossStreaks();

export const handler = handlerOf(tools, cellEvent, ({ cell, mode }, invocation) =>
  runEnactor(world, { cell, mode, deadline: deadlineOf(invocation) }, streaks),
);
