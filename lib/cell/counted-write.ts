import { METRICS } from '../telemetry/metric-names.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { FencedWrite, WriteOutcome, Writer } from './fenced-write.ts';
import { fencedWrite } from './fenced-write.ts';

/**
 * Sends a batch once and counts its outcome, which the alarms watch.
 *
 * @param send how to send it; given where a lost answer is looked into.
 * @throws what `send` throws.
 */
export async function countedWrite(
  { writer, telemetry }: { readonly writer: Writer; readonly telemetry: Telemetry },
  write: FencedWrite,
  send: typeof fencedWrite = fencedWrite,
): Promise<WriteOutcome> {
  const outcome = await send(writer, write);
  telemetry.count(METRICS.batchesSent, 1, { kind: write.kind, outcome: outcome.type });
  return outcome;
}
