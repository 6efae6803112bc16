// @module-tag slow
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { ROLES, workerNames } from '../../lib/roles.ts';
import { METRIC_NAMESPACE, METRICS } from '../../lib/telemetry/metric-names.ts';
import type { MetricLine } from '../functions/invoked.ts';
import type { Dns } from './alarm-obstacles.ts';
import { converge, DENIED, fleetOf, OBSTACLES } from './alarm-obstacles.ts';
import type { DeployedWorld } from './deployed-world.ts';
import { deployedWorld } from './deployed-world.ts';
import { resolvedValue } from './resolved-template.ts';
import { CELLS, templateOf } from './synthesised.ts';

// From each alarm of the stack to the line that counts its metric: the functions run as they are, in the environment
// that the stack gives them, against emulated services in which the obstacle is there. An alarm whose metric no run
// counts, or counts under another dimension, or with values that never reach the threshold, would never ring.

const template = templateOf();

interface AlarmProperties {
  readonly MetricName: string;
  readonly Namespace: string;
  readonly Statistic: 'Sum' | 'Maximum' | 'Minimum';
  readonly Threshold: number;
  readonly ComparisonOperator: 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  readonly TreatMissingData: 'breaching' | 'notBreaching';
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(
  ([id, { Properties }]) => ({ id, ...(Properties as AlarmProperties) }),
);
const ofPawl = alarms.filter(({ Namespace }) => Namespace === METRIC_NAMESPACE);

/** The one dimension of an alarm, as its name and its value. */
function dimensionOf({ Dimensions }: Pick<AlarmProperties, 'Dimensions'>): readonly [string, string] {
  const [only, ...others] = Dimensions;
  if (only === undefined || others.length > 0) throw new Error('An alarm of Pawl has one dimension.');
  return [only.Name, resolvedValue(only.Value)];
}

/** What the lines of a test say of exactly the metric that an alarm watches, in one period. */
function valuesFor(alarm: AlarmProperties, lines: readonly MetricLine[]): readonly number[] {
  const [name, value] = dimensionOf(alarm);
  return lines.flatMap((line) =>
    line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) => {
      const isMeant =
        Namespace === alarm.Namespace &&
        JSON.stringify(Dimensions) === JSON.stringify([[name]]) &&
        line[name] === value &&
        Metrics.some(({ Name }) => Name === alarm.MetricName);
      return isMeant ? [line[alarm.MetricName]].flat().map(Number) : [];
    }),
  );
}

/** Whether an alarm is in ALARM after a period in which these lines were published. */
function rings(alarm: AlarmProperties, lines: readonly MetricLine[]): boolean {
  const values = valuesFor(alarm, lines);
  if (values.length === 0) return alarm.TreatMissingData === 'breaching';
  const statistics = {
    Sum: values.reduce((sum, each) => sum + each, 0),
    Maximum: Math.max(...values),
    Minimum: Math.min(...values),
  };
  const level = statistics[alarm.Statistic];
  return alarm.ComparisonOperator === 'LessThanThreshold'
    ? level < alarm.Threshold
    : level >= alarm.Threshold;
}

const dns = vi.hoisted((): Dns => ({ says: 'answer' }));
vi.mock('node:dns/promises', () => ({
  Resolver: class {
    async resolve(): Promise<readonly string[]> {
      return dns.says === 'answer' ? ['192.0.2.1'] : [];
    }
  },
}));

function scopeOf(cell: keyof typeof CELLS): CellScope {
  const { zone, zoneId } = CELLS[cell];
  return { cell: cellName(cell), zone: dnsName(zone), zoneId };
}

let world: DeployedWorld;

async function begin(cell: string): Promise<void> {
  dns.says = 'answer';
  const known = Object.keys(CELLS).find((each) => each === cell) ?? 'use1-a';
  world = await deployedWorld({ template, cells: CELLS }, scopeOf(known as keyof typeof CELLS));
}

afterEach(async () => {
  const denied = await world.denied();
  await world.close();
  // Nor would an alarm ring for its own reason if IAM refused what the function does on the way.
  expect(denied).toEqual([]);
});

const silences = ofPawl.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
const breaches = ofPawl.filter(({ TreatMissingData }) => TreatMissingData === 'notBreaching');

describe('an alarm', () => {
  const cases = breaches.map((alarm) => {
    const [dimension, value] = dimensionOf(alarm);
    return { alarm, value, what: `${alarm.MetricName} of a ${dimension}` };
  });

  test.each(cases)('rings at $what: $alarm.id', async ({ alarm, value, what }) => {
    await begin(value);
    const obstacle = OBSTACLES[what];
    expect(obstacle, `nothing is known that makes ${what} worth an alarm`).toBeDefined();
    expect(Object.values<string>(METRICS)).toContain(alarm.MetricName);
    await obstacle?.(world, dns);
    expect(rings(alarm, world.metrics()), JSON.stringify(valuesFor(alarm, world.metrics()))).toBe(true);
  });
});

