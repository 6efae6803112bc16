import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { GivenTable } from './ledger-table.ts';

export interface StreamReaderProps {
  readonly table: GivenTable;
  readonly reader: IFunction;
  /** Which items it is invoked for: new events of a cell, or items that somebody changed or deleted. */
  readonly of: 'news' | 'rewrites';
  /** For what nobody took in all of its tries. */
  readonly deadLetters: IQueue;
}

/**
 * News that is tried again holds back the news behind it, so it is tried twice more and is a dead letter then: the sweeps
 * need no hint, and whoever waits for an event finds it in the log. Evidence is worth something for a day.
 */
const AGE = { news: Duration.hours(1), rewrites: Duration.hours(24) } as const;
const RETRIES = { news: 2, rewrites: 100 } as const;

/**
 * One of the two readers of the ledger's stream; a shard takes no more than two (docs/adr/0020-hints-and-sweeps.md). No
 * liveness rests on it.
 */
export class StreamReader extends Construct {
  constructor(scope: Construct, id: string, { table, reader, of, deadLetters }: StreamReaderProps) {
    super(scope, id);
    const stream = table.tableStreamArn;
    if (stream === undefined) throw new Error('The ledger has no stream.');
    reader.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [stream],
      }),
    );
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: reader,
      eventSourceArn: stream,
      startingPosition: of === 'news' ? StartingPosition.LATEST : StartingPosition.TRIM_HORIZON,
      batchSize: of === 'news' ? 100 : 10,
      retryAttempts: RETRIES[of],
      maxRecordAge: AGE[of],
      // A failing hint is no fault of a record's: halves of the batch would fail as it did, and multiply the runs.
      bisectBatchOnError: of === 'rewrites',
      // The herald names the events that were not taken; those before them are done.
      reportBatchItemFailures: of === 'news',
      onFailure: new SqsDlq(deadLetters),
      filters: [of === 'news' ? newsFilter() : rewritesFilter()],
    });
    const policy = reader.role?.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) mapping.node.addDependency(policy);
  }
}

function newsFilter(): Record<string, unknown> {
  return FilterCriteria.filter({
    eventName: FilterRule.isEqual('INSERT'),
    dynamodb: { Keys: { sk: { S: FilterRule.beginsWith('EVENT#') } } },
  });
}

function rewritesFilter(): Record<string, unknown> {
  return FilterCriteria.filter({ eventName: FilterRule.or('MODIFY', 'REMOVE') });
}
