// @module-tag slow
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { ROLES, workerNames } from '../../lib/roles.ts';
import { ALL_METRICS, METRIC_NAMESPACE, METRICS, publicationOf } from '../../lib/telemetry/metric-names.ts';
import type { MetricLine } from '../functions/invoked.ts';
import type { CompositeAlarm, Sample } from '../support/cloudwatch-alarms.ts';
import { paging, statesOver } from '../support/cloudwatch-alarms.ts';
import { METRICS_OF_CHANGES } from '../support/costs.ts';
import type { Dns } from './alarm-obstacles.ts';
import { converge, DENIED, fleetOf, leasedFleet, OBSTACLES, PENDING, putLeases } from './alarm-obstacles.ts';
import type { AlarmProperties } from './alarm-properties.ts';
import { metricAlarms, metricsOf } from './alarm-properties.ts';
import type { DeployedWorld } from './deployed-world.ts';
import { deployedWorld } from './deployed-world.ts';
import { environments, resolvedValue } from './resolved-template.ts';
import { CELLS, everyResource, templatesOf } from './synthesised.ts';

// From the line that counts a metric to the alarm that pages: the functions run as they are, in the environment that the
// stack gives them, against emulated services in which the obstacle is there, and what a run says is said again at every
// sweep for as long as the obstacle lasts. An alarm whose metric no run counts, or counts under another dimension, or
// with values or at times that never come to an alarm by CloudWatch's rules, would never ring; and one that stays would
// not be heard the next time.

const templates = templatesOf();
const { template } = templates;

const alarms = metricAlarms(templates).map((alarm) => ({ ...alarm, id: alarm.AlarmName }));
const composites = everyResource(templates, 'AWS::CloudWatch::CompositeAlarm').map(
  ({ of, Properties }): CompositeAlarm => {
    const named = (id: string): string => {
      const made = { ...of.findResources('AWS::CloudWatch::Alarm') };
      Object.assign(made, of.findResources('AWS::CloudWatch::CompositeAlarm'));
      return made[id]?.['Properties'].AlarmName;
    };
    const parts: readonly (string | { readonly Ref: string })[] = Properties.AlarmRule['Fn::Join']?.[1] ?? [
      Properties.AlarmRule,
    ];
    const rule = parts.map((part) => (typeof part === 'string' ? part : named(part.Ref))).join('');
    return {
      name: Properties.AlarmName,
      anyOf: [...rule.matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name = '']) => name),
      suppressor: Properties.ActionsSuppressor && named(Properties.ActionsSuppressor['Fn::GetAtt'][0]),
      actions: Properties.AlarmActions ?? [],
    };
  },
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

const MINUTE_S = 60;
/** An hour before the trouble, an hour of it, and an hour after. */
const TROUBLE = { from: 60 * MINUTE_S, until: 120 * MINUTE_S } as const;
const END = 180 * MINUTE_S;

/** A value at every sweep of a worker; each is up to a minute late, as its schedule allows. */
function swept(worker: string, values: readonly number[], from: number, until: number): readonly Sample[] {
  const role = ROLES.find(({ name }) => worker === name || worker.startsWith(`${name}-`));
  const every = (role?.cadence.deployedMinutes ?? 1) * MINUTE_S;
  const samples: Sample[] = [];
  for (let run = 0; from + run * every < until; run += 1) {
    const at = from + run * every + (run % 2 === 0 ? 0 : 55);
    samples.push(...values.map((value) => ({ at, value })));
  }
  return samples;
}

/** What the last run of each worker says of the metric that an alarm watches. */
function lastValues(alarm: AlarmProperties): ReadonlyMap<string, readonly number[]> {
  const said = [...environments(template).keys()].map((worker) => {
    const lines = world.metrics(worker).map((line) => valuesFor(alarm, [line]));
    return [worker, lines.findLast(({ length }) => length > 0) ?? []] as const;
  });
  return new Map(said.filter(([, values]) => values.length > 0));
}

/** What is published while the trouble lasts; before and after it zeros, or nothing where nothing is counted then. */
function published(alarm: AlarmProperties, isLevel: boolean): readonly Sample[] {
  return ofEachMetric(alarm, (one) => publishedOf(one, isLevel));
}

