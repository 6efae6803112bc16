import type { RecordSet } from '../plan/records.ts';
import type {
  Batch,
  ChangeOutcome,
  ChangeStatus,
  RecordPage,
  RecordPosition,
  Zone,
  ZoneDescription,
} from '../zone/zone.ts';
import { ZoneNotFound, ZoneUnavailable } from '../zone/zone.ts';
import type { Route53 } from './route53.ts';
import { Route53Error } from './route53-error.ts';

/** The verbs that the zone port uses, of a core, a clone or a wrapper. */
export type Route53ZoneVerbs = Pick<
  Route53,
  'getHostedZone' | 'listResourceRecordSets' | 'changeResourceRecordSets' | 'getChange'
>;

/**
 * The zone port directly on the core, without XML or sockets, for simulations and fast tests. Each verb makes
 * exactly one call of the core, in the turn in which it is called.
 */
export function emulatedZone(core: Route53ZoneVerbs, zoneId: string): Zone {
  return {
    id: zoneId,
    listRecords: async (start, limit) => answer(() => listRecords(core, zoneId, start, limit)),
    change: async (batch) => answer(() => change(core, zoneId, batch)),
    changeStatus: async (changeId) => answer(() => changeStatus(core, changeId)),
    describe: async () => answer(() => describe(core, zoneId)),
  };
}

function listRecords(
  core: Route53ZoneVerbs,
  zoneId: string,
  start: RecordPosition,
  limit: number,
): RecordPage {
  const { records, next } = core.listResourceRecordSets(zoneId, {
    startName: start.name,
    startType: start.type,
    startIdentifier: start.setIdentifier,
    maxItems: limit,
  });
  const read = records.some(isNotModelled) ? records.map(asModelled) : records;
  if (next === undefined) return { records: read };
  const { name, type, setIdentifier } = next;
  return { records: read, next: { name, type, setIdentifier } };
}

/** The routing policy of Route 53 that the SDK of lib/zone/route53 does not model (AZAffinity, API reference). */
const NOT_MODELLED = 'AZAffinity';

function isNotModelled({ routing }: RecordSet): boolean {
  return routing?.[NOT_MODELLED] !== undefined;
}

/** The record as an adapter on the SDK reads it: a set identifier, and no routing policy. */
function asModelled(record: RecordSet): RecordSet {
  if (!isNotModelled(record)) return record;
  const { routing: _routing, ...modelled } = record;
  return modelled;
}

function change(core: Route53ZoneVerbs, zoneId: string, batch: Batch): ChangeOutcome {
  try {
    const { changes, comment } = batch;
    return { type: 'accepted', changeId: core.changeResourceRecordSets(zoneId, { changes, comment }).id };
  } catch (error) {
    if (error instanceof Route53Error && REFUSALS.has(error.code)) {
      return { type: 'rejected', reason: `${error.code}: ${error.message}` };
    }
    throw error;
  }
}

const REFUSALS: ReadonlySet<string> = new Set(['InvalidChangeBatch', 'InvalidInput', 'NoSuchHealthCheck']);

function changeStatus(core: Route53ZoneVerbs, changeId: string): ChangeStatus {
  try {
    return core.getChange(changeId).status === 'INSYNC' ? 'insync' : 'pending';
  } catch (error) {
    if (error instanceof Route53Error && error.code === 'NoSuchChange') return 'unknown';
    throw error;
  }
}

function describe(core: Route53ZoneVerbs, zoneId: string): ZoneDescription {
  const { id, name, recordCount, acceleratedRecovery: isOn } = core.getHostedZone(zoneId);
  const described = { id, name, recordCount, private: false };
  return isOn === undefined
    ? described
    : { ...described, acceleratedRecovery: isOn ? 'ENABLED' : 'DISABLED' };
}

/** Runs one call of the core; a refusal that is not the port's outcome becomes the port's error. */
function answer<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof Route53Error)) throw error;
    if (error.code === 'NoSuchHostedZone') throw new ZoneNotFound(error.message, { cause: error });
    throw new ZoneUnavailable(`${error.code}: ${error.message}`, { cause: error });
  }
}
