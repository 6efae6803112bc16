import { Duration, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface SuccessorsProps {
  /** A customer managed key for the messages; the service's own when undefined. */
  readonly key: IKey | undefined;
  /** The longest run of a function that reads the queue: Lambda refuses a queue that shows a message again before that. */
  readonly longestRun: Duration;
}

/**
 * Runs at once that the queue asks of one function, and that its concurrency must have room for beside the sweeps: the
 * fewest that an event source can be bounded to (Lambda Developer Guide, "Configuring scaling behavior for SQS event
 * source mappings").
 */
export const SUCCESSORS_AT_ONCE = 2;

/** A message is worth nothing after this: sweeps have seen what it is about. Longer than any delay of a message. */
const KEPT = Duration.minutes(5);

/**
 * The queue by which an enactor that does not stand by asks for its successor. Every enactor reads it, so that each
 * message goes to one of them, and to those that work when another one does not
 * (docs/adr/0051-nobody-waits-for-insync.md). It has no dead letters: a message that nobody took is a hint that a sweep
 * has overtaken.
 */
export class Successors extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { key, longestRun }: SuccessorsProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      ...(key === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: key }),
      enforceSSL: true,
      retentionPeriod: KEPT,
      visibilityTimeout: longestRun,
    });
    Validations.of(this.queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'Its messages are hints, and a sweep comes within a minute: one that nobody took is worth nothing.',
    });
  }

  /** Makes a function one of those that go on where another one has ended, and lets it ask for successors of its own. */
  join(enactor: IFunction): void {
    this.queue.grantSendMessages(enactor);
    enactor.addEventSource(
      new SqsEventSource(this.queue, { batchSize: 1, maxConcurrency: SUCCESSORS_AT_ONCE }),
    );
  }
}
