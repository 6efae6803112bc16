import { z } from 'zod';
import { HOSTED_ZONE_ID } from '../plan/names.ts';
import { COPIES_MAX, ROLES, settingName } from '../roles.ts';

/** One cell that a stack serves. */
export interface CellDeployment {
  /** The hosted zone's name, such as `example.test`. */
  readonly zone: string;
  /** Its id, without `/hostedzone/`. A zone of this account: see docs/operations.md for those of others. */
  readonly zoneId: string;
  /**
   * Names that the cell's endpoints may have, `*` for any text, as IAM's StringLike has it. The zone and everything
   * in it unless given. What the functions may write is bounded by these, whatever a fleet file says.
   */
  readonly names: readonly string[];
}

/** How the account's Route 53 requests are divided. The shares are of what the reserve leaves, and add up to at most 1. */
export interface RateDivision {
  /** What the account may send, all of its users together: 5 is the classic limit (Route 53 quotas). */
  readonly requestsPerSecond: number;
  /** Kept back for people: a freeze must get through while everything else is busy. */
  readonly reservePerSecond: number;
  /** By role, as settings call them: `enactors`, `janitor`, `auditor`. */
  readonly shares: Readonly<Record<string, number>>;
}

/** Everything that one stack is made from. */
export interface Deployment {
  readonly stack: string;
  readonly cells: Readonly<Record<string, CellDeployment>>;
  /**
   * Enactors, 1 to 5: each is a function of its own, so that one that is stuck, or badly deployed, is one of several.
   * Any other redundant role has as many functions.
   */
  readonly enactors: number;
  readonly rate: RateDivision;
  /**
   * reserved: each function has a concurrency of one for each cell, which nobody else in the account can take. shared:
   * none has any; for an account whose limit is still 10, of which nothing can be reserved. Safety does not rest on it,
   * because the fence holds between any number of writers; punctuality does (docs/operations.md).
   */
  readonly concurrency: 'reserved' | 'shared';
  /** Days that logs are kept, also after the stack is deleted. */
  readonly logDays: 1 | 7 | 30 | 90 | 365;
  /** Mail addresses that alarms go to; the topic is an output in any case. */
  readonly alarmMail: readonly string[];
  /**
   * What the alarm topic and the queue of dead letters are encrypted with: `made`, a customer managed key that the stack
   * makes, `none`, or the ARN of yours, whose policy must let cloudwatch.amazonaws.com use kms:Decrypt and
   * kms:GenerateDataKey*, or no alarm reaches the topic.
   */
  readonly messageKey: string;
  /** Between two questions whether a change is INSYNC, milliseconds. */
  readonly insyncPollMs: number;
  /** An alarm rings when an endpoint is kept back, or a plan waits for an approval, for longer than this. */
  readonly keptBackAlarmMinutes: number;
  /** An alarm rings when a cell is frozen for longer than this. */
  readonly frozenAlarmMinutes: number;
}

const DAY_MINUTES = 1_440;
/** See docs/adr/0047-no-second-region-yet.md. */
const NO_REPLICAS =
  'take it out: replicas of the table alone let no function go on in another Region, so Pawl makes none';
const CELL = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

const share = z.number().min(0).max(1);
const asking = ROLES.filter(({ rateShare }) => rateShare > 0);
const SHARES = Object.fromEntries(asking.map((role) => [settingName(role), role.rateShare]));

const shape = z
  .strictObject({
    stack: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/)
      .default('pawl'),
    cells: z
      .record(
        z.string().regex(CELL, 'a cell name of 1 to 32 of a-z, 0-9 and "-", such as use1-a'),
        z.strictObject({
          zone: z
            .string()
            .regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/, 'a zone name in lower case, without a dot at the end'),
          zoneId: z.string().regex(HOSTED_ZONE_ID, 'a hosted zone id, such as Z0123456789ABCDEFGHIJ'),
          names: z.array(z.string().min(1)).min(1).max(20).optional(),
        }),
      )
      // How many it serves at most is a matter of many limits (service-limits.ts).
      .refine((cells) => Object.keys(cells).length >= 1, 'a stack serves at least one cell'),
    enactors: z.int().min(1).max(COPIES_MAX).default(3),
    rate: z
      .strictObject({
        requestsPerSecond: z.number().positive().max(1_000).default(5),
        reservePerSecond: z.number().min(0).default(1),
        shares: z
          .strictObject(Object.fromEntries(Object.keys(SHARES).map((name) => [name, share])))
          .default(SHARES),
      })
      .prefault({}),
    replicaRegions: z.never(NO_REPLICAS).optional(),
    concurrency: z.enum(['reserved', 'shared']).default('reserved'),
    logDays: z.union([z.literal(1), z.literal(7), z.literal(30), z.literal(90), z.literal(365)]).default(30),
    alarmMail: z.array(z.email()).default([]),
    messageKey: z
      .string()
      .regex(
        /^(none|made|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+)$/,
        '"none", "made", or the ARN of a KMS key (not of an alias)',
      )
      .default('none'),
    insyncPollMs: z.int().min(10).max(60_000).default(2_000),
    keptBackAlarmMinutes: z.int().min(1).max(DAY_MINUTES).default(15),
    frozenAlarmMinutes: z
      .int()
      .min(1)
      .max(7 * DAY_MINUTES)
      .default(60),
  })
  .superRefine(({ cells }, context) => {
    const scopes = Object.entries(cells).map(([cell, { zone }]) => `${cell}._pawl.${zone}`);
    if (new Set(scopes).size < scopes.length) context.addIssue('two cells would own the same names');
  });

/** The file says something that no stack can be made from; the message lists the mistakes, one a line. */
class DeploymentRefused extends Error {
  override readonly name = 'DeploymentRefused';
}

/** Reads a deployment, as the JSON file has it, and fills in what it does not say. @throws DeploymentRefused. */
export function parseDeployment(raw: unknown): Deployment {
  const parsed = shape.safeParse(raw);
  if (!parsed.success) {
    throw new DeploymentRefused(`The deployment is not right:\n${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  }
  const cells = Object.entries(parsed.data.cells).map(
    ([name, { zone, zoneId, names }]): [string, CellDeployment] => [
      name,
      { zone, zoneId, names: names ?? [zone, `*.${zone}`] },
    ],
  );
  return { ...parsed.data, cells: Object.fromEntries(cells) };
}
