import { plannerRuns } from '../lib/wiring/run-planner.ts';
import { roleHandler } from './role-handler.ts';

export const handler = roleHandler(plannerRuns);
