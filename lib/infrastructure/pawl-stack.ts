import type { StackProps } from 'aws-cdk-lib';
import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { SOURCES } from '../fleet/sources/sources.ts';
import { NEWEST_LEDGER_FORMAT } from '../plan/stored-format.ts';
import type { Role, RoleName } from '../roles.ts';
import { byRole, ROLES, roleNamed, settingName, workerNames, zoneAccess } from '../roles.ts';
import { AlarmTopic, messageKey } from './alarm-topic.ts';
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
import { SUCCESSORS_AT_ONCE, Successors } from './successors.ts';
import { Sweeps } from './sweeps.ts';
import type { NamedCell } from './zone-permissions.ts';
import { cellWriting, zoneReading } from './zone-permissions.ts';

export interface PawlStackProps extends StackProps {
  readonly deployment: Deployment;
}

/** The role that the stream invokes for items of the ledger that somebody changed or deleted. */
const REWRITES_READER: RoleName = 'auditor';
/** The role whose runs end while Route 53 propagates, so that another run goes on. */
const SUCCEEDED: RoleName = 'enactor';

/**
 * Pawl in one Region of one account, for the cells it is given. One stack for each cell is the strongest isolation:
 * whatever happens to one stack, a bad deployment included, happens to one cell.
 */
export class PawlStack extends Stack {
  readonly #deployment: Deployment;
  readonly #cells: readonly NamedCell[];
  readonly #ledger: LedgerTable;
  readonly #deadLetters: Queue;
  readonly #successors: Successors;

