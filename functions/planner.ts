import { functionWorld } from '../lib/wiring/function-world.ts';
import { chooseSource } from '../lib/wiring/planning-source.ts';
import { runPlanner } from '../lib/wiring/role-runs.ts';
import { cellEvent, deadlineOf, functionTools, handlerOf } from './middleware.ts';

const tools = functionTools();
const world = functionWorld(tools.telemetry);
const choose = chooseSource();

export const handler = handlerOf(tools, cellEvent, ({ cell }, invocation) =>
  runPlanner(world, { cell, deadline: deadlineOf(invocation) }, choose),
);
