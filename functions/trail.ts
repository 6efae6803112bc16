import { z } from 'zod';
import { trailPasses } from '../lib/wiring/run-trail.ts';
import { deadlineOf, functionTools, handlerOf } from './middleware.ts';

const tools = functionTools();
const pass = trailPasses(tools.telemetry, (finding) => {
  tools.logger.warn('TrailFinding', { finding });
});

/** What the schedule sends. `at` says when it was due, RFC 3339, and is there for the log. */
const passEvent = z.strictObject({ trail: z.literal('pass'), at: z.string().optional() });

/** Holds what CloudTrail has delivered since the last pass against the ledger and the rules (docs/trail.md). */
export const handler = handlerOf(tools, passEvent, async (_event, invocation) =>
  pass(deadlineOf(invocation)),
);