describe('an alarm on silence', () => {
  test.each(silences)('is quiet after one run, and rings without one that ends: $id', async (alarm) => {
    const role = ROLES.find(({ heartbeat }) => heartbeat.metric === alarm.MetricName);
    if (role === undefined) throw new Error(`No role has the heartbeat ${alarm.MetricName}.`);
    const [, cell] = dimensionOf(alarm);
    await begin(cell);
    const [worker = ''] = workerNames(role, 1);
    await world.declare(fleetOf(world.scope));
    world.wires.dynamodb.break(async () => DENIED);
    await world.sweep(worker);
    expect(rings(alarm, world.metrics())).toBe(true);
    world.wires.dynamodb.break(undefined);
    await world.sweep(worker);
    expect(rings(alarm, world.metrics())).toBe(false);
  });
});

describe('a cell in which nothing is the matter', () => {
  const cells = Object.keys(CELLS);

  test.each(cells)('rings no alarm, and leaves no level to silence: %s', async (cell) => {
    await begin(cell);
    await converge(world);
    for (const worker of ['enactor-b', 'enactor-c', 'janitor', 'auditor', 'planner'])
      await world.sweep(worker);
    await world.invoke('auditor', { Records: [] });
    await world.invoke('herald', { Records: [] });
    const lines = world.metrics();
    const own = ofPawl.filter((alarm) => {
      const [dimension, value] = dimensionOf(alarm);
      return dimension === 'ledger' || value === cell;
    });
    expect(own.filter((alarm) => rings(alarm, lines)).map(({ id }) => id)).toEqual([]);
    // These are counted when they happen.
    const occasional: readonly string[] = [METRICS.fencesAhead, METRICS.runsTimedOut];
    const silent = own.filter((alarm) => valuesFor(alarm, lines).length === 0);
    expect(silent.map(({ MetricName }) => MetricName).filter((name) => !occasional.includes(name))).toEqual(
      [],
    );
  });
});

describe('what stands still', () => {
  beforeEach(() => begin('use1-a'));

  test('is counted though the planner is paused, the cell frozen, and the run fails', async () => {
    await world.declare(fleetOf(world.scope));
    await world.record({ type: 'CellFrozen', reason: 'a test' }, 61);
    await world.record({ type: 'PlannerPaused', reason: 'a test' });
    const { state } = await world.ledger.head(world.scope.cell);
    // The log is read, and the fleet is not.
    const digest = state.fleet?.digest ?? '';
    world.wires.dynamodb.break(async ({ body }) => (body.includes(digest) ? DENIED : undefined));
    await world.sweep('planner');
    const lines = world.metrics();
    expect(lines).toMatchObject([{ RunsFailed: 1, FrozenSeconds: expect.any(Number), cell: 'use1-a' }]);
    const frozen = breaches.filter(({ MetricName }) => MetricName === METRICS.frozenSeconds);
    expect(frozen.map((alarm) => rings(alarm, lines))).toEqual([true, false]);
  });
});

describe('an enactor that Route 53 refuses an endpoint', () => {
  beforeEach(() => begin('use1-a'));

  test('is blocked, as one is whose cell is of another ledger', async () => {
    await OBSTACLES['RefusedEndpoints of a cell']?.(world, dns);
    const blocked = breaches.filter(({ MetricName }) => MetricName === METRICS.enactorBlocked);
    expect(blocked.map((alarm) => rings(alarm, world.metrics()))).toEqual([true, false]);
  });
});

describe('the walk', () => {
  beforeEach(() => begin('use1-a'));

  test('finds an alarm that would never ring', async () => {
    await OBSTACLES['LedgerRewritten of a ledger']?.(world, dns);
    const alarm = breaches.find(({ MetricName }) => MetricName === METRICS.ledgerRewritten);
    if (alarm === undefined) throw new Error('There is no such alarm.');
    const lines = world.metrics();
    expect(rings(alarm, lines)).toBe(true);
    expect(rings({ ...alarm, MetricName: 'NeverCounted' }, lines)).toBe(false);
    expect(rings({ ...alarm, Namespace: 'Other' }, lines)).toBe(false);
    expect(rings({ ...alarm, Threshold: 2 }, lines)).toBe(false);
    const [Dimension] = alarm.Dimensions;
    expect(rings({ ...alarm, Dimensions: [{ Name: 'cell', Value: 'use1-a' }] }, lines)).toBe(false);
    expect(rings({ ...alarm, Dimensions: [{ Name: Dimension?.Name ?? '', Value: 'other' }] }, lines)).toBe(
      false,
    );
  });

  test('knows an obstacle for no metric that no alarm watches', () => {
    const watched = new Set(breaches.map((alarm) => `${alarm.MetricName} of a ${dimensionOf(alarm)[0]}`));
    expect(Object.keys(OBSTACLES).filter((what) => !watched.has(what))).toEqual([]);
  });

  test('leaves out one alarm, which is of a queue that every function fails into', () => {
    const others = alarms.filter(({ Namespace }) => Namespace !== METRIC_NAMESPACE);
    expect(others.map(({ MetricName }) => MetricName)).toEqual(['ApproximateNumberOfMessagesVisible']);
    const queues = others.flatMap(({ Dimensions }) => Dimensions.map(({ Value }) => resolvedValue(Value)));
    const destinations = ['AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::EventSourceMapping'].flatMap(
      (type) =>
        Object.values(template.findResources(type)).map(({ Properties }) =>
          resolvedValue(Properties.DestinationConfig.OnFailure.Destination).replace(/[.]Arn$/, '.QueueName'),
        ),
    );
    expect(new Set(destinations)).toEqual(new Set(queues));
  });
});
