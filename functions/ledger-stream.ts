import { z } from 'zod';
import { METRICS } from '../lib/telemetry/metric-names.ts';
import type { FunctionTools } from './middleware.ts';

/** A record that nobody can read is logged up to here, characters: its keys come first. */
const LOGGED_MAX = 4_000;

/**
 * A batch of the ledger's stream. Its records are read one by one, by {@link readRecords}: one that nobody can read must
 * not stop the others.
 */
export const streamEvent = z.object({ Records: z.array(z.unknown()) });

/** What happened to the item of a record. */
export const eventName = z.enum(['INSERT', 'MODIFY', 'REMOVE']);

/**
 * The records of a batch that have that shape. Another one will not have it at a later time either, so the batch is not
 * refused for its sake, which would hold back every record behind it: it is logged, and counted for an alarm.
 */
export function readRecords<Shape>(
  { logger, telemetry }: Pick<FunctionTools, 'logger' | 'telemetry'>,
  { Records }: z.infer<typeof streamEvent>,
  shape: z.ZodType<Shape>,
): readonly Shape[] {
  const read: Shape[] = [];
  for (const record of Records) {
    const parsed = shape.safeParse(record);
    if (parsed.success) {
      read.push(parsed.data);
      continue;
    }
    const why = z.prettifyError(parsed.error);
    logger.critical('StreamRecordUnreadable', { why, record: JSON.stringify(record).slice(0, LOGGED_MAX) });
  }
  telemetry.count(METRICS.recordsUnreadable, Records.length - read.length);
  return read;
}
