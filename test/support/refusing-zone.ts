import { enact } from '../../lib/enactor/enact.ts';
import type { EnactOutcome, EnactRequest } from '../../lib/enactor/enactor.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import type { Telemetry } from '../../lib/telemetry/telemetry.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import type { Batch, ChangeOutcome, Zone } from '../../lib/zone/zone.ts';
import { finish } from './drive.ts';

/** A batch that was sent, and its outcome. */
export interface SentBatch {
  readonly batch: Batch;
  readonly outcome: ChangeOutcome;
}

/** Route 53's words for everything that it refuses here. */
export const REFUSAL = 'InvalidChangeBatch: this record set is protected';

/** A zone that refuses every batch with a change that `refuses` names, whoever sends it, and notes all batches. */
export function refusingZone(zone: Zone, refuses: (record: RecordSet) => boolean, sent: SentBatch[]): Zone {
  return {
    ...zone,
    change: async (batch) => {
      const isRefused = batch.changes.some(({ record }) => refuses(record));
      const outcome: ChangeOutcome = isRefused
        ? { type: 'rejected', reason: REFUSAL }
        : await zone.change(batch);
      sent.push({ batch, outcome });
      return outcome;
    },
  };
}

/** One undisturbed run of an enactor in a zone that refuses some records. */
export async function enactRefused(
  world: SimulatedWorld,
  name: string,
  refuses: (record: RecordSet) => boolean,
  {
    mode = 'sweep',
    telemetry = silentTelemetry,
  }: { mode?: EnactRequest['mode']; telemetry?: Telemetry } = {},
): Promise<{ readonly outcome: EnactOutcome; readonly sent: readonly SentBatch[] }> {
  const sent: SentBatch[] = [];
  await world.startActor(name, 'enactor', ({ writer, ledger, clock, settings, deadline }) =>
    enact(
      {
        writer: { ...writer, zone: refusingZone(writer.zone, refuses, sent) },
        ledger,
        clock,
        telemetry,
        settings,
      },
      { mode, deadline },
    ),
  );
  const outcome = (await finish(world, name)) as EnactOutcome;
  return { outcome, sent };
}
