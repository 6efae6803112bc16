import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { resolvedValue } from './resolved-template.ts';
import { stackOf, templateOf } from './synthesised.ts';

interface Body {
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

const { stack } = stackOf();
const template = Template.fromStack(stack);
const body = template.toJSON() as Body;
const BAKE = Object.keys(template.findResources('Custom::PawlBake'))[0] ?? '';

/** What belongs to a function, its role and its policy, and would change although the bake has not passed. */
function unheld({ Resources }: Body): readonly string[] {
  const held = Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
    .map(([id]) => id.replace(/Function.{8}$/, ''))
    .filter((name) => name !== 'EnactorA' && name !== 'BakeWatcher');
  const belongs = new RegExp(`^(${held.join('|')})(Function|Role)`);
  return Object.entries(Resources).flatMap(([id, { DependsOn = [] }]) =>
    belongs.test(id) && !DependsOn.includes(BAKE) ? [id] : [],
  );
}

describe('new code', () => {
  test('waits for the bake in every function but the first enactor, with its role and its policy', () => {
    expect(unheld(body)).toEqual([]);
    const waiting = Object.entries(body.Resources).filter(([, { DependsOn }]) => DependsOn?.includes(BAKE));
    const functions = waiting.filter(([, { Type }]) => Type === 'AWS::Lambda::Function').map(([id]) => id);
    expect(functions.map((id) => id.replace(/Function.*/, '')).sort()).toEqual([
      'Auditor',
      'EnactorB',
      'EnactorC',
      'Herald',
      'Janitor',
      'Planner',
    ]);
    expect(new Set(waiting.map(([, { Type }]) => Type))).toContain('AWS::IAM::Policy');
  });

  test('is watched by the alarms that there were before it', () => {
    const types = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm', 'AWS::CloudFormation::Stack'];
    const watching = Object.values(body.Resources).filter(({ Type }) => types.includes(Type));
    expect(new Set(watching.map(({ Type }) => Type))).toEqual(new Set(types));
    for (const { DependsOn } of watching) expect(DependsOn).toContain(BAKE);
  });

  test('is baked after the first enactor has it', () => {
    const dependencies = body.Resources[BAKE]?.DependsOn ?? [];
    expect(dependencies.filter((id) => id.startsWith('EnactorAFunction'))).not.toEqual([]);
  });

  test('of a second enactor that does not wait is found', () => {
    const [id = '', second] =
      Object.entries(body.Resources).find(([each]) => /^EnactorBFunction.{8}$/.test(each)) ?? [];
    const DependsOn = (second?.DependsOn ?? []).filter((each) => each !== BAKE);
    const hasty = { Resources: { ...body.Resources, [id]: { ...second, DependsOn } } } as Body;
    expect(unheld(hasty)).toEqual([id]);
    const none = templateOf({ bakeSeconds: 0 });
    none.resourceCountIs('Custom::PawlBake', 0);
    expect(unheld(none.toJSON() as Body).length).toBeGreaterThan(20);
  });
});

describe('the bake', () => {
  const properties = (settings: Readonly<Record<string, unknown>> = {}) =>
    Object.values(templateOf(settings).findResources('Custom::PawlBake'))[0]?.['Properties'];
  const own = body.Resources[BAKE]?.Properties;

  test('is asked again when the first enactor is configured otherwise, and at nothing else', () => {
    const otherwise = properties({ insyncPollMs: 1_000 });
    expect(otherwise.Code).toBe(own?.['Code']);
    expect(otherwise.Configuration).not.toBe(own?.['Configuration']);
    expect(properties({ bakeSeconds: 600, logDays: 7, alarmMail: ['ana@example.test'] })).toEqual(own);
  });

  test('is asked again when the code of the first enactor is other code', () => {
    const { stack: other } = stackOf();
    const enactor = other.pawl.node.findChild('EnactorA').node.findChild('Function').node.defaultChild;
    Object.assign(enactor ?? {}, { code: { s3Bucket: 'assets', s3Key: 'other.zip' } });
    const [{ Properties } = {}] = Object.values(Template.fromStack(other).findResources('Custom::PawlBake'));
    expect(Properties.Code).not.toBe(own?.['Code']);
    expect(Properties.Configuration).toBe(own?.['Configuration']);
  });

  test('is waited for longer than its function may run, twice', () => {
    const [watcher] = Object.values(
      template.findResources('AWS::Lambda::Function', {
        Properties: { Environment: { Variables: { PAWL_ROLE: 'bake' } } },
      }),
    );
    const { Timeout, Environment } = watcher?.['Properties'] ?? {};
    const answerWithin = Number(own?.['ServiceTimeout']);
    expect(answerWithin).toBeGreaterThan(2 * Timeout + 60);
    // CloudFormation waits for at most an hour (AWS::CloudFormation::CustomResource, ServiceTimeout).
    expect(answerWithin).toBeLessThanOrEqual(3_600);
    const { PAWL_BAKE_SECONDS, PAWL_ALARM_PREFIX, PAWL_ROOT_ALARMS, PAWL_FIRST_ENACTOR } =
      Environment.Variables;
    expect(Timeout).toBeGreaterThan(Number(PAWL_BAKE_SECONDS) + 120);
    expect(PAWL_ALARM_PREFIX).toBe('pawl.');
    expect(PAWL_ROOT_ALARMS.split(',')).toEqual(
      expect.arrayContaining(['LedgerRewritten', 'Regression', 'EmptyAnswer', 'NoEnactor', 'EnactorBlocked']),
    );
    expect(resolvedValue(PAWL_FIRST_ENACTOR)).toMatch(/^EnactorAFunction/);
  });

  test('is not there on an emulator, which counts no runs of functions', () => {
    templateOf({}, { emulator: 'ministack' }).resourceCountIs('Custom::PawlBake', 0);
  });
});
