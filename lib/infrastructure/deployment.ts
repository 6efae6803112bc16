import { z } from 'zod';
import { HOSTED_ZONE_ID } from '../plan/names.ts';
import { COPIES_MAX, ROLES, settingName } from '../roles.ts';
import { auditClients } from './audit-clients.ts';
import type { DeployedFleet } from './cell-names.ts';
import { namesOfCell } from './cell-names.ts';
import type { Notified } from './notify-settings.ts';
import { eventBus, notified } from './notify-settings.ts';
import type { OtlpTarget } from './otlp-export.ts';
import { otlpTarget } from './otlp-export.ts';
import { OWN_RUNBOOK, RUNBOOK_MAX } from './runbook.ts';
import type { WatchedTrail } from './trail-settings.ts';
import { watchedTrail } from './trail-settings.ts';

/** One cell that a stack serves. */
export interface CellDeployment {
  /** The hosted zone's name, such as `example.test`. */
  readonly zone: string;
  /** Its id, without `/hostedzone/`. */
  readonly zoneId: string;
  /**
   * The role of the account that owns the zone, assumed for batches alone. Absent: the zone is this account's. See
   * docs/adr/0055-zones-of-another-account.md.
   */
  readonly roleArn?: string | undefined;
  /** The role of that account through which everybody reads the zone; given together with `roleArn`. */
  readonly readerRoleArn?: string | undefined;
  /** What the roles' trust policies ask for as `sts:ExternalId`, 2 to 1,224 characters (AssumeRole, API reference). */
  readonly externalId?: string | undefined;
  /**
   * Names that the cell's endpoints may have, `*` for any text, as IAM's StringLike has it: those that are given, and
   * those of its endpoints in the fleet file that the deployment names. What the functions may write is bounded by
   * these, whatever is pushed later.
   */
  readonly names: readonly string[];
  /**
   * True: a cell of another stack lives in the zone, and endpoints go over between the two. Between cells of one stack
   * they do without it, unless the zone is another account's, whose roles are made a cell at a time. @default false
   */
  readonly handsOver?: boolean | undefined;
}

/** How the account's Route 53 rate is divided. The shares are floors: what others leave is borrowed. They are of what the reserve leaves, and add up to at most 1. */
export interface RateDivision {
  /**
   * What the account may send, all of its users together: a bucket of 50 requests that 10 a second fill ("Throttling for
   * Amazon Route 53 API requests", Route 53 Developer Guide). 5 and 40 in AWS GovCloud (US).
   */
  readonly requestsPerSecond: number;
  readonly burst: number;
  /** Kept back for people and urgent work, flips and freezes: the same part of every bucket. */
  readonly reservePerSecond: number;
  /** What the account may change, record set by record set: a bucket of 1,500 that 100 a second fill (same page). */
  readonly changesPerSecond: number;
  readonly changeBurst: number;
  /** By role, as settings call them: `enactors`, `janitor`, `auditor`. */
  readonly shares: Readonly<Record<string, number>>;
}

