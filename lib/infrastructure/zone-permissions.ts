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

/** For cdk-nag, wherever {@link zoneLookup} is given, and to people who may ask for composite alarms. */
export const LOOKUP_WILDCARD = {
  id: 'AwsSolutions-IAM5[Resource::*]',
  reason:
    'ListHostedZonesByName takes no resource, and tells names, ids and comments of zones; DescribeAlarms tells of composite alarms on every resource only.',
};

/** What pawl ever writes: roots and leaves, and the fence. */
const RECORD_TYPES: readonly string[] = ['A', 'AAAA', 'CNAME', 'TXT'];

// See docs/adr/0046-permissions-are-evaluated.md.
/** What IAM is told of a batch: each is the set of all its values (Service Authorization Reference, Amazon Route 53). */
const NAMES = 'route53:ChangeResourceRecordSetsNormalizedRecordNames';
const TYPES = 'route53:ChangeResourceRecordSetsRecordTypes';
const ACTIONS = 'route53:ChangeResourceRecordSetsActions';
/** Never an UPSERT: it would write whatever the zone holds, and the fence rests on that not being possible. */
const CHANGE_ACTIONS: readonly string[] = ['CREATE', 'DELETE'];
const CHANGE = 'route53:ChangeResourceRecordSets';

function zoneArn({ zoneId }: CellDeployment): string {
  return `arn:aws:route53:::hostedzone/${zoneId}`;
}

function isOwn({ roleArn }: CellDeployment): boolean {
  return roleArn === undefined;
}

/** Acts as these roles of other accounts. */
function assuming(roles: readonly (string | undefined)[]): readonly PolicyStatement[] {
  const resources = [...new Set(roles.flatMap((role) => role ?? []))];
  return resources.length === 0 ? [] : [new PolicyStatement({ actions: ['sts:AssumeRole'], resources })];
}

/** Reads the zones, and asks how a change is doing: those of other accounts through their reader's role. */
export function zoneReading(cells: readonly NamedCell[]): readonly PolicyStatement[] {
  const own = cells.filter(isOwn);
  const elsewhere = assuming(cells.map(({ readerRoleArn }) => readerRoleArn));
  return own.length === 0 ? elsewhere : [...ownReading(own), ...elsewhere];
}

function ownReading(cells: readonly NamedCell[]): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['route53:GetHostedZone', 'route53:GetHostedZoneLimit', 'route53:ListResourceRecordSets'],
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

/**
 * Writes what a cell may hold: its names, its own subtree, four types, CREATE and DELETE. One statement a cell. A zone
 * of another account is written through its role, which holds the same statement.
 *
 * @param takes whether it is for somebody who takes endpoints over from other cells of the zone.
 */
export function cellWriting(
  cells: readonly NamedCell[],
  { takes }: { readonly takes: boolean },
): readonly PolicyStatement[] {
  const own = cells
    .filter(isOwn)
    .map((cell) => writing(cell, namesOf(cell, takes && takesIn(cell, cells)), RECORD_TYPES));
  return [...own, ...assuming(cells.map(({ roleArn }) => roleArn))];
}

/**
 * The same for a role that writes nothing else, in fewer characters: a statement a cell says which names, and those of
 * {@link writingGuards}, once a role, everything that is the same for all cells.
 *
 * @param takes whether the role takes endpoints over from other cells of the zone.
 */
export function guardedWriting(
  cells: readonly NamedCell[],
  { takes }: { readonly takes: boolean },
): readonly PolicyStatement[] {
  const own = cells.filter(isOwn).map(
    (cell) =>
      new PolicyStatement({
        actions: [CHANGE],
        resources: [zoneArn(cell)],
        conditions: {
          'ForAllValues:StringLike': { [NAMES]: [...new Set(namesOf(cell, takes && takesIn(cell, cells)))] },
        },
      }),
  );
  return [...own, ...assuming(cells.map(({ roleArn }) => roleArn))];
}

/**
 * Denies every change of another type or by another action, and every one that creates no fence of these cells. That is
 * so of a change of which IAM is not told what it is, too: ForAllValues holds for a request that has no such key.
 */
