// @module-tag slow
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AlarmRule, CfnCompositeAlarm, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import type { TemplateBody } from '../../lib/infrastructure/longest-text.ts';
import { beyondLimits, LIMITS, ServiceLimits } from '../../lib/infrastructure/service-limits.ts';
import { cellWatches } from '../../lib/infrastructure/watches.ts';
import { cellWriting, fenceWriting, zoneReading } from '../../lib/infrastructure/zone-permissions.ts';
import { parseDeployedCells } from '../../lib/wiring/deployed-cells.ts';
import { everyResource, stackOf, templatesOf } from './synthesised.ts';

const LONG_STACK = `p${'a'.repeat(63)}`;
const ZONE_LABELS = `${'z'.repeat(50)}.example`;

/** Cells of the longest names, each in a zone of its own with 62 characters and with 20 names of 78. */
function longCells(count: number) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const number = String(index).padStart(2, '0');
      const zone = `${number}${ZONE_LABELS}.t`;
      const names = Array.from(
        { length: 20 },
        (__, name) => `service-name-${String(name).padStart(2, '0')}.${zone}`,
      );
      return [`${'c'.repeat(30)}${number}`, { zone, zoneId: `Z${'0'.repeat(29)}${number}`, names }];
    }),
  );
}

function bodies({ template, cells }: ReturnType<typeof templatesOf>): readonly TemplateBody[] {
  return [template, ...cells.values()].map((each) => each.toJSON());
}

describe('thirty cells of the longest names in a stack of the longest name', () => {
  const cells = longCells(30);
  const templates = templatesOf({ cells, stack: LONG_STACK });

  test('hold every limit of the services', () => {
    expect(Object.keys(cells)[0]).toHaveLength(32);
    expect(bodies(templates)).toHaveLength(31);
    expect(bodies(templates).flatMap((body) => beyondLimits('pawl', body))).toEqual([]);
  });

  test('are measured: every limit that a stack comes near is above nothing', () => {
    const measured = LIMITS.filter(({ measure }) =>
      bodies(templates).some((body) => measure(body).some(({ amount }) => amount > 0)),
    );
    // Nothing has a name of these kinds that the stack gives itself.
    const unnamed = LIMITS.filter((limit) => !measured.includes(limit)).map(({ id }) => id);
    expect(unnamed).toEqual([
      'lambda-function-functionname',
      'cloudwatch-dashboard-dashboardname',
      'iam-role-rolename',
      'iam-managedpolicy-managedpolicyname',
      'sns-topic-topicname',
      'sqs-queue-queuename',
      'scheduler-schedule-name',
    ]);
  });

  test('are known to every function, in less than its environment takes', () => {
    const [first] = everyResource(templates, 'AWS::Lambda::Function').filter(
      ({ Properties }) => Properties.Environment.Variables.PAWL_ROLE === 'enactor-a',
    );
    const known = parseDeployedCells(first?.Properties.Environment.Variables.PAWL_CELLS);
    expect([...known.keys()]).toEqual(Object.keys(cells));
  });
});

test('the check refuses cells that do not fit, before anything is deployed, and says what to do', () => {
  const { app } = stackOf({ cells: longCells(40) });
  Validations.of(app).addPlugins(new ServiceLimits());
  expect(() => app.synth()).toThrow(
    /would have 14 managed policies, and AWS takes at most 10 .*: say `names` of the cells/,
  );
});

test('the check reads the template of a nested stack too', () => {
  const { app, stack } = stackOf();
  const nested = stack.pawl.node.findChild('Cell-use1-a');
  for (const name of ['a', 'b'])
    new CompositeAlarm(nested, `Long${name}`, {
      compositeAlarmName: name.repeat(256),
      alarmRule: AlarmRule.fromBoolean(false),
    });
  Validations.of(app).addPlugins(new ServiceLimits());
  expect(() => app.synth()).toThrow('256 characters of name, and AWS takes at most 255');
});

describe('the layout of release 0.2.0', () => {
  // One policy for each kind of work and one alarm for each kind of trouble, whatever the number of cells.
  const deployment = parseDeployment({ cells: longCells(12) });
  const cells = Object.entries(deployment.cells).map(([cell, each]) => ({ cell, ...each }));
  const stack = new Stack(new App(), 'pawl');
  const policies = {
    Operator: [...zoneReading(cells), ...fenceWriting(cells)],
    Rescue: [...zoneReading(cells), ...cellWriting(cells, { takes: false })],
  };
  for (const [id, statements] of Object.entries(policies)) new ManagedPolicy(stack, id, { statements });
  const names = cells.flatMap(({ cell }) =>
    cellWatches(deployment).roots.map(({ id }) => `${LONG_STACK}-Alarms${cell}${id}0A1B2C3D-4E5F6A7B8C9D`),
  );
  // The construct knows this limit where a rule is text; where it names resources, as the layout did, it does not.
  new CfnCompositeAlarm(stack, 'RootCause', {
    alarmRule: names.map((name) => `ALARM("${name}")`).join(' OR '),
  });
  const refused = beyondLimits('pawl', Template.fromStack(stack).toJSON());

  test.each([
    ['Operator', 'managed-policy-size'],
    ['Rescue', 'managed-policy-size'],
    ['RootCause', 'composite-rule-size'],
  ])('is refused at twelve cells with 20 names each: %s, %s', (id, rule) => {
    const found = refused.find(
      ({ ruleName, violatingResources: [resource] }) =>
        ruleName === `Limits-${rule}` && resource?.resourceLogicalId?.startsWith(id) === true,
    );
    expect(found?.description).toMatch(
      /^\w+ in the stack pawl would have \d+ .*, and AWS takes at most [\d]+ \(.+\): .+\.$/,
    );
  });
});
