import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CellDeployment } from './deployment.ts';

/** A cell with its name, as permissions need it. */
export interface NamedCell extends CellDeployment {
  readonly cell: string;
}

/** For cdk-nag, wherever {@link zoneReading} is given. */
export const CHANGE_WILDCARD = {
  id: 'AwsSolutions-IAM5[Resource::arn:aws:route53:::change/*]',
  reason:
    'GetChange asks about a change by an id that nobody knows before, and tells nothing but how it is doing.',
};

/** For cdk-nag, wherever {@link zoneLookup} is given. */
export const LOOKUP_WILDCARD = {
  id: 'AwsSolutions-IAM5[Resource::*]',
  reason: 'ListHostedZonesByName takes no resource, and tells names, ids and comments of zones.',
};

/** What pawl ever writes: roots and leaves, and the fence. */
const RECORD_TYPES: readonly string[] = ['A', 'AAAA', 'CNAME', 'TXT'];
/** Never an UPSERT: it would write whatever the zone holds, and the fence rests on that not being possible. */
const ACTIONS: readonly string[] = ['CREATE', 'DELETE'];

const CHANGE = 'route53:ChangeResourceRecordSets';
/** The condition keys of Route 53 for it. */
const KEYS = {
  names: 'route53:ChangeResourceRecordSetsNormalizedRecordNames',
  types: 'route53:ChangeResourceRecordSetsRecordTypes',
  actions: 'route53:ChangeResourceRecordSetsActions',
} as const;

/** Route 53 writes `*` in a name as `\052`, and IAM compares what Route 53 writes (Route 53 Developer Guide, condition keys). */
function normalized(name: string): string {
  return name.toLowerCase();
}

function zoneArn({ zoneId }: CellDeployment): string {
  return `arn:aws:route53:::hostedzone/${zoneId}`;
}

/** Reads the zones, and asks how a change is doing. */
export function zoneReading(cells: readonly NamedCell[]): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['route53:GetHostedZone', 'route53:ListResourceRecordSets'],
      resources: [...new Set(cells.map(zoneArn))],
    }),
    // The id of a change is not known before the change is made.
    new PolicyStatement({ actions: ['route53:GetChange'], resources: ['arn:aws:route53:::change/*'] }),
  ];
}

/** Finds the id of a zone that a person names (`--zone`). IAM knows no resource for this action. */
export function zoneLookup(): PolicyStatement {
  return new PolicyStatement({ actions: ['route53:ListHostedZonesByName'], resources: ['*'] });
}

/** Writes what a cell may hold: its names, its own subtree, four types, CREATE and DELETE. One statement a cell. */
export function cellWriting(cells: readonly NamedCell[]): readonly PolicyStatement[] {
  return cells.map((cell) => writing(cell, namesOf(cell), RECORD_TYPES));
}

/**
 * The same for a role that writes nothing else, in fewer characters: a statement a cell says which names, and those of
 * {@link writingGuards}, once a role, everything that is the same for all cells.
 */
export function guardedWriting(cells: readonly NamedCell[]): readonly PolicyStatement[] {
  return cells.map(
    (cell) =>
      new PolicyStatement({
        actions: [CHANGE],
        resources: [zoneArn(cell)],
        conditions: { 'ForAllValues:StringLike': { [KEYS.names]: distinct(namesOf(cell)) } },
      }),
  );
}

/** Denies every change of another type or by another action, and every one of which IAM is not told what it changes. */
export function writingGuards(): readonly PolicyStatement[] {
  const deny = (conditions: Record<string, Record<string, unknown>>) =>
    new PolicyStatement({ effect: Effect.DENY, actions: [CHANGE], resources: ['*'], conditions });
  return [
    deny({ 'ForAnyValue:StringNotEquals': { [KEYS.types]: RECORD_TYPES } }),
    deny({ 'ForAnyValue:StringNotEquals': { [KEYS.actions]: ACTIONS } }),
    // ForAllValues holds for a request that has no such key at all.
    ...Object.values(KEYS).map((key) => deny({ Null: { [key]: 'true' } })),
  ];
}

/** The names that a cell's functions may write: its endpoints', and everything in its own subtree. */
function namesOf({ cell, zone, names }: NamedCell): readonly string[] {
  return [...names, `*.${cell}._pawl.${zone}`];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(normalized))];
}

/** Writes the fences and nothing else: what a freeze and a thaw need. */
export function fenceWriting(cells: readonly NamedCell[]): readonly PolicyStatement[] {
  return cells.map((cell) => writing(cell, [`fence.${cell.cell}._pawl.${cell.zone}`], ['TXT']));
}

/**
 * The three conditions are independent sets, so they cannot say that TXT may stand at the fence alone; the code asserts
 * that before it sends. `Null` is there because ForAllValues holds for a request that has no such key at all.
 */
function writing(cell: NamedCell, names: readonly string[], types: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    actions: [CHANGE],
    resources: [zoneArn(cell)],
    conditions: {
      'ForAllValues:StringLike': { [KEYS.names]: distinct(names) },
      'ForAllValues:StringEquals': { [KEYS.types]: types, [KEYS.actions]: ACTIONS },
      Null: Object.fromEntries(Object.values(KEYS).map((key) => [key, 'false'])),
    },
  });
}
