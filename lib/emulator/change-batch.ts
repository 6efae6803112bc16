import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { AliasTarget, RecordSet } from '../plan/records.ts';
import { sameRecord } from '../plan/records.ts';
import { shownName } from './domain-names.ts';
import { invalidSets } from './invalid-sets.ts';
import { conflicts } from './record-conflicts.ts';
import type { ReadChange } from './requested-changes.ts';
import type { Protection } from './route53-state.ts';
import type { Weakness } from './settings.ts';
import type { ZoneContents } from './zone-contents.ts';
import { recordsAt, withNames } from './zone-contents.ts';

/** A batch's context besides the zone's records. */
export interface BatchContext {
  readonly zoneId: string;
  readonly zoneName: DnsName;
  readonly recordLimit: number;
  readonly weak: (weakness: Weakness) => boolean;
  readonly protectionOf: (record: RecordSet) => Protection | undefined;
  /** The name of a hosted zone that the emulator itself holds. */
  readonly ownZone: (id: string) => DnsName | undefined;
  /** What is wrong with the target of an alias into a hosted zone that the account does not hold. */
  readonly targetProblem: (target: AliasTarget) => 'outside' | 'missing' | undefined;
  /** Why the CIDR collection or location that a record names cannot be; a phrase. */
  readonly cidrProblem: (record: RecordSet) => string | undefined;
}

/** The batch while it is being applied: the names it has touched so far, over the zone as it was. */
interface Draft {
  readonly base: ZoneContents;
  readonly context: BatchContext;
  readonly touched: Map<DnsName, readonly RecordSet[]>;
  /** The last place in the batch at which `name type` is made. */
  readonly madeAt: ReadonlyMap<string, number>;
}

/**
 * Applies the changes in order to a working copy. Every change that fails adds its message; `contents` is
 * the working copy, to be committed only when there is no message (ChangeResourceRecordSets, API reference).
 */
export function applyChanges(
  base: ZoneContents,
  changes: readonly ReadChange[],
  context: BatchContext,
): { readonly contents: ZoneContents; readonly messages: readonly string[] } {
  const inOrder = context.weak('order-ignored') ? deletesFirst(changes) : changes;
  const invalid = invalidSets(inOrder, context.weak);
  if (invalid.length > 0) return { contents: base, messages: invalid };
  const draft: Draft = { base, context, touched: new Map(), madeAt: placesOfCreation(inOrder) };
  const messages: string[] = [];
  inOrder.forEach((change, index) => {
    messages.push(...applyChange(draft, change, index));
  });
  const contents = withNames(base, draft.touched);
  messages.push(...zoneProblems(base, contents, context));
  return { contents, messages };
}

function deletesFirst(changes: readonly ReadChange[]): readonly ReadChange[] {
  const isDelete = (change: ReadChange) => change.action === 'DELETE';
  return [...changes.filter(isDelete), ...changes.filter((change) => !isDelete(change))];
}