/** Values of every metric that an alarm looks at. */
function ofEachMetric(
  alarm: AlarmProperties,
  samples: (one: AlarmProperties) => readonly Sample[],
): readonly Sample[] {
  return metricsOf(alarm).flatMap((metric) =>
    samples({ ...alarm, MetricName: metric }).map((sample) => ({ ...sample, metric })),
  );
}

function publishedOf(alarm: AlarmProperties, isLevel: boolean): readonly Sample[] {
  return [...lastValues(alarm)].flatMap(([worker, values]) => [
    ...(isLevel ? swept(worker, [0], 0, TROUBLE.from) : []),
    ...(isCountedOnce(alarm)
      ? values.map((value) => ({ at: TROUBLE.from, value }))
      : swept(worker, values, TROUBLE.from, TROUBLE.until)),
    ...(isLevel ? swept(worker, [0], TROUBLE.until, END) : []),
  ]);
}

/** One occurrence is to ring: the repair, or the next run, has nothing to say of it any more. */
function isCountedOnce({ Statistic, EvaluationPeriods }: AlarmProperties): boolean {
  return Statistic === 'Sum' && EvaluationPeriods === 1;
}

/** When an alarm rings for the first time in the hour of the trouble, seconds after it began. */
function ringsAfter(alarm: AlarmProperties, samples: readonly Sample[]): number | undefined {
  const rings = statesOver(alarm, samples, TROUBLE.until).find(
    ({ at, state }) => at > TROUBLE.from && state === 'ALARM',
  );
  return rings === undefined ? undefined : rings.at - TROUBLE.from;
}

function isQuiet(alarm: AlarmProperties, samples: readonly Sample[], at: number): boolean {
  return statesOver(alarm, samples, at).at(-1)?.state === 'OK';
}

/** The longest that an alarm may take: its periods, those that data of better times stays in sight, and one half past. */
function patience({ Period, EvaluationPeriods }: AlarmProperties): number {
  return (EvaluationPeriods + 3) * Period;
}

/** Whether what the runs of this test say comes to an alarm. */
function rings(alarm: AlarmProperties): boolean {
  return ringsAfter(alarm, published(alarm, false)) !== undefined;
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

/** The cell in the name of an alarm, if it is of one. */
const CELL_OF_NAME = /^pawl\.([^.]+)\.\w+$/;
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
    for (const isLevel of [false, true]) {
      const samples = published(alarm, isLevel);
      expect(ringsAfter(alarm, samples), JSON.stringify(samples)).toBeLessThanOrEqual(patience(alarm));
      for (const at of [TROUBLE.from, END]) expect(isQuiet(alarm, samples, at)).toBe(true);
    }
    const pages = paging(composites, new Set([alarm.AlarmName]));
    const cell = CELL_OF_NAME.exec(alarm.AlarmName)?.[1];
    expect(pages).toEqual([
      expect.stringMatching(cell === undefined ? /^pawl\.\w+$/ : new RegExp(`^pawl\\.${cell}\\.\\w+$`)),
    ]);
  });
});

describe('an alarm on silence', () => {
  /** The heartbeats of a worker, none of which is there while the trouble lasts. */
  const beats = (worker: string, values: readonly number[]) => [
    ...swept(worker, values, 0, TROUBLE.from),
    ...swept(worker, values, TROUBLE.until, END),
  ];

  async function workerOf(alarm: AlarmProperties): Promise<string> {
    const role = ROLES.find(({ heartbeat }) => heartbeat.metric === alarm.MetricName);
    if (role === undefined) throw new Error(`No role has the heartbeat ${alarm.MetricName}.`);
    const [, cell] = dimensionOf(alarm);
    await begin(cell);
    return workerNames(role, 1)[0] ?? '';
  }

  test.each(silences)('rings without a run that ends, and is quiet while they do: $id', async (alarm) => {
    const worker = await workerOf(alarm);
    await world.declare(fleetOf(world.scope));
    world.wires.dynamodb.break(async () => DENIED);
    await world.sweep(worker);
    expect(valuesFor(alarm, world.metrics())).toEqual([]);
    world.wires.dynamodb.break(undefined);
    await world.sweep(worker);
    const samples = beats(worker, valuesFor(alarm, world.metrics()));
    expect(isQuiet(alarm, samples, TROUBLE.from)).toBe(true);
    expect(ringsAfter(alarm, samples)).toBeLessThanOrEqual(patience(alarm));
    expect(isQuiet(alarm, samples, END)).toBe(true);
  });

  test.each(silences)('is quiet in a cell that has no fleet yet: $id', async (alarm) => {
    const worker = await workerOf(alarm);
    await world.sweep(worker);
    expect(valuesFor(alarm, world.metrics())).toEqual([1]);
  });
});

