import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { z } from 'zod';
import type { LedgerTable } from './ledger-table.ts';
import type { CommonSetting, RoleFunctionProps } from './role-function.ts';
import { RoleFunction } from './role-function.ts';
import { functionTarget, schedulerRole, WINDOW } from './sweeps.ts';
import type { WatchedTrail } from './trail-settings.ts';

export interface TrailWatchProps extends Pick<RoleFunctionProps, CommonSetting | 'concurrency'> {
  readonly trail: WatchedTrail;
  readonly ledger: LedgerTable;
  /** The stack's cells, as functions are given them. */
  readonly cells: string;
  /** The ARNs of the roles that write to the zones. */
  readonly writers: readonly string[];
}

/** CloudTrail delivers every five minutes, and within a quarter of an hour as a rule. */
const PASS_EVERY = Duration.minutes(15);
const PASS_TIMEOUT = Duration.minutes(10);

/**
 * The function that holds the account's trail against the ledger by itself, with what it remembers. It reads the trail's
 * files and the ledger, writes its own table, and has no permission in Route 53 (docs/adr/0085-a-trail-is-read-beside-the-auditor.md).
 */
export class TrailWatch extends Construct {
  constructor(scope: Construct, id: string, props: TrailWatchProps) {
    super(scope, id);
    const { trail, ledger, cells, writers, ...common } = props;
    const stack = Stack.of(this);
    const bucket = Bucket.fromBucketArn(this, 'Bucket', trail.bucket);
    const prefixes = trail.prefixes ?? [`AWSLogs/${stack.account}/CloudTrail/us-east-1/`];
    const memory = this.memory();
    const { function: reader } = new RoleFunction(this, 'Reader', {
      entry: 'trail',
      role: 'trail',
      timeout: PASS_TIMEOUT,
      ...common,
      statements: [
        ledger.reading(),
        new PolicyStatement({
          actions: ['s3:GetObject'],
          resources: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
        }),
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [bucket.bucketArn],
          conditions: { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } },
        }),
        new PolicyStatement({
          actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
          resources: [memory.tableArn],
        }),
        ...(trail.keyArn === undefined ? [] : [decryptionBy(trail.keyArn)]),
      ],
      policies: [],
      unscoped: [],
      asksForChanges: false,
      environment: {
        PAWL_TABLE: ledger.table.tableName,
        PAWL_CELLS: cells,
        PAWL_TRAIL: stack.toJsonString({
          ...{ bucket: bucket.bucketName, prefixes, memory: memory.tableName },
          lookBackHours: trail.lookBackHours,
          ...(trail.writers === undefined ? {} : { writers: [...writers, ...trail.writers] }),
        }),
      },
    });
    if (reader.role !== undefined)
      for (const prefix of prefixes)
        Validations.of(reader.role).acknowledge({
          id: `AwsSolutions-IAM5[Resource::${named(stack, `${trail.bucket}/${prefix}`)}*]`,
          reason: 'Each file of the trail is an object of its own, whose name nobody knows before.',
        });
    const { deadLetters } = common;
    new Schedule(this, 'Passes', {
      description: 'Pawl: the trail is held against the ledger',
      schedule: ScheduleExpression.rate(PASS_EVERY),
      timeWindow: WINDOW,
      target: functionTarget(reader, {
        role: schedulerRole(this, 'Role', { target: reader, deadLetters }),
        input: ScheduleTargetInput.fromObject({ trail: 'pass', at: ContextAttribute.scheduledTime }),
        deadLetters,
      }),
    });
  }

  /** What was told is no evidence and goes with the stack: without it the findings of some hours are told again. */
  private memory(): TableV2 {
    const table = new TableV2(this, 'Memory', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(table).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'One item, which every pass replaces: a pass without it reads the trail of some hours again.',
    });
    return table;
  }
}

/** With the key of the trail's files, and through S3 alone. */
function decryptionBy(keyArn: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [keyArn],
    conditions: { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } },
  });
}

/** How cdk-nag names a text of which parts are known at the deployment alone. */
function named(stack: Stack, text: string): string {
  const resolved: unknown = stack.resolve(text);
  const parts: readonly unknown[] = joined.safeParse(resolved).data?.['Fn::Join'][1] ?? [resolved];
  return parts.map((part) => (typeof part === 'string' ? part : reference(part))).join('');
}

const joined = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });
const attribute = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const ref = z.object({ Ref: z.string() });

function reference(part: unknown): string {
  const [id, of] = attribute.safeParse(part).data?.['Fn::GetAtt'] ?? [];
  return id === undefined ? `<${ref.safeParse(part).data?.Ref ?? ''}>` : `<${id}.${of}>`;
}
