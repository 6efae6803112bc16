import { enact } from '../../lib/enactor/enact.ts';
import type { EnactOutcome, EnactRequest } from '../../lib/enactor/enactor.ts';
import type { Change, RecordSet } from '../../lib/plan/records.ts';
import { sameRecord } from '../../lib/plan/records.ts';
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

/** A zone that refuses every batch that `refuses` names, whoever sends it, in these words, and notes all batches. */
export function refusingZone(
  zone: Zone,
  refuses: (changes: readonly Change[]) => boolean,
  sent: SentBatch[],
  words: (changes: readonly Change[]) => string = () => REFUSAL,
): Zone {
  return {
    ...zone,
    change: async (batch) => {
      const outcome: ChangeOutcome = refuses(batch.changes)
        ? { type: 'rejected', reason: words(batch.changes) }
        : await zone.change(batch);
      sent.push({ batch, outcome });
      return outcome;
    },
  };
}

/** Whether a batch deletes a record and creates the same one again. */
export function reasserts(changes: readonly Change[]): boolean {
  const deleted = changes.filter(({ action }) => action === 'DELETE');
  return changes.some(
    ({ action, record }) => action === 'CREATE' && deleted.some((other) => sameRecord(other.record, record)),
  );
}

/** Whether a batch has a change of such a record. */
export function touching(is: (record: RecordSet) => boolean): (changes: readonly Change[]) => boolean {
  return (changes) => changes.some(({ record }) => is(record));
}

/** One undisturbed run of an enactor in a zone that refuses some batches. */
export async function enactRefused(
  world: SimulatedWorld,
  name: string,
  refuses: (changes: readonly Change[]) => boolean,
  {
    mode = 'sweep',
    telemetry = silentTelemetry,
    words,
  }: {
    mode?: EnactRequest['mode'];
    telemetry?: Telemetry;
    words?: (changes: readonly Change[]) => string;
  } = {},
): Promise<{ readonly outcome: EnactOutcome; readonly sent: readonly SentBatch[] }> {
  const sent: SentBatch[] = [];
  world.portsRefuse();
  await world.startActor(name, 'enactor', ({ writer, ledger, clock, settings, deadline }) =>
    enact(
      {
        writer: { ...writer, zone: refusingZone(writer.zone, refuses, sent, words) },
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
