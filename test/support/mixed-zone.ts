import { readFile } from 'node:fs/promises';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import { fromSdkRecord } from '../../lib/zone/route53/record-shapes.ts';

/** The zone of test/fixtures/mixed-zone.json, and the ids in it that an account gives. */
const ZONE = dnsName('kestrel.example');
const ZONE_ID = 'Z0KESTREL0000000ZONE';
const COLLECTION_ID = 'c8c04fd2-44b6-4c2e-9d0c-5a5ff3a0c001';
const CHECK_ID = /check-\d{2}/g;
/** Clients beside the Regions (docs/adr/0065-the-emulator-knows-places.md): Virginia, Dublin and Frankfurt, Oregon. */
const LOCATIONS = {
  office: ['2001:db8:121::/48', '192.0.2.0/24'],
  lab: ['2001:db8:118::/48', '198.51.100.0/24'],
  coast_1: ['2001:db8:126::/48'],
};
const INSYNC_MS = 30_000;

/** An account with a hosted zone in which every routing policy is in use. */
export interface MixedZone {
  readonly core: Route53;
  readonly zone: { readonly name: DnsName; readonly id: string };
  /** The ids of all health checks. */
  readonly checks: readonly string[];
}

/** Loads the export into an emulator. */
export async function mixedZone(clock: Clock): Promise<MixedZone> {
  let ids = 0;
  const id = (prefix: string) => {
    ids += 1;
    return `${prefix}${String(ids).padStart(12, '0')}`;
  };
  const settings = { ...PROMPT_ROUTE53, insyncDelayMs: INSYNC_MS };
  const core = createRoute53(settings, { now: () => clock.now(), id });
  const { zone } = core.createHostedZone({ name: ZONE, callerReference: 'mixed' });
  const { id: collectionId } = core.createCidrCollection({ name: 'places', callerReference: 'mixed' });
  const changes = Object.entries(LOCATIONS).map(([location, blocks]) => {
    return { location, action: 'PUT' as const, blocks };
  });
  core.changeCidrCollection(collectionId, changes);
  const text = await readFile(new URL('../fixtures/mixed-zone.json', import.meta.url), 'utf8');
  const checks = new Map(
    [...new Set(text.match(CHECK_ID))].map((callerReference) => {
      const config = { Type: 'TCP', IPAddress: '192.0.2.1', Port: '443' };
      return [callerReference, core.createHealthCheck({ callerReference, config }).id] as const;
    }),
  );
  const own = text
    .replaceAll(ZONE_ID, zone.id)
    .replaceAll(COLLECTION_ID, collectionId)
    .replaceAll(CHECK_ID, (check) => checks.get(check) ?? check);
  const { ResourceRecordSets } = JSON.parse(own) as {
    readonly ResourceRecordSets: readonly Parameters<typeof fromSdkRecord>[0][];
  };
  load(core, zone.id, ResourceRecordSets.map(fromSdkRecord));
  return { core, zone: { name: ZONE, id: zone.id }, checks: [...checks.values()] };
}

/** Creates the records, those before an alias that it leads to. */
function load(core: Route53, zoneId: string, records: readonly RecordSet[]): void {
  const made = core.records(zoneId).map(({ name, type }) => `${name} ${type}`);
  let left = records.filter(({ name, type }) => !made.includes(`${name} ${type}`));
  for (const { alias } of left)
    if (alias !== undefined && alias.zoneId !== zoneId) core.setAliasTarget(alias, true);
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const ready = left.filter(({ alias }) => alias?.zoneId !== zoneId || !waiting.has(alias.name));
    if (ready.length === 0) throw new Error('aliases of the export lead in a circle');
    const changes = ready.map((record) => ({ action: 'CREATE' as const, record }));
    core.settle(core.changeResourceRecordSets(zoneId, { changes }).id);
    left = left.filter((record) => !ready.includes(record));
  }
}
