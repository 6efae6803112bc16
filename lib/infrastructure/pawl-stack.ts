import { CfnOutput, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SOURCES } from '../fleet/sources/sources.ts';
import { NEWEST_LEDGER_FORMAT } from '../plan/stored-format.ts';
import type { Role, RoleName } from '../roles.ts';
import { byRole, ROLES, roleNamed, workerNames, zoneAccess } from '../roles.ts';
import { AlarmTopic, messageKey } from './alarm-topic.ts';
import { CellAlarms, StackAlarms } from './alarms.ts';
import { Bake } from './bake-resource.ts';
import { nameOutputs } from './cell-names.ts';
import { cellScope } from './cell-scope.ts';
import { cellsText } from './cells-text.ts';
import { constructId } from './construct-id.ts';
import { deadLetterQueue } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { isEmulated } from './emulation.ts';
import { EventAnchors } from './event-anchors.ts';
import { eventBusOf } from './event-buses.ts';
import { heraldFunction } from './herald-function.ts';
import { LeasesTable } from './leases-table.ts';
import { LedgerTable } from './ledger-table.ts';
import { LOG_RETENTION } from './log-retention.ts';
import { Notices } from './notices.ts';
import { OperationsDashboard } from './operations-dashboard.ts';
import { exportingTo } from './otlp-export.ts';
import type { PawlProps, PawlStackProps } from './pawl-props.ts';
import { deploymentGiven, givenBy } from './pawl-props.ts';
import { PeoplePolicies } from './people-policies.ts';
import { packed } from './policy-packing.ts';
import type { RateShare } from './rate-shares.ts';
import { rateShares } from './rate-shares.ts';
import type { CommonSetting, RoleFunctionProps } from './role-function.ts';
import { RoleFunction } from './role-function.ts';
import { REWRITES_READER, runsAtOnce, SUCCEEDED } from './runs-at-once.ts';
import { StreamReader } from './stream-reader.ts';
import { Successors } from './successors.ts';
import { Sweeps } from './sweeps.ts';
import { TrailWatch } from './trail-watch.ts';
import type { NamedCell } from './zone-permissions.ts';
import { guardedWriting, placeOf, writingGuards, zoneReading } from './zone-permissions.ts';

/**
 * Pawl in one Region of one account, for the cells it is given, in a stack of yours. A stack has at most one, because the
 * command line finds it by the stack's outputs (`pawl --stack NAME`), and alarms and tables are named after the stack.
 *
 * @example
 * new Pawl(stack, 'Dns', { cells: { 'use1-a': { zone, names: ['api.example.com'] } }, alarmTopic });
 */
export class Pawl extends Construct {
  /** The ledger: the table that was given, or the one that was made. */
  readonly table: LedgerTable['table'];
  /** Where alarms are published: the topic that was given, or the one that was made. */
  readonly alarmTopic: ITopic;
  readonly #deployment: Deployment;
  readonly #cells: readonly NamedCell[];
  readonly #ledger: LedgerTable;
  readonly #leases: LeasesTable;
  readonly #deadLetters: Queue;
  readonly #successors: Successors;
  readonly #anchors: EventAnchors | undefined;
  readonly #bus: IEventBus | undefined;

