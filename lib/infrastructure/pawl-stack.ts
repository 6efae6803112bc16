import type { StackProps } from 'aws-cdk-lib';
import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import type { Deployment } from './deployment.ts';
import { isEmulated } from './emulation.ts';
import { LedgerTable } from './ledger-table.ts';
import { OperationsDashboard } from './operations-dashboard.ts';
import { PeoplePolicies } from './people-policies.ts';
import type { RateShare } from './rate-shares.ts';
import { rateShares } from './rate-shares.ts';
import type { RoleFunctionProps } from './role-function.ts';
import { RoleFunction } from './role-function.ts';
import { StreamReader } from './stream-reader.ts';
import { Sweeps } from './sweeps.ts';
import type { NamedCell } from './zone-permissions.ts';
import { cellWriting, zoneReading } from './zone-permissions.ts';

export interface PawlStackProps extends StackProps {
  readonly deployment: Deployment;
}

const ENACTOR_LETTERS = 'abcde';
const NO_RATE: RateShare = { requestsPerSecond: 1, burst: 1 };

/**
 * Pawl in one Region of one account, for the cells it is given. A stack a cell is the strongest isolation: whatever
 * happens to one stack, a bad deployment included, happens to one cell.
 */
export class PawlStack extends Stack {
  readonly #deployment: Deployment;
  readonly #cells: readonly NamedCell[];
  readonly #ledger: LedgerTable;
  readonly #deadLetters: Queue;

