import type { StackProps } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { CellDeployment, Deployment, RateDivision } from './deployment.ts';
import { DeploymentRefused, parseDeployment } from './deployment.ts';
import type { GivenTable } from './ledger-table.ts';
import type { NoticeEvents, NotifiedSlack } from './notify-settings.ts';
import type { WatchedTrail } from './trail-settings.ts';

/** A cell, and the hosted zone that it lives in. */
export interface PawlCell extends Omit<CellDeployment, 'zone' | 'zoneId'> {
  /** Any hosted zone of the CDK: one of the same app, or one that was looked up. Its name must be known at synthesis. */
  readonly zone: Pick<IHostedZone, 'zoneName' | 'hostedZoneId'>;
}

/** A secret of Secrets Manager, of the CDK or by its ARN, with the key of KMS that it is encrypted with, if that is yours. */
export type GivenSecret = Pick<ISecret, 'secretArn' | 'encryptionKey'> & {
  readonly secretKeyArn?: string | undefined;
};

/** A topic of SNS that gets the whole of each event as JSON. */
export interface NotifyTopic {
  /**
   * `made`, a topic that the stack makes, or one of the CDK, or its ARN. The policy of one that is given must let
   * events.amazonaws.com publish.
   */
  readonly topic: Pick<ITopic, 'topicArn'> | string;
  /** By their detail-types, or all of them. @default those that ask for attention: `act` and `watch` in docs/events.md */
  readonly events?: NoticeEvents | undefined;
}

/** A channel of Slack, by way of AWS Chatbot, which must have been let into the workspace. */
export interface NotifySlack extends Omit<NotifiedSlack, 'events'> {
  /** By their detail-types, or all of them. @default those that ask for attention: `act` and `watch` in docs/events.md */
  readonly events?: NoticeEvents | undefined;
}

/** A receiver of yours, to which each event is posted with a signature. */
export interface NotifyWebhook {
  /** `https://…`, without a name and a password in it. */
  readonly url: string;
  /** Its whole text, at least 32 bytes, is what both sides know. */
  readonly secret: GivenSecret;
  /** By their detail-types, or all of them. @default those that ask for attention: `act` and `watch` in docs/events.md */
  readonly events?: NoticeEvents | undefined;
}

/** Who is told of events. Each list has five at most. */
export interface Notify {
  /** @default none */
  readonly topics?: readonly NotifyTopic[] | undefined;
  /** @default none */
  readonly slack?: readonly NotifySlack[] | undefined;
  /** @default none */
  readonly webhooks?: readonly NotifyWebhook[] | undefined;
}

/** Where the account's CloudTrail delivers, and how a function holds it against the ledger. */
export interface PawlTrail extends Partial<Omit<WatchedTrail, 'bucket' | 'keyArn'>> {
  /**
   * A bucket of the CDK, or its ARN. The policy of one of another account must let the function's role use s3:GetObject and
   * s3:ListBucket.
   */
  readonly bucket: Pick<IBucket, 'bucketArn'> | string;
  /**
   * The key that the files are encrypted with, of the CDK or by its ARN. Its policy must let this account use it.
   *
   * @default none: S3's own encryption
   */
  readonly key?: Pick<IKey, 'keyArn'> | string | undefined;
}

/** What Pawl is made from in a stack of yours; only `cells` has no default. */
export interface PawlProps
  extends Partial<Omit<Deployment, 'stack' | 'fleet' | 'cells' | 'rate' | 'eventBus' | 'notify' | 'trail'>> {
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
   * The bus that gets every event which somebody may wait for: one of the CDK, or the name or the ARN of one. `none`: no
   * event leaves.
   *
   * @default 'default', the account's own bus
   */
  readonly eventBus?: Pick<IEventBus, 'eventBusArn'> | string | undefined;
  /**
   * Who is told of these events, by rules on that bus, which must be one of this account and Region.
   *
   * @default nobody
   */
  readonly notify?: Notify | undefined;
  /**
   * How the account's Route 53 rate is divided.
   *
   * @default 10 requests a second of which 2 are kept for people, and the shares that each role has.
   */
  readonly rate?: Partial<RateDivision> | undefined;
  /**
   * The account's trail of CloudTrail, which a function of its own holds against the ledger and the rules every 15 minutes;
   * it may read nothing else, and an alarm says what it finds (docs/trail.md).
   *
   * @default none: nobody reads a trail but "pawl verify --trail"
   */
  readonly trail?: PawlTrail | undefined;
}

export interface PawlStackProps extends StackProps {
  /** What `parseDeployment` or `readDeployment` made of a deployment's file. */
  readonly deployment: Deployment;
}

/** Stands for the id of a zone that CloudFormation makes, while the settings are checked. */
const ID_TO_COME = 'Z0000000000000000000';

/** The settings with their defaults. @throws DeploymentRefused. */
export function deploymentGiven(props: PawlProps, stack: string): Deployment {
  const { table: _table, alarmTopic, cells, eventBus, notify, trail, ...settings } = props;
  if (alarmTopic !== undefined && (settings.alarmMail ?? []).length > 0)
    throw new DeploymentRefused(
      'Both alarmTopic and alarmMail are given: subscribe the addresses to the topic.',
    );
  const read = parseDeployment({
    ...withoutUndefined(settings),
    ...withoutUndefined({ eventBus: typeof eventBus === 'object' ? eventBus.eventBusArn : eventBus }),
    notify: withoutUndefined(notify === undefined ? {} : notifiedBy(notify)),
    ...(trail === undefined ? {} : { trail: trailBy(trail) }),
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

/** The same as a deployment's file says it: by ARNs, which may become known at the deployment alone. */
function notifiedBy({ topics, slack, webhooks }: Notify): object {
  return {
    topics: topics?.map(({ topic, ...rest }) => ({
      ...withoutUndefined(rest),
      topic: typeof topic === 'string' ? topic : topic.topicArn,
    })),
    slack: slack?.map(withoutUndefined),
    webhooks: webhooks?.map(({ secret, ...rest }) =>
      withoutUndefined({
        ...rest,
        secretArn: secret.secretArn,
        secretKeyArn: secret.encryptionKey?.keyArn ?? secret.secretKeyArn,
      }),
    ),
  };
}

/** The same as a deployment's file says it. */
function trailBy({ bucket, key, ...rest }: PawlTrail): object {
  return withoutUndefined({
    ...rest,
    bucket: typeof bucket === 'string' ? bucket : bucket.bucketArn,
    keyArn: typeof key === 'object' ? key.keyArn : key,
  });
}

/** A property that is given as undefined has its default. */
function withoutUndefined(given: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The same settings as they are given to the construct. */
export function givenBy({
  stack: _stack,
  fleet: _fleet,
  cells,
  notify,
  trail,
  ...settings
}: Deployment): PawlProps {
  const webhooks = notify.webhooks.map(({ secretArn, secretKeyArn, ...rest }) => ({
    ...rest,
    secret: { secretArn, secretKeyArn },
  }));
  const given = Object.entries(cells).map(([cell, { zone, zoneId, ...rest }]) => {
    return [cell, { ...rest, zone: { zoneName: zone, hostedZoneId: zoneId } }] as const;
  });
  const watched = trail === undefined ? {} : { trail: givenTrail(trail) };
  return { ...settings, ...watched, notify: { ...notify, webhooks }, cells: Object.fromEntries(given) };
}

function givenTrail({ keyArn, ...rest }: WatchedTrail): PawlTrail {
  return { ...rest, key: keyArn };
}