  constructor(scope: Construct, id: string, props: PawlStackProps) {
    super(scope, id, { description: 'Pawl: DNS automation that only moves forward', ...props });
    const { deployment } = props;
    this.#deployment = deployment;
    this.#cells = Object.entries(deployment.cells).map(([cell, each]) => ({ cell, ...each }));
    this.#ledger = new LedgerTable(this, 'Ledger');
    const key = messageKey(this, deployment.messageKey);
    this.#deadLetters = new Queue(this, 'DeadLetters', {
      ...(key === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: key }),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.#deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the queue of dead letters itself.',
    });
    const longestRun = Duration.minutes(roleNamed(SUCCEEDED).timeoutMinutes);
    this.#successors = new Successors(this, 'Successors', { key, longestRun });
    this.roles();
    const { topic } = new AlarmTopic(this, 'AlarmTopic', { key, mail: deployment.alarmMail });
    const cells = Object.keys(deployment.cells);
    const alarms = new Alarms(this, 'Alarms', {
      cells,
      topic,
      deadLetters: this.#deadLetters,
      ledger: this.#ledger.table.tableName,
      settings: deployment,
    });
    const { dashboard } = new OperationsDashboard(this, 'Operations', {
      cells,
      alarms: alarms.groups,
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
    this.output(
      'LedgerFormat',
      String(NEWEST_LEDGER_FORMAT),
      'The newest format of the ledger that the functions read: "pawl upgrade" goes so far.',
    );
    this.output('DashboardName', dashboard.dashboardName, 'The dashboard in CloudWatch.');
    this.output('ReaderPolicy', people.reader.managedPolicyArn, 'For people who look.');
    this.output('OperatorPolicy', people.operator.managedPolicyArn, 'For people who operate.');
    this.output('RescuePolicy', people.rescue.managedPolicyArn, 'For people who repair with Route 53 alone.');
  }

  private roles(): void {
    const rates = rateShares(this.#deployment);
    const functions = byRole((role) => this.workers(role, rates[role.name]));
    const herald = this.herald(functions);
    const { table } = this.#ledger;
    const deadLetters = this.#deadLetters;
    new StreamReader(this, 'News', { table, reader: herald, of: 'news', deadLetters });
    for (const reader of functions[REWRITES_READER])
      new StreamReader(this, 'Rewrites', { table, reader, of: 'rewrites', deadLetters });
  }

  /** The functions of one role, each with its sweeps. */
  private workers(role: Role, rate: RateShare): readonly NodejsFunction[] {
    const every = Duration.minutes(role.cadence.deployedMinutes);
    const cells = Object.keys(this.#deployment.cells);
    return workerNames(role, this.#deployment.enactors).map((name) => {
      const id = constructId(name);
      const target = this.worker(id, role, name, rate);
      if (role.name === SUCCEEDED) this.#successors.join(target);
      new Sweeps(this, `${id}Sweeps`, { role: name, target, cells, every, deadLetters: this.#deadLetters });
      return target;
    });
  }

  /** A role that works on cells: it reads the ledger and appends to it, and has what its own work needs. */
  private worker(id: string, role: Role, name: string, rate: RateShare): NodejsFunction {
    const { insyncPollMs, cells } = this.#deployment;
    const access = zoneAccess(role);
    const sources = role.asksSources ? SOURCES.map(({ permission }) => permission) : [];
    return new RoleFunction(this, id, {
      entry: role.name,
      role: name,
      timeout: Duration.minutes(role.timeoutMinutes),
      ...this.common(),
      // One a function and cell, and room for what is handed to it beside its sweeps.
      concurrency: this.concurrency(Object.keys(cells).length + handedTo(role)),
      statements: [
        this.#ledger.reading(),
        // A person declares a cell before any role works on it.
        this.#ledger.appending(Object.keys(cells), { bodies: role.storesBodies, newCells: false }),
        ...sources.map(({ actions }) => new PolicyStatement({ actions: [...actions], resources: ['*'] })),
        ...(access === 'none' ? [] : zoneReading(this.#cells)),
        ...(access === 'writes' ? cellWriting(this.#cells) : []),
      ],
      unscoped: sources.map(({ reason }) => reason),
      asksForChanges: access !== 'none',
      environment: {
        PAWL_TABLE: this.#ledger.table.tableName,
        PAWL_CELLS: JSON.stringify(
          Object.fromEntries(this.#cells.map(({ cell, zone, zoneId }) => [cell, { zone, zoneId }])),
        ),
        PAWL_REQUESTS_PER_SECOND: String(rate.requestsPerSecond),
        PAWL_BURST: String(rate.burst),
        PAWL_INSYNC_POLL_MS: String(insyncPollMs),
        PAWL_DNS: isEmulated(this) ? 'off' : 'on',
        ...(role.name === SUCCEEDED ? { PAWL_SUCCESSORS: this.#successors.queue.queueUrl } : {}),
      },
    }).function;
  }

  /** Wakes the roles that follow the log. */
  private herald(functions: Readonly<Record<RoleName, readonly NodejsFunction[]>>): NodejsFunction {
    const woken = ROLES.filter(({ news }) => news.length > 0);
    const names = woken.map((role) => {
      const [only, ...others] = functions[role.name].map(({ functionName }) => functionName);
      return [settingName(role), role.redundant ? [only, ...others] : only] as const;
    });
    return new RoleFunction(this, 'Herald', {
      entry: 'herald',
      role: 'herald',
      timeout: Duration.seconds(30),
      ...this.common(),
      concurrency: this.concurrency(this.#cells.length),
      statements: [
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: woken.flatMap(({ name }) => functions[name].map(({ functionArn }) => functionArn)),
        }),
      ],
      unscoped: [],
      asksForChanges: false,
      environment: {
        PAWL_TABLE: this.#ledger.table.tableName,
        PAWL_FUNCTIONS: Stack.of(this).toJsonString(Object.fromEntries(names)),
      },
    }).function;
  }

  /** What is reserved for a function that needs so many runs at once; nothing where the account's concurrency is shared. */
  private concurrency(runs: number): number | undefined {
    return this.#deployment.concurrency === 'reserved' ? runs : undefined;
  }

  private common(): Pick<RoleFunctionProps, 'deadLetters' | 'logRetention'> {
    return { deadLetters: this.#deadLetters, logRetention: RETENTION[this.#deployment.logDays] };
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

/** Runs at once that the stream or the queue of successors asks of a function. */
function handedTo({ name }: Role): number {
  if (name === REWRITES_READER) return 1;
  return name === SUCCEEDED ? SUCCESSORS_AT_ONCE : 0;
}

const RETENTION: Readonly<Record<Deployment['logDays'], RetentionDays>> = {
  1: RetentionDays.ONE_DAY,
  7: RetentionDays.ONE_WEEK,
  30: RetentionDays.ONE_MONTH,
  90: RetentionDays.THREE_MONTHS,
  365: RetentionDays.ONE_YEAR,
};

/** `enactor-a` is EnactorA. */
function constructId(name: string): string {
  return name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