describe('the alarms of a cell', () => {
  beforeEach(() => begin('use1-a'));

  test('page while everything of another cell is broken, and are silent below their own root cause alone', () => {
    const ringing = new Set(['pawl.use1-a.NoEnactor', 'pawl.use1-a.LagSeconds', 'pawl.use1-a.Frozen']);
    expect(paging(composites, ringing)).toEqual(['pawl.use1-a.RootCause']);
    ringing.add('pawl.euw1-a.LagSeconds').add('pawl.euw1-a.Held');
    expect(paging(composites, ringing)).toEqual([
      'pawl.use1-a.RootCause',
      'pawl.euw1-a.Symptoms',
      'pawl.euw1-a.Waiting',
    ]);
    ringing.add('pawl.euw1-a.EmptyAnswer');
    expect(paging(composites, ringing)).toEqual(['pawl.use1-a.RootCause', 'pawl.euw1-a.RootCause']);
  });
});

describe('a cell in which nothing is the matter', () => {
  const cells = Object.keys(CELLS);
  const LEASES: readonly string[] = [METRICS.leasesHeard, METRICS.leaseZonesDeaf, METRICS.leaseTickSeconds];

  /** Its alarms, and those of the ledger. */
  const alarmsOf = (cell: string) =>
    ofPawl.filter((alarm) => {
      const [dimension, value] = dimensionOf(alarm);
      return dimension === 'ledger' || value === cell;
    });
  /** Those that ring when what the last runs say is said for ever. */
  const ringingOf = (own: readonly AlarmProperties[]) =>
    own.filter((alarm) => {
      const always = ofEachMetric(alarm, (one) =>
        [...lastValues(one)].flatMap(([worker, values]) => swept(worker, values, 0, END)),
      );
      return !isQuiet(alarm, always, END);
    });

  /** One look of everybody. */
  const everybody = async () => {
    for (const worker of ['planner', 'enactor-a', 'enactor-b', 'enactor-c', 'janitor', 'auditor'])
      await world.sweep(worker);
    await world.invoke('auditor', { Records: [] });
    await world.invoke('herald', { Records: [] });
  };
  const namesIn = (lines: readonly MetricLine[]) =>
    lines.flatMap((line) =>
      line._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name)),
    );

  test.each(cells)(
    'rings no alarm, and publishes what must be always, and nothing else: %s',
    async (cell) => {
      await begin(cell);
      await converge(world);
      await everybody();
      const ofAChange = new Set(namesIn(world.metrics()).filter((name) => publicationOf(name) !== 'always'));
      const known = [...METRICS_OF_CHANGES.cell, ...METRICS_OF_CHANGES.ledger];
      expect([...ofAChange].filter((name) => !known.includes(name))).toEqual([]);
      // The zeros that follow what the change brought above 0 are over.
      world.letPass(61);
      const before = world.metrics().length;
      await everybody();
      expect(ringingOf(alarmsOf(cell)).map(({ AlarmName }) => AlarmName)).toEqual([]);
      // Neither leases nor a trail are there.
      const isThere = (name: string) => !/^(Lease|Trail)/.test(name);
      const always = ALL_METRICS.filter((name) => publicationOf(name) === 'always' && isThere(name));
      const lines = [...world.metrics()].sort((a, b) => a._aws.Timestamp - b._aws.Timestamp).slice(before);
      expect([...new Set(namesIn(lines))].sort()).toEqual(always.toSorted());
    },
  );

  test('counts every level of leases where it has some, and rings no alarm', async () => {
    await begin('use1-a');
    await putLeases(world, { n: 3, t: 3 });
    await world.declare(leasedFleet(world.scope));
    await world.sweep('planner');
    const own = alarmsOf('use1-a').filter(({ MetricName }) => LEASES.includes(MetricName));
    expect(own.map((alarm) => ofEachMetric(alarm, (one) => publishedOf(one, false)).length > 0)).toEqual([
      true,
      true,
      true,
    ]);
    expect(ringingOf(own)).toEqual([]);
  });

  test('rings no alarm while one group of many is silent, or has lapsed', async () => {
    await begin('use1-a');
    const unheard = ofPawl.find(({ MetricName }) => MetricName === METRICS.leasesHeard);
    if (unheard === undefined) throw new Error('There is no such alarm.');
    const levels = (heard: number, held: number) =>
      [
        [METRICS.leasesHeard, heard],
        [METRICS.leasesHeld, held],
      ].flatMap(([metric, value]) =>
        swept('planner', [Number(value)], 0, END).map((sample) => ({ ...sample, metric: String(metric) })),
      );
    expect(isQuiet(unheard, levels(99, 100), END)).toBe(true);
    expect(isQuiet(unheard, levels(99, 99), END)).toBe(true);
    expect(isQuiet(unheard, levels(0, 0), END)).toBe(true);
    expect(isQuiet(unheard, levels(95, 100), END)).toBe(false);
    // Nobody looked.
    expect(isQuiet(unheard, [], END)).toBe(true);
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
    expect(frozen.map(rings)).toEqual([true, false]);
  });
});