/** Everything that one stack is made from. */
export interface Deployment {
  readonly stack: string;
  /** The fleet file whose endpoints the cells may write, relative to the deployment's own. */
  readonly fleet?: string | undefined;
  readonly cells: Readonly<Record<string, CellDeployment>>;
  /**
   * Enactors, 1 to 5: each is a function of its own, so that one that is stuck, or badly deployed, is one of several.
   * Any other redundant role has as many functions.
   *
   * @default 3
   */
  readonly enactors: number;
  readonly rate: RateDivision;
  /**
   * reserved: each function has a concurrency of one for each cell, which nobody else in the account can take. shared:
   * none has any; for an account whose limit is still 10, of which nothing can be reserved. Safety does not rest on it,
   * because the fence holds between any number of writers; punctuality does (docs/operations.md).
   *
   * @default 'reserved'
   */
  readonly concurrency: 'reserved' | 'shared';
  /**
   * Days that logs are kept, also after the stack is deleted.
   *
   * @default 30
   */
  readonly logDays: 1 | 7 | 30 | 90 | 365;
  /**
   * Whether X-Ray traces every run, which it bills by the run (docs/adr/0077-a-metric-that-is-0-has-no-value.md).
   *
   * @default false
   */
  readonly tracing: boolean;
  /**
   * Mail addresses that alarms go to; the topic is an output in any case.
   *
   * @default []
   */
  readonly alarmMail: readonly string[];
  /**
   * What the alarm topic and the queue of dead letters are encrypted with: `made`, a customer managed key that the stack
   * makes, `none`, or the ARN of yours, whose policy must let cloudwatch.amazonaws.com use kms:Decrypt and
   * kms:GenerateDataKey*, or no alarm reaches the topic.
   *
   * @default 'none'
   */
  readonly messageKey: string;
  /**
   * Where the hash of every event is kept, so that "pawl verify" notices a log whose hashes were recomputed: `none`,
   * `made` (a bucket with object lock, which the stack makes), or the ARN of yours, best of another account.
   *
   * @default 'none'
   */
  readonly anchorBucket: string;
  /**
   * Days for which a bucket that the stack makes lets nobody delete a hash.
   *
   * @default 365
   */
  readonly anchorDays: number;
  /**
   * The event bus of EventBridge that gets every event which somebody may wait for (docs/events.md): `default`, the name of
   * another bus of the same account and Region, or the ARN of one. `none`: no event leaves.
   *
   * @default 'default'
   */
  readonly eventBus: string;
  /**
   * Who is told of these events, by rules on that bus: topics of SNS, channels of Slack, webhooks, of each at most 5. The
   * bus must be one of this account and Region.
   *
   * @default nobody
   */
  readonly notify: Notified;
  /**
   * Seconds for which an update of the stack stands still when the first enactor has new code, while the alarms of root
   * causes and that enactor's runs are watched: 180 to 600, or 0 for no bake. One run of a function must hold it, and
   * below three minutes CloudWatch's metrics would not be there. See docs/adr/0057-one-enactor-first.md.
   *
   * @default 300
   */
  readonly bakeSeconds: number;
  /**
   * For whom an audit asks beside itself: of a place that a branch is for, the IP address of a client there (or a network,
   * of which the address before the prefix counts). `DE`, `country-SA`, `US-CA`, `EU`, `continent-SA`, `eu-west-1`,
   * `53.35,-6.26`, or `cidr 01234567-89ab-cdef-0123-456789abcdef/office`. A Region's own replaces the built-in one
   * (lib/wiring/region-clients.ts). A client that is elsewhere in truth may have an empty answer, which rings EmptyAnswer.
   *
   * @default {}: a client of each Region alone.
   */
  readonly auditClients: Readonly<Record<string, string>>;
  /**
   * Between two questions whether a change is INSYNC, milliseconds.
   *
   * @default 2000
   */
  readonly insyncPollMs: number;
  /**
   * An alarm rings when an endpoint is kept back, or a plan waits for an approval, for longer than this.
   *
   * @default 15
   */
  readonly keptBackAlarmMinutes: number;
  /**
   * An alarm rings when a cell is frozen for longer than this.
   *
   * @default 60
   */
  readonly frozenAlarmMinutes: number;
  /**
   * The page whose sections the texts of alarms link to, an https address of at most 300 characters: docs/operations.md,
   * or a copy of it with the same headings.
   *
   * @default the page in the repository that package.json names.
   */
  readonly runbookUrl: string;
  /**
   * Where the functions send their metrics by OTLP over HTTP in JSON, beside CloudWatch (docs/metrics.md). They are in no
   * network of yours, so the address must be a public one.
   *
   * @default undefined: nowhere.
   */
  readonly otlp?: OtlpTarget | undefined;
  /**
   * The account's trail of CloudTrail, which a function of its own holds against the ledger every 15 minutes
   * (docs/trail.md).
   *
   * @default none: nobody reads a trail but "pawl verify --trail"
   */
  readonly trail?: WatchedTrail | undefined;
}

const DAY_MINUTES = 1_440;
/** The largest batch (ChangeResourceRecordSets, API reference): a bucket must hold one. */
const BATCH_CHANGES_MAX = 1_000;
/** The longest retention of an object lock: 100 years (PutObjectLockConfiguration, API reference). */
const ANCHOR_DAYS_MAX = 36_500;
/** See docs/adr/0047-no-second-region-yet.md. */
const NO_REPLICAS =
  'Pawl works in one Region, so take replicaRegions out: replicas of the table alone let no function go on in another';
const CELL = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

const share = z.number().min(0).max(1);
const asking = ROLES.filter(({ rateShare }) => rateShare > 0);
const SHARES = Object.fromEntries(asking.map((role) => [settingName(role), role.rateShare]));

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
/** The roles of a zone of another account. A path is allowed, a wildcard is not. */
const zoneRoleShape = {
  roleArn: z.string().regex(ROLE_ARN, 'the ARN of a role').optional(),
  readerRoleArn: z.string().regex(ROLE_ARN, 'the ARN of a role').optional(),
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, 'an external id of 2 to 1,224 characters')
    .optional(),
};

