import { janitorRuns } from '../lib/wiring/run-janitor.ts';
import { roleHandler } from './role-handler.ts';

export const handler = roleHandler(janitorRuns);