  /** @throws DeploymentRefused when the settings contradict each other, Error for a table without a stream. */
  constructor(scope: Construct, id: string, props: PawlProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    const deployment = deploymentGiven(props, stackName);
    this.#deployment = deployment;
    this.#cells = Object.entries(deployment.cells).map(([cell, each]) => ({ cell, ...each }));
    this.#ledger = new LedgerTable(this, 'Ledger', props.table);
    this.table = this.#ledger.table;
    this.#leases = new LeasesTable(this, 'Leases');
    const key = messageKey(this, deployment);
    this.#deadLetters = deadLetterQueue(this, 'DeadLetters', key);
    const longestRun = Duration.minutes(roleNamed(SUCCEEDED).timeoutMinutes);
    this.#successors = new Successors(this, 'Successors', { key, longestRun });
    const { anchorBucket, anchorDays } = deployment;
    this.#anchors =
      anchorBucket === 'none'
        ? undefined
        : new EventAnchors(this, 'Anchors', { bucket: anchorBucket, anchorDays });
    this.#bus = eventBusOf(this, deployment.eventBus);
    this.roles();
    const notices = this.notices(key);
    const topic =
      props.alarmTopic ?? new AlarmTopic(this, 'AlarmTopic', { key, mail: deployment.alarmMail }).topic;
    this.alarmTopic = topic;
    const cells = this.cells(topic);
    const alarms = new StackAlarms(this, 'Alarms', {
      stackName,
      topic,
      runbookUrl: deployment.runbookUrl,
      cells,
      deadLetters: this.#deadLetters,
      ledger: this.#ledger.table.tableName,
      readsTrail: deployment.trail !== undefined,
    });
    this.bake(alarms, notices);
    const { dashboard } = new OperationsDashboard(this, 'Operations', {
      cells: [...cells.keys()],
      alarms: alarms.loud,
      requestsPerSecond: deployment.rate.requestsPerSecond,
    });
    const people = new PeoplePolicies(this, 'People', {
      ledger: this.#ledger,
      leases: this.#leases,
      cells: this.#cells,
      path: `/${stackName}/`,
    });
    this.output(
      'Table',
      this.#ledger.table.tableName,
      'The ledger: pawl --table, or pawl --stack with the name of this stack.',
    );
    this.output('LeasesTable', this.#leases.table.tableName, 'The table of leases.');
    this.#cells.forEach((each, index) => {
      const said = JSON.stringify({ cell: each.cell, ...placeOf(each) });
      this.output(`Cell${index}`, said, `The cell ${each.cell}, which this stack serves.`);
      nameOutputs(each.cell, each.names).forEach((value, part) => {
        this.output(`Names${index}Part${part}`, value, `Names that the cell ${each.cell} may write.`);
      });
    });
    this.output('AlarmTopicArn', topic.topicArn, 'Alarms are sent here.');
    this.output(
      'LedgerFormat',
      String(NEWEST_LEDGER_FORMAT),
      'The newest format of the ledger that the functions read: "pawl upgrade" goes so far.',
    );
    if (this.#anchors !== undefined) {
      const { bucket, reader } = this.#anchors;
      this.output('AnchorBucket', bucket.bucketName, 'The bucket that keeps the hash of every event.');
      this.output('AnchorReaderPolicy', reader.managedPolicyArn, 'For people who verify.');
    }
    this.output('DashboardName', dashboard.dashboardName, 'The dashboard in CloudWatch.');
    this.output('ReaderPolicy', arnsOf(people.reader), 'For people who look.');
    this.output('OperatorPolicy', arnsOf(people.operator), 'For people who operate.');
    this.output('RescuePolicy', arnsOf(people.rescue), 'For people who repair with Route 53 alone.');
    this.output('HolderPolicy', arnsOf(people.holder), 'For machines that hold leases.');
  }

  /** What belongs to each cell alone: its alarms, and policies for people who work on no other. */
  private cells(topic: ITopic): ReadonlyMap<string, CellAlarms> {
    const { stackName } = Stack.of(this);
    const settings = this.#deployment;
    const { runbookUrl } = settings;
    return new Map(
      this.#cells.map((named) => {
        const { cell } = named;
        const scope = cellScope(this, cell);
        const path = `/${stackName}/${cell}/`;
        new PeoplePolicies(scope, 'People', {
          ledger: this.#ledger,
          leases: this.#leases,
          cells: [named],
          path,
        });
        return [cell, new CellAlarms(scope, 'Alarms', { stackName, topic, runbookUrl, cell, settings })];
      }),
    );
  }

  private roles(): void {
    const rates = rateShares(this.#deployment);
    const functions = byRole((role) => this.workers(role, rates[role.name]));
    const herald = heraldFunction(this, {
      functions,
      ledger: this.#ledger.table.tableName,
      bus: this.#bus,
      anchors: this.#anchors,
      concurrency: this.concurrency(this.#cells.length),
      ...this.common(),
    });
    this.#anchors?.letKeep(herald);
    const { table } = this.#ledger;
    const deadLetters = this.#deadLetters;
    new StreamReader(this, 'News', { table, reader: herald, of: 'news', deadLetters });
    for (const reader of functions[REWRITES_READER])
      new StreamReader(this, 'Rewrites', { table, reader, of: 'rewrites', deadLetters });
    this.trail(functions);
  }

  /** Who reads the account's trail; nobody where the deployment names none. */
  private trail(functions: Readonly<Record<RoleName, readonly LambdaFunction[]>>): void {
    const { trail } = this.#deployment;
    if (trail === undefined) return;
    const writing = ROLES.filter((role) => zoneAccess(role) === 'writes').flatMap(
      ({ name }) => functions[name],
    );
    const ofZones = this.#cells.flatMap(({ roleArn }) => (roleArn === undefined ? [] : [roleArn]));
    new TrailWatch(this, 'Trail', {
      ...{ trail, ledger: this.#ledger, cells: cellsText(this.#cells) },
      writers: [...writing.flatMap(({ role }) => role?.roleArn ?? []), ...new Set(ofZones)],
      concurrency: this.concurrency(1),
      ...this.common(),
    });
  }

  /**
   * New code reaches the first enactor before every other function; not on an emulator, which counts no runs of a
   * function. What watches waits too: an alarm on something that only the new code counts would ring meanwhile.
   */
  private bake(alarms: StackAlarms, notices: Notices | undefined): void {
    const { bakeSeconds, enactors } = this.#deployment;
    if (bakeSeconds === 0 || isEmulated(this)) return;
    const [firstName = ''] = workerNames(roleNamed(SUCCEEDED), enactors);
    const functions = this.node.children.filter((child) => child instanceof RoleFunction);
    const first = functions.find(({ node }) => node.id === constructId(firstName));
    if (first === undefined) throw new Error(`The stack has no function ${firstName}.`);
    const { said } = new Bake(this, 'Bake', {
      first,
      others: [
        ...functions.filter((each) => each !== first),
        ...this.node.children.filter((child) => child instanceof NestedStack || child instanceof TrailWatch),
        alarms,
        ...(notices === undefined ? [] : [notices]),
      ],
      ledger: this.#ledger.table.tableName,
      deployment: this.#deployment,
      ...this.common(),
    });
    this.output('LastBake', said, 'What was seen when new code ran in the first enactor alone.');
  }

  /** Who is told of events; nothing where the deployment names nobody. */
  private notices(key: IKey | undefined): Notices | undefined {
    const { notify, concurrency } = this.#deployment;
    if (this.#bus === undefined || Object.values(notify).flat().length === 0) return undefined;
    const ledger = this.#ledger.table.tableName;
    const of = { bus: this.#bus, notify, key, ledger, reserved: concurrency === 'reserved' };
    return new Notices(this, 'Notices', { ...this.common(), ...of, deadLetters: this.#deadLetters });
  }

  /** The functions of one role, each with its sweeps. */
  private workers(role: Role, rate: RateShare): readonly LambdaFunction[] {
    const every = Duration.minutes(role.cadence.deployedMinutes);
    const cells = Object.keys(this.#deployment.cells);
    const policies = zoneAccess(role) === 'writes' ? this.writing(role) : [];
    return workerNames(role, this.#deployment.enactors).map((name) => {
      const id = constructId(name);
      const target = this.worker(id, { role, name, rate, policies });
      if (role.name === SUCCEEDED) this.#successors.join(target);
      new Sweeps(this, `${id}Sweeps`, { role: name, target, cells, every, deadLetters: this.#deadLetters });
      return target;
    });
  }

  /** What all functions of a role may write, in as many policies as hold it. */
  private writing({ name, batches }: Role): readonly ManagedPolicy[] {
    const takes = batches.some((kind) => kind === 'handover');
    return packed(this, guardedWriting(this.#cells, { takes })).map(
      (statements, index) =>
        new ManagedPolicy(this, `${constructId(name)}Writes${index + 1}`, {
          description: `Pawl: what the functions of the ${name} write`,
          path: `/${Stack.of(this).stackName}/`,
          statements: [...statements],
        }),
    );
  }

  /** A role that works on cells: it reads the ledger and appends to it, and has what its own work needs. */
  private worker(id: string, { role, name, rate, policies }: Worker): LambdaFunction {
    const { insyncPollMs, cells, auditClients } = this.#deployment;
    const access = zoneAccess(role);
    const sources = role.asksSources ? SOURCES.flatMap(({ permission }) => permission ?? []) : [];
    return new RoleFunction(this, id, {
      entry: role.name,
      role: name,
      timeout: Duration.minutes(role.timeoutMinutes),
      ...this.common(),
      concurrency: this.concurrency(runsAtOnce(role, Object.keys(cells).length)),
      statements: [
        this.#ledger.reading(),
        // A person declares a cell before any role works on it.
        this.#ledger.appending(Object.keys(cells), { bodies: role.storesBodies, newCells: false }),
        ...sources.map(({ actions }) => new PolicyStatement({ actions: [...actions], resources: ['*'] })),
        ...(role.asksSources ? [this.#leases.holding(Object.keys(cells))] : []),
        ...(access === 'none' ? [] : zoneReading(this.#cells)),
        ...(access === 'writes' ? writingGuards(this.#cells) : []),
      ],
      policies,
      unscoped: sources.map(({ reason }) => reason),
      asksForChanges: access !== 'none',
      environment: {
        PAWL_TABLE: this.#ledger.table.tableName,
        PAWL_CELLS: cellsText(this.#cells),
        PAWL_RATE: JSON.stringify(rate),
        PAWL_INSYNC_POLL_MS: String(insyncPollMs),
        PAWL_DNS: isEmulated(this) ? 'off' : 'on',
        ...(role.asksSources ? { PAWL_LEASES: this.#leases.table.tableName } : {}),
        ...(role.name === 'auditor' ? { PAWL_AUDIT_CLIENTS: JSON.stringify(auditClients) } : {}),
        ...(role.name === SUCCEEDED ? { PAWL_SUCCESSORS: this.#successors.queue.queueUrl } : {}),
      },
    }).function;
  }

  /** What is reserved for a function that needs so many runs at once; nothing where the account's concurrency is shared. */
  private concurrency(runs: number): number | undefined {
    return this.#deployment.concurrency === 'reserved' ? runs : undefined;
  }

  private common(): Pick<RoleFunctionProps, CommonSetting> {
    const { logDays, tracing, otlp } = this.#deployment;
    const exporting = exportingTo(otlp);
    return { deadLetters: this.#deadLetters, logRetention: LOG_RETENTION[logDays], tracing, exporting };
  }

  /** Its name in the template is the id alone, wherever the construct stands: the command line looks for it. */
  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description }).overrideLogicalId(id);
  }
}

/**
 * Pawl as a stack of its own. One stack for each cell is the strongest isolation: whatever happens to one stack, a bad
 * deployment included, happens to one cell.
 */
export class PawlStack extends Stack {
  readonly pawl: Pawl;

  constructor(scope: Construct, id: string, { deployment, ...props }: PawlStackProps) {
    super(scope, id, { description: 'Pawl: DNS automation that only moves forward', ...props });
    // The CDK leaves this id out of logical ids: stacks that are deployed keep every resource.
    this.pawl = new Pawl(this, 'Default', givenBy(deployment));
  }
}

interface Worker {
  readonly role: Role;
  /** `enactor-b`. */
  readonly name: string;
  readonly rate: RateShare;
  readonly policies: readonly ManagedPolicy[];
}

function arnsOf(policies: readonly ManagedPolicy[]): string {
  return policies.map(({ managedPolicyArn }) => managedPolicyArn).join(' ');
}
