import type { StackProps } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { CellDeployment, Deployment, RateDivision } from './deployment.ts';
import { DeploymentRefused, parseDeployment } from './deployment.ts';
import type { GivenTable } from './ledger-table.ts';

/** A cell, and the hosted zone that it lives in. */
export interface PawlCell extends Omit<CellDeployment, 'zone' | 'zoneId'> {
  /** Any hosted zone of the CDK: one of the same app, or one that was looked up. Its name must be known at synthesis. */
  readonly zone: Pick<IHostedZone, 'zoneName' | 'hostedZoneId'>;
}

/** What Pawl is made from in a stack of yours; only `cells` has no default. */
export interface PawlProps extends Partial<Omit<Deployment, 'stack' | 'fleet' | 'cells' | 'rate'>> {
  /** By name: 1 to 32 of a-z, 0-9 and "-", such as `use1-a`. */
  readonly cells: Readonly<Record<string, PawlCell>>;
  /**
   * The table of the ledger: keys `pk` and `sk`, both strings, and a stream of new and old images. Best with deletion
   * protection and point-in-time recovery, which `pawl doctor` looks for.
   *
   * @default a table that stays when the stack is deleted, and that nobody can delete without switching its protection off.
   */
  readonly table?: GivenTable | undefined;
  /**
   * Where alarms are published. Its policy must let cloudwatch.amazonaws.com publish, or no alarm reaches it.
   *
   * @default a topic with such a policy, to which `alarmMail` is subscribed.
   */
  readonly alarmTopic?: ITopic | undefined;
  /**
   * How the account's Route 53 rate is divided.
   *
   * @default 10 requests a second of which 2 are kept for people, and the shares that each role has.
   */
  readonly rate?: Partial<RateDivision> | undefined;
}

export interface PawlStackProps extends StackProps {
  /** What `parseDeployment` or `readDeployment` made of a deployment's file. */
  readonly deployment: Deployment;
}

/** Stands for the id of a zone that CloudFormation makes, while the settings are checked. */
const ID_TO_COME = 'Z0000000000000000000';

/** The settings with their defaults. @throws DeploymentRefused. */
export function deploymentGiven(props: PawlProps, stack: string): Deployment {
  const { table: _table, alarmTopic, cells, ...settings } = props;
  if (alarmTopic !== undefined && (settings.alarmMail ?? []).length > 0)
    throw new DeploymentRefused(
      'Both alarmTopic and alarmMail are given: subscribe the addresses to the topic.',
    );
  const read = parseDeployment({
    ...withoutUndefined(settings),
    ...(Token.isUnresolved(stack) ? {} : { stack }),
    cells: Object.fromEntries(
      Object.entries(cells).map(([cell, each]) => [cell, withoutUndefined(checkedCell(cell, each))]),
    ),
  });
  const withIds = Object.entries(read.cells).map(([cell, each]) => {
    const zoneId = cells[cell]?.zone.hostedZoneId ?? each.zoneId;
    return [cell, { ...each, zoneId }] as const;
  });
  return { ...read, cells: Object.fromEntries(withIds) };
}

function checkedCell(cell: string, { zone, ...rest }: PawlCell): CellDeployment {
  const { zoneName, hostedZoneId } = zone;
  if (Token.isUnresolved(zoneName))
    throw new DeploymentRefused(
      `The name of the zone of cell ${cell} is not known at synthesis: give its zoneName as text.`,
    );
  return {
    ...rest,
    zone: zoneName.replace(/[.]$/, ''),
    zoneId: Token.isUnresolved(hostedZoneId) ? ID_TO_COME : hostedZoneId,
  };
}

/** A property that is given as undefined has its default. */
function withoutUndefined(given: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The same settings as they are given to the construct. */
export function givenBy({ stack: _stack, fleet: _fleet, cells, ...settings }: Deployment): PawlProps {
  const given = Object.entries(cells).map(([cell, { zone, zoneId, ...rest }]) => {
    return [cell, { ...rest, zone: { zoneName: zone, hostedZoneId: zoneId } }] as const;
  });
  return { ...settings, cells: Object.fromEntries(given) };
}
