import type {
  GetHostedZoneCommandOutput,
  HostedZone,
  ListHostedZonesByNameCommandOutput,
  ListResourceRecordSetsCommandOutput,
} from '@aws-sdk/client-route-53';
import { InvalidValue } from '../../plan/invariant.ts';
import type { ChangeStatus, RecordPage, ZoneDescription } from '../zone.ts';
import { fromSdkRecord, sdkName } from './record-shapes.ts';
import { UnbelievableAnswer } from './service-errors.ts';

const CHANGE_ID_PREFIX = '/change/';

/**
 * An answer without its list is not an empty zone: to read it as one would make every record look missing.
 *
 * @throws UnbelievableAnswer when the list or its continuation is missing, or a record is invalid.
 */
export function parsePage(answer: ListResourceRecordSetsCommandOutput): RecordPage {
  const { ResourceRecordSets: sets, IsTruncated: truncated, NextRecordName: nextName } = answer;
  if (sets === undefined || truncated === undefined || (truncated && nextName === undefined)) {
    throw new UnbelievableAnswer('a list of record sets without its list or its continuation');
  }
  const records = believed(() => sets.map(fromSdkRecord));
  if (!truncated || nextName === undefined) return { records };
  const { NextRecordType: type, NextRecordIdentifier: setIdentifier } = answer;
  const next = {
    name: believed(() => sdkName(nextName)),
    type,
    setIdentifier,
  };
  return { records, next };
}

/** @throws UnbelievableAnswer when the zone has no name. */
export function parseZone(id: string, answer: GetHostedZoneCommandOutput): ZoneDescription {
  const {
    Name: name,
    ResourceRecordSetCount: recordCount,
    Config: config,
    Features: features,
  } = answer.HostedZone ?? {};
  if (name === undefined) throw new UnbelievableAnswer('a hosted zone without its name');
  const acceleratedRecovery = features?.AcceleratedRecoveryStatus;
  return {
    id,
    name: believed(() => sdkName(name)),
    recordCount: recordCount ?? 0,
    private: config?.PrivateZone ?? false,
    ...(acceleratedRecovery === undefined ? {} : { acceleratedRecovery }),
  };
}

/**
 * A page of hosted zones. An answer without its list does not say that there is no zone.
 *
 * @throws UnbelievableAnswer when the list is missing, or does not say whether it goes on.
 */
export function parseZoneList({
  HostedZones: zones,
  IsTruncated: truncated,
}: ListHostedZonesByNameCommandOutput): readonly HostedZone[] {
  if (zones === undefined || truncated === undefined)
    throw new UnbelievableAnswer('a list of hosted zones without its list or its continuation');
  return zones;
}

/** @throws UnbelievableAnswer when an accepted batch has no change id. */
export function parseChangeId(id: string | undefined): string {
  if (id === undefined || id === '') {
    throw new UnbelievableAnswer('an accepted batch without a change id');
  }
  return id.startsWith(CHANGE_ID_PREFIX) ? id.slice(CHANGE_ID_PREFIX.length) : id;
}

/** @throws UnbelievableAnswer when the status is neither PENDING nor INSYNC. */
export function parseStatus(status: string | undefined): ChangeStatus {
  if (status === 'INSYNC') return 'insync';
  if (status === 'PENDING') return 'pending';
  throw new UnbelievableAnswer('a change without a status that is known');
}

function believed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InvalidValue) throw new UnbelievableAnswer(error.message, { cause: error });
    throw error;
  }
}