describe('a change that never becomes INSYNC', () => {
  beforeEach(() => begin('use1-a'));

  test('rings the alarm on the lag, although every run ends well and the planner goes on planning', async () => {
    await converge(world);
    world.wires.route53.break(async ({ path }) => (path.includes('/change/') ? PENDING : undefined));
    const lag = breaches.find(
      (alarm) => alarm.MetricName === METRICS.lagSeconds && dimensionOf(alarm)[1] === 'use1-a',
    );
    if (lag === undefined) throw new Error('There is no such alarm.');
    const ringing: boolean[] = [];
    for (let minutes = 0; minutes < 15; minutes += 3) {
      world.letPass(3);
      await world.declare(fleetOf(world.scope, 4 + minutes));
      await world.sweep('planner');
      const runs = ['enactor-a', 'enactor-b', 'enactor-c'].map((worker) => world.sweep(worker));
      expect(await Promise.all(runs)).toMatchObject(runs.map(() => ({ type: 'propagating' })));
      const levels = world.metrics().filter((line) => METRICS.lagSeconds in line);
      ringing.push(Number(levels.at(-1)?.[METRICS.lagSeconds]) >= lag.Threshold);
    }
    // The trees are staged after three minutes, and a run counts the lag before its work.
    expect(ringing).toEqual([false, false, false, false, true]);
    expect(world.metrics().filter((line) => Number(line['RunsFailed']) > 0)).toEqual([]);
  });
});

describe('an enactor that Route 53 refuses an endpoint', () => {
  beforeEach(() => begin('use1-a'));

  test('is blocked, as one is whose cell is of another ledger', async () => {
    await OBSTACLES['RefusedEndpoints of a cell']?.(world, dns);
    const blocked = breaches.filter(({ MetricName }) => MetricName === METRICS.enactorBlocked);
    expect(blocked.map(rings)).toEqual([true, false]);
  });
});

describe('the walk', () => {
  beforeEach(() => begin('use1-a'));

  test('finds an alarm that would never ring', async () => {
    await OBSTACLES['LedgerRewritten of a ledger']?.(world, dns);
    const alarm = breaches.find(({ MetricName }) => MetricName === METRICS.ledgerRewritten);
    if (alarm === undefined) throw new Error('There is no such alarm.');
    expect(rings(alarm)).toBe(true);
    expect(rings({ ...alarm, MetricName: 'NeverCounted' })).toBe(false);
    expect(rings({ ...alarm, Namespace: 'Other' })).toBe(false);
    expect(rings({ ...alarm, Threshold: 2 })).toBe(false);
    const [Dimension] = alarm.Dimensions;
    expect(rings({ ...alarm, Dimensions: [{ Name: 'cell', Value: 'use1-a' }] })).toBe(false);
    expect(rings({ ...alarm, Dimensions: [{ Name: Dimension?.Name ?? '', Value: 'other' }] })).toBe(false);
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
        Object.values(template.findResources(type))
          // Hints leave none.
          .filter(({ Properties }) => Properties.DestinationConfig !== undefined)
          .map(({ Properties }) =>
            resolvedValue(Properties.DestinationConfig.OnFailure.Destination).replace(
              /[.]Arn$/,
              '.QueueName',
            ),
          ),
    );
    expect(new Set(destinations)).toEqual(new Set(queues));
  });
});