const shape = z
  .strictObject({
    stack: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/)
      .default('pawl'),
    fleet: z.string().min(1).optional(),
    cells: z
      .record(
        z.string().regex(CELL, 'a cell name of 1 to 32 of a-z, 0-9 and "-", such as use1-a'),
        z.strictObject({
          zone: z
            .string()
            .regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/, 'a zone name in lower case, without a dot at the end'),
          zoneId: z.string().regex(HOSTED_ZONE_ID, 'a hosted zone id, such as Z0123456789ABCDEFGHIJ'),
          names: z.array(z.string().min(1)).min(1).max(20).optional(),
          handsOver: z.boolean().optional(),
          ...zoneRoleShape,
        }),
      )
      // How many it serves at most is a matter of many limits (service-limits.ts).
      .refine((cells) => Object.keys(cells).length >= 1, 'a stack serves at least one cell'),
    enactors: z.int().min(1).max(COPIES_MAX).default(3),
    rate: z
      .strictObject({
        requestsPerSecond: z.number().positive().max(1_000).default(10),
        burst: z.number().min(1).max(10_000).default(50),
        reservePerSecond: z.number().min(0).default(2),
        changesPerSecond: z.number().positive().max(100_000).default(100),
        changeBurst: z.number().min(BATCH_CHANGES_MAX).max(1_000_000).default(1_500),
        shares: z
          .strictObject(Object.fromEntries(Object.keys(SHARES).map((name) => [name, share])))
          .default(SHARES),
      })
      .prefault({}),
    replicaRegions: z.never(NO_REPLICAS).optional(),
    concurrency: z.enum(['reserved', 'shared']).default('reserved'),
    logDays: z.union([z.literal(1), z.literal(7), z.literal(30), z.literal(90), z.literal(365)]).default(30),
    tracing: z.boolean().default(false),
    alarmMail: z.array(z.email()).default([]),
    messageKey: z
      .string()
      .regex(
        /^(none|made|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+)$/,
        '"none", "made", or the ARN of a KMS key (not of an alias)',
      )
      .default('none'),
    anchorBucket: z
      .string()
      .regex(
        /^(none|made|arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$/,
        '"none", "made", or the ARN of a bucket',
      )
      .default('none'),
    anchorDays: z.int().min(1).max(ANCHOR_DAYS_MAX).default(365),
    eventBus,
    notify: notified.prefault({}),
    bakeSeconds: z
      .union(
        [z.literal(0), z.int().min(180).max(600)],
        'a number of seconds from 180 to 600, or 0 to leave the bake out',
      )
      .default(300),
    auditClients: auditClients.default({}),
    insyncPollMs: z.int().min(10).max(60_000).default(2_000),
    keptBackAlarmMinutes: z.int().min(1).max(DAY_MINUTES).default(15),
    frozenAlarmMinutes: z
      .int()
      .min(1)
      .max(7 * DAY_MINUTES)
      .default(60),
    runbookUrl: z
      .url({ protocol: /^https$/, error: 'an https address of a page, without a "#"' })
      .max(RUNBOOK_MAX)
      .refine((url) => !url.includes('#'), 'an https address of a page, without a "#"')
      .default(OWN_RUNBOOK),
    otlp: otlpTarget.optional(),
    trail: watchedTrail.optional(),
  })
  .superRefine(({ cells, eventBus: bus, notify }, context) => {
    if (bus === 'none' && Object.values(notify).flat().length > 0)
      context.addIssue(
        'notify tells of what is on an event bus, and eventBus is "none": name a bus, or leave notify out',
      );
    const scopes = Object.entries(cells).map(([cell, { zone }]) => `${cell}._pawl.${zone}`);
    if (new Set(scopes).size < scopes.length) context.addIssue('two cells would own the same names');
    for (const [cell, { roleArn, readerRoleArn, externalId }] of Object.entries(cells)) {
      if ((roleArn === undefined) !== (readerRoleArn === undefined))
        context.addIssue(`cell ${cell} has one of roleArn and readerRoleArn: give both, or none`);
      if (externalId !== undefined && roleArn === undefined)
        context.addIssue(`cell ${cell} has an externalId and no roleArn: an external id is given to a role`);
    }
  });

/** The file says something that no stack can be made from; the message lists the mistakes, one a line. */
export class DeploymentRefused extends Error {
  override readonly name = 'DeploymentRefused';
}

/**
 * Reads a deployment, as the JSON file has it, and fills in what it does not say.
 *
 * @param fleet the fleet file that it names.
 * @throws DeploymentRefused.
 */
export function parseDeployment(raw: unknown, fleet?: DeployedFleet): Deployment {
  const parsed = shape.safeParse(raw);
  if (!parsed.success) {
    throw new DeploymentRefused(`The deployment is not right:\n${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  }
  const mistakes: string[] = [];
  const cells = Object.entries(parsed.data.cells).map(([name, given]): [string, CellDeployment] => {
    const found = namesOfCell(name, given, fleet);
    if ('mistake' in found) mistakes.push(found.mistake);
    return [name, { ...given, names: 'names' in found ? found.names : [] }];
  });
  if (mistakes.length > 0) throw new DeploymentRefused(mistakes.join('\n'));
  return { ...parsed.data, cells: Object.fromEntries(cells) };
}