function placesOfCreation(changes: readonly ReadChange[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  if (!changes.some(({ record }) => record.alias !== undefined)) return places;
  changes.forEach(({ action, record }, index) => {
    if (action !== 'DELETE') places.set(`${record.name} ${record.type}`, index);
  });
  return places;
}

function applyChange(draft: Draft, change: ReadChange, index: number): readonly string[] {
  const { record } = change;
  const { zoneName, weak } = draft.context;
  if (!isWithin(record.name, zoneName) && !weak('outside-name-accepted')) {
    return [`RRSet with DNS name ${shownName(record.name)} is not permitted in zone ${shownName(zoneName)}`];
  }
  const protection = draft.context.protectionOf(record);
  if (protection !== undefined) return [refusalBy(protection, record)];
  if (change.action === 'DELETE') return deleteRecord(draft, record);
  const present = find(draft, record);
  if (change.action === 'CREATE' && present !== undefined && !weak('create-overwrites')) {
    return [`Tried to create resource record set ${shown(record)} but it already exists`];
  }
  const others = at(draft, record.name).filter((other) => other !== present);
  const problems = [
    ...conflicts(draft.context, record, others),
    ...cidrProblems(draft, record),
    ...aliasProblems(draft, record, index),
  ];
  if (problems.length === 0) draft.touched.set(record.name, [...others, record]);
  return problems;
}

/**
 * Route 53's own words are not public. It shows the protection's comment to whoever is refused (API reference,
 * ResourceRecordSetProtectionConfig).
 */
function refusalBy({ comment }: Protection, record: RecordSet): string {
  const why = comment === undefined ? '' : ` (${comment})`;
  return `Tried to change resource record set ${shown(record)} but its name and type are protected${why}`;
}

function deleteRecord(draft: Draft, record: RecordSet): readonly string[] {
  const { weak } = draft.context;
  const present = find(draft, record);
  if (present === undefined) {
    if (weak('delete-of-missing-accepted')) return [];
    return [`Tried to delete resource record set ${shown(record)} but it was not found`];
  }
  if (!matches(present, record, weak)) {
    return [
      `Tried to delete resource record set ${shown(record)} but the values provided do not match the current values`,
    ];
  }
  if (weak('live-target-delete-rejected') && isAliasTarget(draft, present)) {
    return [`Tried to delete resource record set ${shown(record)} but it is the target of an alias`];
  }
  draft.touched.set(
    record.name,
    at(draft, record.name).filter((other) => other !== present),
  );
  return [];
}

function matches(present: RecordSet, given: RecordSet, weak: BatchContext['weak']): boolean {
  if (weak('stale-delete-accepted')) return true;
  if (weak('value-order-matters') && JSON.stringify(present.values) !== JSON.stringify(given.values)) {
    return false;
  }
  if (weak('delete-ignores-ttl') && present.ttl !== undefined && given.ttl !== undefined) {
    return sameRecord(present, { ...given, ttl: present.ttl });
  }
  return sameRecord(present, given);
}

/**
 * ChangeResourceRecordSets (API reference) has neither NoSuchCidrCollectionException nor NoSuchCidrLocationException among
 * its errors, so it must say so by InvalidChangeBatch. Its words are on no record.
 */
function cidrProblems({ context }: Draft, record: RecordSet): readonly string[] {
  const problem = context.cidrProblem(record);
  return problem === undefined ? [] : [`Tried to create resource record set ${shown(record)} but ${problem}`];
}

/**
 * The target of an alias to a record must be in the same zone, of the same type, and made before the alias. That holds
 * also for a target that exists already and that the batch makes anew after the alias.
 */
function aliasProblems(draft: Draft, record: RecordSet, index: number): readonly string[] {
  const { alias } = record;
  if (alias === undefined) return [];
  const { context } = draft;
  const zone = context.ownZone(alias.zoneId);
  if (zone === undefined) return elsewhereProblems(context, alias, record.type);
  if (alias.zoneId !== context.zoneId && context.weak('cross-zone-alias-accepted')) return [];
  const messages: string[] = [];
  if (!isWithin(alias.name, zone)) messages.push(outsideZone(alias, record.type));
  const found =
    alias.zoneId === context.zoneId &&
    alias.name !== record.name &&
    at(draft, alias.name).some((other) => other.type === record.type);
  const madeLater =
    (draft.madeAt.get(`${alias.name} ${record.type}`) ?? -1) > index && !context.weak('alias-order-ignored');
  const missing = context.weak('alias-order-ignored')
    ? !found && !draft.madeAt.has(`${alias.name} ${record.type}`)
    : !found;
  if ((missing || madeLater) && !context.weak('missing-alias-target-accepted')) {
    messages.push(targetMissing(alias, record.type));
  }
  return messages;
}

/** The target is a load balancer or the like. Of a wrong zone id Route 53 lists both messages. */
function elsewhereProblems(context: BatchContext, alias: AliasTarget, type: string): readonly string[] {
  if (context.weak('missing-alias-target-accepted')) return [];
  switch (context.targetProblem(alias)) {
    case undefined:
      return [];
    case 'missing':
      return [targetMissing(alias, type)];
    case 'outside':
      return [outsideZone(alias, type), targetMissing(alias, type)];
  }
}

function outsideZone(alias: AliasTarget, type: string): string {
  return `${triedAlias(alias, type)}, but the alias target name does not lie within the target zone`;
}

function targetMissing(alias: AliasTarget, type: string): string {
  return `${triedAlias(alias, type)}, but that target was not found`;
}

function triedAlias({ name, zoneId }: AliasTarget, type: string): string {
  return `Tried to create an alias that targets ${shownName(name)}, type ${type} in zone ${zoneId}`;
}

function zoneProblems(base: ZoneContents, contents: ZoneContents, context: BatchContext): readonly string[] {
  const messages: string[] = [];
  const apex = recordsAt(contents, context.zoneName);
  if (!context.weak('apex-deletable')) {
    if (!apex.some(({ type }) => type === 'SOA')) {
      messages.push('A HostedZone must contain exactly one SOA record.');
    }
    if (!apex.some(({ type }) => type === 'NS')) {
      messages.push('A HostedZone must contain at least one NS record for the zone itself.');
    }
  }
  const grew = contents.count > base.count;
  if (grew && contents.count > context.recordLimit && !context.weak('limits-ignored')) {
    messages.push(`Exceeded limit MAX_RRSETS_BY_ZONE for zone: ${context.zoneId}`);
  }
  return messages;
}

function isAliasTarget(draft: Draft, record: RecordSet): boolean {
  for (const owner of draft.base.owners.values()) {
    for (const other of owner.records) {
      const points = other.alias?.name === record.name && other.alias.zoneId === draft.context.zoneId;
      if (points && other.type === record.type) return true;
    }
  }
  return false;
}

function at(draft: Draft, name: DnsName): readonly RecordSet[] {
  return draft.touched.get(name) ?? recordsAt(draft.base, name);
}

function find(draft: Draft, record: RecordSet): RecordSet | undefined {
  return at(draft, record.name).find(
    (other) => other.type === record.type && other.setIdentifier === record.setIdentifier,
  );
}

function shown({ name, type, setIdentifier }: RecordSet): string {
  const identifier = setIdentifier === undefined ? '' : `, set-identifier='${setIdentifier}'`;
  return `[name='${shownName(name)}', type='${type}'${identifier}]`;
}
