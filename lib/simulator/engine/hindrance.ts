import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import { ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { remove } from '../../plan/records.ts';
import type { ListingFault } from '../ports/faulty-listing.ts';
import type { Environment } from './environment.ts';

/** What somebody does to the surroundings of a cell, besides changing records. */
export type Hindrance =
  /** From now on every change to this name and type is refused, or not any more. */
  | { readonly type: 'protect' | 'unprotect'; readonly name: DnsName; readonly recordType: string }
  /** The zone may hold so many record sets. */
  | { readonly type: 'limit'; readonly records: number }
  /** A health check is deleted while records name it: they stay, and no new one can name it. */
  | { readonly type: 'delete-health-check'; readonly id: string }
  /** From now on listings of the zone are wrong in this way; undefined: they are right again. */
  | { readonly type: 'listing'; readonly fault: ListingFault | undefined }
  /** From now on exactly these targets do not serve. */
  | { readonly type: 'targets'; readonly failed: ReadonlySet<string> };

/** @throws Route53Error where Route 53 refuses it. */
export function hinder(
  { route53, scope, setFailed, setListingFault }: Environment,
  hindrance: Hindrance,
): void {
  switch (hindrance.type) {
    case 'protect':
      route53.createResourceRecordSetProtections(scope.zoneId, [
        { name: hindrance.name, type: hindrance.recordType },
      ]);
      return;
    case 'unprotect':
      route53.deleteResourceRecordSetProtections(scope.zoneId, [
        { name: hindrance.name, type: hindrance.recordType },
      ]);
      return;
    case 'limit':
      route53.configure({ recordLimit: hindrance.records });
      return;
    case 'delete-health-check':
      route53.deleteHealthCheck(hindrance.id);
      return;
    case 'listing':
      setListingFault(hindrance.fault);
      return;
    case 'targets':
      setFailed(hindrance.failed);
      return;
  }
}

/**
 * Takes away everything that stands in the way of an endpoint, as a person does. A deleted health check does not come
 * back.
 *
 * @param endpoints the names of the cell's endpoints.
 * @returns whether anything stood there.
 */
export function relieve(environment: Environment, endpoints: ReadonlySet<DnsName>): boolean {
  const { route53, scope, recordLimit } = environment;
  const { zoneId } = scope;
  const protections = route53.protections(zoneId);
  const isFull = route53.settings().recordLimit !== recordLimit;
  if (protections.length > 0) route53.deleteResourceRecordSetProtections(zoneId, protections);
  if (isFull) route53.configure({ recordLimit });
  const subtree = ownedSubtree(scope);
  const isOurs = ({ name }: RecordSet): boolean => endpoints.has(name) || isWithin(name, subtree);
  const isStrange = ({ name, alias, routing, setIdentifier }: RecordSet): boolean => {
    const isPawls = alias !== undefined && isWithin(alias.name, subtree) && !alias.evaluateTargetHealth;
    return (
      routing?.['AZAffinity'] !== undefined ||
      (endpoints.has(name) && !(isPawls && setIdentifier === undefined))
    );
  };
  const strange = environment.records().filter((record) => isOurs(record) && isStrange(record));
  if (strange.length > 0) route53.changeResourceRecordSets(zoneId, { changes: strange.map(remove) });
  return protections.length + strange.length > 0 || isFull;
}
