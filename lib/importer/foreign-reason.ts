import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import { RESERVED_LABELS } from '../plan/owned-names.ts';
import type { RecordSet } from '../plan/records.ts';
import type { ImportedZone, Surroundings } from './described-zone.ts';

/** Why no record at a name can belong to an endpoint; undefined when one can. */
export function foreignReason(
  name: DnsName,
  answers: readonly RecordSet[],
  { zone, delegations }: Pick<Surroundings, 'zone' | 'delegations'>,
): string | undefined {
  const pawls = pawlsNames(zone);
  if (answers.some(({ alias }) => alias?.zoneId === zone.id && alias.name.endsWith(`.${pawls}`)))
    return "it is an endpoint of Pawl's already";
  const delegation = delegations.find((child) => isWithin(name, child));
  if (delegation !== undefined) return `it is in ${delegation}, which is delegated to other name servers`;
  if (name.includes('\\')) return 'its name has a character that a fleet file does not take';
  const reserved = name.split('.').find((label) => RESERVED_LABELS.includes(label));
  return reserved === undefined
    ? undefined
    : `its name holds the label "${reserved}", which Pawl uses itself`;
}

/** The suffix of all names in a zone that Pawl's cells own. */
export function pawlsNames(zone: ImportedZone): string {
  return `_pawl.${zone.name}`;
}
