import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import type { Route53Settings } from '../../lib/emulator/settings.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create } from '../../lib/plan/records.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import type { Zone } from '../../lib/zone/zone.ts';

export interface EmulatedWorld {
  readonly core: Route53;
  readonly zone: Zone;
  readonly zoneId: string;
  readonly apex: DnsName;
}

/** One hosted zone, example.test, in an emulated account of its own. */
export function emulatedWorld(clock: Clock, settings: Partial<Route53Settings> = {}): EmulatedWorld {
  let ids = 0;
  const id = (prefix: string) => {
    ids += 1;
    return `${prefix}${String(ids).padStart(12, '0')}`;
  };
  const core = createRoute53({ ...PROMPT_ROUTE53, ...settings }, { now: () => clock.now(), id });
  const { zone } = core.createHostedZone({ name: 'example.test', callerReference: 'a test' });
  return { core, zone: emulatedZone(core, zone.id), zoneId: zone.id, apex: dnsName('example.test') };
}

/** Puts records there, in batches that Route 53 takes. */
export async function plant(zone: Zone, records: readonly RecordSet[]): Promise<void> {
  for (let at = 0; at < records.length; at += 500) {
    const changes = records.slice(at, at + 500).map(create);
    const outcome = await zone.change({ kind: 'scratch', changes, comment: 'plant' });
    if (outcome.type !== 'accepted') throw new Error(`could not plant: ${outcome.reason}`);
  }
}
