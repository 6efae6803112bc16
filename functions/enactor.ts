import { enactorRuns } from '../lib/wiring/run-enactor.ts';
import { roleHandler } from './role-handler.ts';

export const handler = roleHandler(enactorRuns);
