import { z } from 'zod';
import { METRICS } from '../lib/telemetry/metric-names.ts';
import { auditorRuns } from '../lib/wiring/run-auditor.ts';
import { eventName, readRecords, streamEvent } from './ledger-stream.ts';
import { cellEvent, functionTools, handlerOf } from './middleware.ts';
import { cellRuns } from './role-handler.ts';

/** Any record: whatever stands in an item that somebody changed or deleted, the change of it is evidence. */
const anyRecord = z.object({ eventName, dynamodb: z.object({ Keys: z.unknown() }).optional() });

const tools = functionTools();
const run = cellRuns(tools, auditorRuns);

/**
 * Audits a cell, or receives items of the ledger that were changed or deleted. Nobody may do that, so each of them is
 * evidence and is logged with its keys.
 */
export const handler = handlerOf(tools, z.union([cellEvent, streamEvent]), async (event, invocation) => {
  if ('cell' in event) return run(event, invocation);
  const records = readRecords(tools, event, anyRecord);
  const rewritten = records.filter((record) => record.eventName !== 'INSERT');
  for (const { eventName: what, dynamodb } of rewritten) {
    tools.logger.critical('LedgerRewritten', { what, keys: dynamodb?.Keys });
  }
  tools.telemetry.count(METRICS.ledgerRewritten, rewritten.length);
  return { type: 'rewritten' as const, items: rewritten.length };
});
