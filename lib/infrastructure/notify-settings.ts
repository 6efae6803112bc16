import { z } from 'zod';
import { kindsFor, TOLD_KINDS } from '../events/told-kinds.ts';

/** Kinds of messages by their detail-types, or all of them. */
export type NoticeEvents = readonly string[] | 'all';

/** A topic of SNS that gets messages. */
export interface NotifiedTopic {
  /** `made`, a topic that the stack makes, or the ARN of yours, whose policy must let events.amazonaws.com publish. */
  readonly topic: string;
  /**
   * Which messages.
   *
   * @default those that ask for attention: `act` and `watch` in docs/events.md
   */
  readonly events: NoticeEvents;
}

/** A channel of Slack, by way of Amazon Q Developer in chat applications (AWS Chatbot), which must know the workspace. */
export interface NotifiedSlack {
  /** `T…` */
  readonly workspaceId: string;
  /** `C…` */
  readonly channelId: string;
  /** Which messages. @default those that ask for attention: `act` and `watch` in docs/events.md */
  readonly events: NoticeEvents;
}

/** A receiver of yours, to which each message is posted with a signature (docs/events.md). */
export interface NotifiedWebhook {
  /** `https://…`, without a name and a password in it. */
  readonly url: string;
  /** The secret of Secrets Manager whose whole text, at least 32 bytes, both sides know. */
  readonly secretArn: string;
  /** The key of KMS that the secret is encrypted with, where that is one of yours. */
  readonly secretKeyArn?: string | undefined;
  /** Which messages. @default those that ask for attention: `act` and `watch` in docs/events.md */
  readonly events: NoticeEvents;
}

/** Who is told of events. */
export interface Notified {
  readonly topics: readonly NotifiedTopic[];
  readonly slack: readonly NotifiedSlack[];
  readonly webhooks: readonly NotifiedWebhook[];
}

/** Of each way so many; more would be a matter of rules on the bus, which anybody can put there. */
const WAYS_MAX = 5;

/** What the CDK puts where an attribute is known only at the deployment. */
const TO_COME = String.raw`\$\{Token\[[^\]]+\]\}`;

/** A text that is the ARN of something, or comes to be one. */
function arnOf(service: string, rest: string, what: string) {
  return z.string().regex(new RegExp(`^(arn:aws[a-z-]*:${service}:${rest}|${TO_COME})$`), what);
}

const events = z
  .union(
    [z.literal('all'), z.array(z.enum(TOLD_KINDS)).min(1, 'one kind at least')],
    `"all", or a list of kinds of messages, such as ["PlanHeld", "CellFrozen"] (docs/events.md)`,
  )
  .default([...kindsFor('act', 'watch')]);
const topicArn = arnOf(
  'sns',
  String.raw`[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}`,
  '"made", or the ARN of a topic',
);

function isPlainHttps(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && url.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === ''
  );
}

/** What a deployment says of who is told. */
export const notified = z.strictObject({
  topics: z
    .array(z.strictObject({ topic: z.literal('made').or(topicArn), events }))
    .max(WAYS_MAX)
    .default([]),
  slack: z
    .array(
      z.strictObject({
        workspaceId: z
          .string()
          .regex(/^T[A-Z0-9]{1,20}$/, 'the id of a Slack workspace, such as T012ABCDEFG'),
        channelId: z.string().regex(/^[CG][A-Z0-9]{1,20}$/, 'the id of a Slack channel, such as C012ABCDEFG'),
        events,
      }),
    )
    .max(WAYS_MAX)
    .default([]),
  webhooks: z
    .array(
      z.strictObject({
        url: z
          .string()
          .max(2_000)
          .refine(isPlainHttps, 'a URL of https, without a name, a password and a fragment'),
        secretArn: arnOf(
          'secretsmanager',
          String.raw`[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}`,
          'the ARN of a secret',
        ),
        secretKeyArn: arnOf(
          'kms',
          String.raw`[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+`,
          'the ARN of a key',
        ).optional(),
        events,
      }),
    )
    .max(WAYS_MAX)
    .default([]),
});

/** `none`, `default`, the name of a bus of the same account and Region, or the ARN of one. */
export const eventBus = z
  .string()
  .regex(
    new RegExp(
      String.raw`^([./_A-Za-z0-9-]{1,256}|arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus/[./_A-Za-z0-9-]{1,256}|${TO_COME})$`,
    ),
    '"none", "default", or the name or the ARN of an event bus',
  )
  .default('default');