  constructor(scope: Construct, id: string, props: PawlStackProps) {
    super(scope, id, { description: 'Pawl: DNS automation that only moves forward', ...props });
    const { deployment } = props;
    this.#deployment = deployment;
    this.#cells = Object.entries(deployment.cells).map(([cell, each]) => ({ cell, ...each }));
    this.#ledger = new LedgerTable(this, 'Ledger', { replicaRegions: deployment.replicaRegions });
    this.#deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.#deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the queue of dead letters itself.',
    });
    this.roles();
    const topic = this.alarmTopic();
    const cells = Object.keys(deployment.cells);
    const alarms = new Alarms(this, 'Alarms', {
      cells,
      topic,
      deadLetters: this.#deadLetters,
      ledger: this.#ledger.table.tableName,
    });
    const { dashboard } = new OperationsDashboard(this, 'Operations', {
      cells,
      alarms: [...alarms.roots, ...alarms.symptoms],
      requestsPerSecond: deployment.rate.requestsPerSecond,
    });
    const people = new PeoplePolicies(this, 'People', { ledger: this.#ledger, cells: this.#cells });
    this.output(
      'Table',
      this.#ledger.table.tableName,
      'The ledger: pawl --table, or pawl --stack with the name of this stack.',
    );
    this.#cells.forEach(({ cell, zone, zoneId }, index) => {
      this.output(
        `Cell${index}`,
        JSON.stringify({ cell, zone, zoneId }),
        `The cell ${cell}, which this stack serves.`,
      );
    });
    this.output('AlarmTopicArn', topic.topicArn, 'Alarms are sent here.');
    this.output('DashboardName', dashboard.dashboardName, 'The dashboard in CloudWatch.');
    this.output('ReaderPolicy', people.reader.managedPolicyArn, 'For people who look.');
    this.output('OperatorPolicy', people.operator.managedPolicyArn, 'For people who operate.');
    this.output('RescuePolicy', people.rescue.managedPolicyArn, 'For people who repair with Route 53 alone.');
  }

  private roles(): void {
    const { enactors, cells } = this.#deployment;
    const rate = rateShares(this.#deployment);
    const writing = () => [...zoneReading(this.#cells), ...cellWriting(this.#cells)];
    const planner = this.role('Planner', 'planner', 'planner', Duration.minutes(2), NO_RATE, [
      lookingAtLoadBalancers(),
    ]);
    this.sweep('Planner', 'planner', planner, Duration.minutes(1));
    const enacting = [...ENACTOR_LETTERS.slice(0, enactors)].map((letter) => {
      const name = `Enactor${letter.toUpperCase()}`;
      const enactor = this.role(
        name,
        'enactor',
        `enactor-${letter}`,
        Duration.minutes(5),
        rate.enactor,
        writing(),
      );
      this.sweep(name, `enactor-${letter}`, enactor, Duration.minutes(1));
      return enactor;
    });
    const janitor = this.role('Janitor', 'janitor', 'janitor', Duration.minutes(3), rate.janitor, writing());
    this.sweep('Janitor', 'janitor', janitor, Duration.minutes(5));
    const auditor = this.role('Auditor', 'auditor', 'auditor', Duration.minutes(5), rate.auditor, [
      ...zoneReading(this.#cells),
    ]);
    this.sweep('Auditor', 'auditor', auditor, Duration.minutes(5));
    const herald = this.herald(planner, enacting, Object.keys(cells).length);
    const { table } = this.#ledger;
    new StreamReader(this, 'News', { table, reader: herald, of: 'news', deadLetters: this.#deadLetters });
    new StreamReader(this, 'Rewrites', {
      table,
      reader: auditor,
      of: 'rewrites',
      deadLetters: this.#deadLetters,
    });
  }

  /** A role that works on cells: it reads the ledger and appends to it, and has what its own work needs. */
  private role(
    id: string,
    entry: RoleFunctionProps['entry'],
    role: string,
    timeout: Duration,
    rate: RateShare,
    statements: readonly PolicyStatement[],
  ): NodejsFunction {
    const { insyncPollMs, cells } = this.#deployment;
    return new RoleFunction(this, id, {
      entry,
      role,
      timeout,
      ...this.common(),
      // One a function and cell. The auditor has one more, for what it is told of the stream.
      concurrency: Object.keys(cells).length + (entry === 'auditor' ? 1 : 0),
      statements: [this.#ledger.reading(), this.#ledger.appending(), ...statements],
      environment: {
        PAWL_TABLE: this.#ledger.table.tableName,
        PAWL_CELLS: JSON.stringify(
          Object.fromEntries(this.#cells.map(({ cell, zone, zoneId }) => [cell, { zone, zoneId }])),
        ),
        PAWL_REQUESTS_PER_SECOND: String(rate.requestsPerSecond),
        PAWL_BURST: String(rate.burst),
        PAWL_INSYNC_POLL_MS: String(insyncPollMs),
        PAWL_DNS: isEmulated(this) ? 'off' : 'on',
      },
    }).function;
  }

  private herald(
    planner: NodejsFunction,
    enactors: readonly NodejsFunction[],
    shards: number,
  ): NodejsFunction {
    return new RoleFunction(this, 'Herald', {
      entry: 'herald',
      role: 'herald',
      timeout: Duration.seconds(30),
      ...this.common(),
      concurrency: shards,
      statements: [
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: [planner, ...enactors].map(({ functionArn }) => functionArn),
        }),
      ],
      environment: {
        PAWL_TABLE: this.#ledger.table.tableName,
        PAWL_FUNCTIONS: Stack.of(this).toJsonString({
          planner: planner.functionName,
          enactors: enactors.map(({ functionName }) => functionName),
        }),
      },
    }).function;
  }

  private common(): Pick<RoleFunctionProps, 'deadLetters' | 'logRetention'> {
    return { deadLetters: this.#deadLetters, logRetention: RETENTION[this.#deployment.logDays] };
  }

  private sweep(id: string, role: string, target: NodejsFunction, every: Duration): void {
    const cells = Object.keys(this.#deployment.cells);
    new Sweeps(this, `${id}Sweeps`, { role, target, cells, every, deadLetters: this.#deadLetters });
  }

  private alarmTopic(): Topic {
    const topic = new Topic(this, 'AlarmTopic', { enforceSSL: true });
    for (const address of this.#deployment.alarmMail) topic.addSubscription(new EmailSubscription(address));
    return topic;
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

const RETENTION: Readonly<Record<Deployment['logDays'], RetentionDays>> = {
  1: RetentionDays.ONE_DAY,
  7: RetentionDays.ONE_WEEK,
  30: RetentionDays.ONE_MONTH,
  90: RetentionDays.THREE_MONTHS,
  365: RetentionDays.ONE_YEAR,
};

/** The Describe actions take no resource (Service Authorization Reference, Elastic Load Balancing V2). */
function lookingAtLoadBalancers(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
    resources: ['*'],
  });
}
