import { AsyncLocalStorage } from 'node:async_hooks';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Change } from '@aws-sdk/client-route-53';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Asked } from './policy-evaluation.ts';
import { ACCOUNT, REGION } from './policy-evaluation.ts';

/** One call to AWS, as IAM would be asked about it, and who made it. */
export interface RecordedCall extends Asked {
  readonly who: string;
}

/** Everything that goes through a client of the SDK in this process. */
export interface CallRecorder {
  /** Does something in somebody's name: every call that it makes is theirs. */
  as<Result>(who: string, work: () => Promise<Result>): Promise<Result>;
  /** The different calls so far, in the order in which each was made first. */
  calls(): readonly RecordedCall[];
  stop(): void;
}

/** A command of the SDK; the members of its input that say what it is about. */
interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly TableName?: string;
    readonly Item?: Readonly<Record<string, AttributeValue>>;
    readonly Key?: Readonly<Record<string, AttributeValue>>;
    readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
    readonly HostedZoneId?: string;
    readonly Id?: string;
    readonly ChangeBatch?: { readonly Changes: readonly Change[] };
    readonly FunctionName?: string;
    readonly StackName?: string;
    readonly QueueUrl?: string;
  };
}

type Asks = (operation: string, input: Sent['input']) => Asked;

const SERVICES: ReadonlyMap<unknown, Asks> = new Map<unknown, Asks>([
  [DynamoDBClient, ofDynamodb],
  [Route53Client, ofRoute53],
  [
    ElasticLoadBalancingV2Client,
    (operation) => ({ action: `elasticloadbalancing:${operation}`, resource: '*' }),
  ],
  [
    LambdaClient,
    (operation, { FunctionName = '' }) => ({
      action: `lambda:${operation === 'Invoke' ? 'InvokeFunction' : operation}`,
      resource: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${FunctionName}`,
    }),
  ],
  [
    SQSClient,
    (operation, { QueueUrl = '' }) => ({
      action: `sqs:${operation}`,
      resource: `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueUrl.split('/').at(-1) ?? ''}`,
    }),
  ],
  [CloudWatchClient, (operation) => ({ action: `cloudwatch:${operation}`, resource: '*' })],
  [
    CloudFormationClient,
    (operation, { StackName = '' }) => ({
      action: `cloudformation:${operation}`,
      resource: StackName.startsWith('arn:')
        ? StackName
        : `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${StackName}/1`,
    }),
  ],
]);

/** What every client of the SDK inherits from. */
const BASE = Object.getPrototypeOf(DynamoDBClient.prototype) as {
  send: (this: object, ...given: readonly unknown[]) => unknown;
};

/** Records until it is stopped. A call outside of `as` is nobody's, and is not recorded. */
export function recordCalls(): CallRecorder {
  const whose = new AsyncLocalStorage<string>();
  const calls = new Map<string, RecordedCall>();
  const { send } = BASE;
  BASE.send = function (...given) {
    const who = whose.getStore();
    if (who !== undefined) {
      const call = { who, ...askedBy(this.constructor, given[0] as Sent) };
      calls.set(JSON.stringify(call), call);
    }
    return send.apply(this, [...given]);
  };
  return {
    as: (who, work) => whose.run(who, work),
    calls: () => [...calls.values()],
    stop: () => {
      BASE.send = send;
    },
  };
}

/** A service that is not known here has an action that IAM does not know, so that no evaluation of it succeeds. */
function askedBy(client: Sent['constructor'], command: Sent): Asked {
  const operation = command.constructor.name.replace(/Command$/, '');
  const asks = SERVICES.get(client);
  return asks === undefined
    ? { action: `${client.name}:${operation}`, resource: '*' }
    : asks(operation, command.input);
}

/** Every query of the ledger's has its partition in the value `:pk`. */
function ofDynamodb(operation: string, input: Sent['input']): Asked {
  const { TableName = '', Item, Key, ExpressionAttributeValues } = input;
  const partition = (Item?.['pk'] ?? Key?.['pk'] ?? ExpressionAttributeValues?.[':pk'])?.S;
  return {
    action: `dynamodb:${operation}`,
    resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TableName}`,
    ...(partition === undefined ? {} : { context: { 'dynamodb:LeadingKeys': [partition] } }),
  };
}

/** How IAM names what a batch holds (Service Authorization Reference, condition keys for Amazon Route 53). */
function ofRoute53(operation: string, { HostedZoneId, Id, ChangeBatch }: Sent['input']): Asked {
  const action = `route53:${operation}`;
  if (operation === 'GetChange') return { action, resource: `arn:aws:route53:::change/${bare(Id)}` };
  const zone = HostedZoneId ?? Id;
  if (zone === undefined) return { action, resource: '*' };
  const resource = `arn:aws:route53:::hostedzone/${bare(zone)}`;
  if (ChangeBatch === undefined) return { action, resource };
  return { action, resource, context: batchKeys(ChangeBatch.Changes) };
}

function batchKeys(changes: readonly Change[]): Record<string, readonly string[]> {
  const set = (of: (change: Change) => string | undefined) => [
    ...new Set(changes.flatMap((change) => of(change) ?? [])),
  ];
  const key = 'route53:ChangeResourceRecordSets';
  return {
    [`${key}NormalizedRecordNames`]: set(({ ResourceRecordSet }) => normalizedName(ResourceRecordSet?.Name)),
    [`${key}RecordTypes`]: set(({ ResourceRecordSet }) => ResourceRecordSet?.Type),
    [`${key}Actions`]: set(({ Action }) => Action),
  };
}

/**
 * A record's name as IAM compares it: lower case, no dot at the end, and everything but `a-z0-9-_.` as a backslash and
 * three octal digits (Route 53 Developer Guide, "Using IAM policy conditions for fine-grained access control").
 */
function normalizedName(name = ''): string {
  return name
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/[^a-z0-9._\\-]/g, (each) => `\\${each.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function bare(id = ''): string {
  return id.replace(/^\/(hostedzone|change)\//, '');
}
