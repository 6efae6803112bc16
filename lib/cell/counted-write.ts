import { METRICS } from '../telemetry/metric-names.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { FencedWrite, WriteOutcome, Writer } from './fenced-write.ts';
import { fencedWrite } from './fenced-write.ts';

/** Sends a batch once and counts its outcome, which the alarms watch. @throws what {@link fencedWrite} throws. */
export async function countedWrite(
  { writer, telemetry }: { readonly writer: Writer; readonly telemetry: Telemetry },
  write: FencedWrite,
): Promise<WriteOutcome> {
  const outcome = await fencedWrite(writer, write);
  telemetry.count(METRICS.batchesSent, 1, { kind: write.kind, outcome: outcome.type });
  return outcome;
}