export function writingGuards(cells: readonly NamedCell[]): readonly PolicyStatement[] {
  const own = cells.filter(isOwn);
  // Nothing of Route 53 is allowed then, and a condition takes no empty list.
  if (own.length === 0) return [];
  const deny = (operator: string, key: string, values: readonly string[]) =>
    new PolicyStatement({
      effect: Effect.DENY,
      actions: [CHANGE],
      resources: ['*'],
      conditions: { [operator]: { [key]: values } },
    });
  return [
    deny('ForAnyValue:StringNotEquals', TYPES, RECORD_TYPES),
    deny('ForAnyValue:StringNotEquals', ACTIONS, CHANGE_ACTIONS),
    deny('ForAllValues:StringNotEquals', NAMES, own.map(fenceOf)),
    deny('ForAllValues:StringNotEquals', TYPES, ['TXT']),
    deny('ForAllValues:StringNotEquals', ACTIONS, ['CREATE']),
  ];
}

/**
 * The names that a cell's functions may write: its endpoints', and everything in its own subtree.
 *
 * @param takes that they take endpoints over too: one batch then has names of two cells, which one statement must allow.
 * IAM has no pattern for "what that cell offers"; Route 53 compares the offer (docs/adr/0072-an-endpoint-is-handed-over.md).
 */
function namesOf({ cell, zone, names }: NamedCell, takes: boolean): readonly string[] {
  return [...names, takes ? `*._pawl.${zone}` : `*.${cell}._pawl.${zone}`];
}

/** Whether another cell of the stack lives in the zone, or the deployment says that one of another stack does. */
function takesIn({ cell, zoneId, handsOver }: NamedCell, cells: readonly NamedCell[]): boolean {
  return handsOver === true || cells.some((other) => other.cell !== cell && other.zoneId === zoneId);
}

/**
 * Writes the fences and nothing else: what a freeze and a thaw need. The role of a zone of another account holds more;
 * the code sends fences alone.
 */
export function fenceWriting(cells: readonly NamedCell[]): readonly PolicyStatement[] {
  const own = cells.filter(isOwn).map((cell) => writing(cell, [fenceOf(cell)], ['TXT']));
  return [...own, ...assuming(cells.map(({ roleArn }) => roleArn))];
}

/**
 * The three conditions are independent sets, so they cannot say that TXT may stand at the fence alone, or that a janitor
 * creates nothing; the code asserts that before it sends. What they can say is that every batch writes the fence. It
 * also holds for no request that lacks the keys, for which ForAllValues would hold.
 */
function writing(cell: NamedCell, names: readonly string[], types: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    actions: [CHANGE],
    resources: [zoneArn(cell)],
    conditions: {
      'ForAllValues:StringLike': { [NAMES]: [...new Set(names)] },
      'ForAllValues:StringEquals': { [TYPES]: types, [ACTIONS]: CHANGE_ACTIONS },
      'ForAnyValue:StringEquals': { [NAMES]: [fenceOf(cell)], [TYPES]: ['TXT'], [ACTIONS]: ['CREATE'] },
    },
  });
}

function fenceOf({ cell, zone }: NamedCell): string {
  return `fence.${cell}._pawl.${zone}`;
}

/**
 * Deletes the fence of a cell, alone: the last batch of a give-back. Where nothing stands at names of the cell's own,
 * because it has no endpoint any more, that batch has nothing to create, and {@link cellWriting} wants a CREATE. A zone
 * of another account is written through its role.
 */
export function fenceEnding(cells: readonly NamedCell[]): readonly PolicyStatement[] {
  return cells.filter(isOwn).map((cell) => {
    const alone = { [NAMES]: [fenceOf(cell)], [TYPES]: ['TXT'], [ACTIONS]: ['DELETE'] };
    return new PolicyStatement({
      actions: [CHANGE],
      resources: [zoneArn(cell)],
      // Both: every value is that one, and there is one.
      conditions: { 'ForAllValues:StringEquals': alone, 'ForAnyValue:StringEquals': alone },
    });
  });
}

/** Where a cell is, as functions and the command line read it (lib/wiring/deployed-cells.ts). */
export function placeOf({ zone, zoneId, roleArn, readerRoleArn, externalId }: NamedCell) {
  return { zone, zoneId, roleArn, readerRoleArn, externalId };
}
