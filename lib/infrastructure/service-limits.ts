import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import { NestedStack } from 'aws-cdk-lib';
import type { TemplateBody, TemplateResource } from './longest-text.ts';
import { longestJson, longestString } from './longest-text.ts';

/** What one resource of a template has of something that its service limits. */
interface Measured {
  readonly id: string;
  readonly amount: number;
}

/** One limit of an AWS service that a growing deployment comes to. */
interface Limit {
  readonly id: string;
  /** What is counted, as the sentence says it after the amount. */
  readonly unit: string;
  readonly max: number;
  /** Where AWS says so. */
  readonly source: string;
  readonly todo: string;
  measure(template: TemplateBody): readonly Measured[];
}

const FEWER_CELLS = 'put some of the cells into a stack of their own';
const SHORTER_NAMES = `say \`names\` of the cells with fewer or shorter patterns, or ${FEWER_CELLS}`;

/** The limits, each with its source. Those that AWS raises for who asks are at their default. */
export const LIMITS: readonly Limit[] = [
  {
    id: 'managed-policy-size',
    unit: 'characters without white space',
    max: 6_144,
    source: 'IAM and STS quotas: managed policies',
    todo: SHORTER_NAMES,
    measure: each('AWS::IAM::ManagedPolicy', ({ PolicyDocument }, json) => json(PolicyDocument)),
  },
  {
    id: 'inline-policies-of-a-role',
    unit: 'characters of inline policies without white space',
    max: 10_240,
    source: 'IAM and STS quotas: inline policies, the sum for a role',
    todo: SHORTER_NAMES,
    measure: inlinePolicies,
  },
  {
    id: 'trust-policy-size',
    unit: 'characters of trust policy without white space',
    max: 2_048,
    source: 'IAM and STS quotas: role trust policy length',
    todo: 'ask AWS for a longer trust policy',
    measure: each('AWS::IAM::Role', ({ AssumeRolePolicyDocument }, json) => json(AssumeRolePolicyDocument)),
  },
  {
    id: 'managed-policies-of-a-role',
    unit: 'managed policies',
    max: 10,
    source: 'IAM and STS quotas: managed policies attached to a role',
    todo: SHORTER_NAMES,
    measure: each('AWS::IAM::Role', ({ ManagedPolicyArns }) => countOf(ManagedPolicyArns)),
  },
  {
    id: 'composite-rule-size',
    unit: 'characters of alarm rule',
    max: 10_240,
    source: 'CloudWatch API Reference: PutCompositeAlarm, AlarmRule',
    todo: FEWER_CELLS,
    measure: each('AWS::CloudWatch::CompositeAlarm', ({ AlarmRule }, _json, text) => text(AlarmRule).length),
  },
  {
    id: 'composite-children',
    unit: 'alarms in its rule',
    max: 100,
    source: 'CloudWatch API Reference: PutCompositeAlarm',
    todo: FEWER_CELLS,
    measure: each(
      'AWS::CloudWatch::CompositeAlarm',
      ({ AlarmRule }, _json, text) => text(AlarmRule).match(/ALARM\(/g)?.length ?? 0,
    ),
  },
  {
    id: 'alarm-description',
    unit: 'characters of description',
    max: 1_024,
    source: 'CloudWatch API Reference: PutMetricAlarm and PutCompositeAlarm, AlarmDescription',
    todo: 'shorten what the alarm says',
    measure: (template) =>
      ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
        each(type, ({ AlarmDescription }) => String(AlarmDescription ?? '').length)(template),
      ),
  },
  {
    id: 'function-environment',
    unit: 'bytes of environment',
    max: 4_096,
    source: 'Lambda quotas: environment variables',
    todo: FEWER_CELLS,
    measure: each('AWS::Lambda::Function', ({ Environment }, json) => json(Environment)),
  },
  {
    id: 'stream-readers',
    unit: 'readers',
    max: 2,
    source: 'DynamoDB quotas: simultaneous readers of a shard in DynamoDB Streams',
    todo: 'take one away',
    measure: streamReaders,
  },
  {
    id: 'dashboard-metrics',
    unit: 'metrics',
    max: 2_500,
    source: 'CloudWatch quotas: metrics of all widgets of a dashboard',
    todo: FEWER_CELLS,
    measure: each('AWS::CloudWatch::Dashboard', (properties) =>
      widgetsOf(properties).reduce((sum, { properties: { metrics } }) => sum + countOf(metrics), 0),
    ),
  },
  {
    id: 'dashboard-widget',
    unit: 'metrics in one widget',
    max: 500,
    source: 'CloudWatch quotas: metrics of a widget',
    todo: FEWER_CELLS,
    measure: each('AWS::CloudWatch::Dashboard', (properties) =>
      Math.max(0, ...widgetsOf(properties).map(({ properties: { metrics } }) => countOf(metrics))),
    ),
  },
  {
    id: 'dashboard-alarms',
    unit: 'alarms in one widget',
    max: 100,
    source: 'CloudWatch API Reference: Dashboard Body Structure, alarm widgets',
    todo: FEWER_CELLS,
    measure: each('AWS::CloudWatch::Dashboard', (properties) =>
      Math.max(0, ...widgetsOf(properties).map(({ properties: { alarms } }) => countOf(alarms))),
    ),
  },
  ...names(),
  {
    id: 'stack-resources',
    unit: 'resources',
    max: 500,
    source: 'CloudFormation quotas: resources of a template',
    todo: FEWER_CELLS,
    measure: ({ Resources = {} }) => ofTemplate(Object.keys(Resources).length),
  },
  {
    id: 'stack-outputs',
    unit: 'outputs',
    max: 200,
    source: 'CloudFormation quotas: outputs of a template',
    todo: FEWER_CELLS,
    measure: ({ Outputs = {} }) => ofTemplate(Object.keys(Outputs).length),
  },
  {
    id: 'stack-parameters',
    unit: 'parameters',
    max: 200,
    source: 'CloudFormation quotas: parameters of a template',
    todo: FEWER_CELLS,
    measure: ({ Parameters = {} }) => ofTemplate(Object.keys(Parameters).length),
  },
  {
    id: 'template-size',
    unit: 'bytes of template',
    max: 1_000_000,
    source: 'CloudFormation quotas: template body in an S3 object (1 MB)',
    todo: FEWER_CELLS,
    measure: (template) => ofTemplate(Buffer.byteLength(JSON.stringify(template, null, 1))),
  },
];

/** The names that a template gives by itself; CloudFormation cuts those that it generates. */
function names(): readonly Limit[] {
  const of = (type: string, property: string, max: number, source: string): Limit => ({
    id: `${type.split('::').slice(1).join('-')}-${property}`.toLowerCase(),
    unit: 'characters of name',
    max,
    source,
    todo: 'shorten the name of the stack or of the cell',
    measure: each(type, (properties, _json, text) =>
      properties[property] === undefined ? 0 : text(properties[property]).length,
    ),
  });
  return [
    of('AWS::Lambda::Function', 'FunctionName', 64, 'Lambda API Reference: CreateFunction'),
    of('AWS::CloudWatch::Alarm', 'AlarmName', 255, 'CloudWatch API Reference: PutMetricAlarm'),
    of('AWS::CloudWatch::CompositeAlarm', 'AlarmName', 255, 'CloudWatch API Reference: PutCompositeAlarm'),
    of('AWS::CloudWatch::Dashboard', 'DashboardName', 255, 'CloudWatch API Reference: PutDashboard'),
    of('AWS::IAM::Role', 'RoleName', 64, 'IAM and STS quotas: role names'),
    of('AWS::IAM::ManagedPolicy', 'ManagedPolicyName', 128, 'IAM and STS quotas: policy names'),
    of('AWS::IAM::ManagedPolicy', 'Path', 512, 'IAM and STS quotas: paths'),
    of('AWS::SNS::Topic', 'TopicName', 256, 'SNS API Reference: CreateTopic'),
    of('AWS::SQS::Queue', 'QueueName', 80, 'SQS API Reference: CreateQueue'),
    of('AWS::Scheduler::Schedule', 'Name', 64, 'EventBridge Scheduler API Reference: CreateSchedule'),
  ];
}

/** One sentence for everything of a template that AWS would refuse: what, how much of it, and what to do. */
export function beyondLimits(stack: string, template: TemplateBody): readonly PolicyViolation[] {
  return LIMITS.flatMap(({ id, unit, max, source, todo, measure }) =>
    measure(template)
      .filter(({ amount }) => amount > max)
      .map((measured): PolicyViolation => {
        const what = measured.id === '' ? `The stack ${stack}` : `${measured.id} in the stack ${stack}`;
        return {
          ruleName: `Limits-${id}`,
          description: `${what} would have ${measured.amount} ${unit}, and AWS takes at most ${max} (${source}): ${todo}.`,
          severity: 'error',
          violatingResources: [{ resourceLogicalId: measured.id, constructPath: stack, locations: [] }],
        };
      }),
  );
}

/**
 * Refuses a template, and those of its nested stacks, that AWS would refuse in the middle of a deployment. The values
 * that CloudFormation fills in count at their longest (docs/adr/0044-a-stack-holds-thirty-cells.md).
 */
export class ServiceLimits implements IPolicyValidationPlugin {
  readonly name = 'Pawl: limits of the services';

  validate({ templatePaths, appConstruct }: IPolicyValidationContext): PolicyValidationPluginReport {
    const [folder = '.'] = templatePaths.map((path) => dirname(path));
    const nested = appConstruct.node.findAll().filter((each) => each instanceof NestedStack);
    const paths = [...templatePaths, ...nested.map(({ templateFile }) => join(folder, templateFile))];
    const violations = paths.flatMap((path) => {
      const template: TemplateBody = JSON.parse(readFileSync(path, 'utf8'));
      return beyondLimits(basename(path).replace(/([.]nested)?[.]template[.]json$/, ''), template);
    });
    return { success: violations.length === 0, violations };
  }
}

type Properties = Readonly<Record<string, unknown>>;

/** Measures every resource of a type by its properties. */
function each(
  type: string,
  amount: (
    properties: Properties,
    json: (value: unknown) => number,
    text: (value: unknown) => string,
  ) => number,
): Limit['measure'] {
  return ({ Resources = {} }) =>
    ofType(Resources, type).map(([id, { Properties = {} }]) => ({
      id,
      amount: amount(
        Properties,
        (value) => longestJson(value, Resources),
        (value) => longestString(value, Resources),
      ),
    }));
}

function ofType(
  resources: Readonly<Record<string, TemplateResource>>,
  type: string,
): readonly (readonly [string, TemplateResource])[] {
  return Object.entries(resources).filter(([, { Type }]) => Type === type);
}

function inlinePolicies({ Resources = {} }: TemplateBody): readonly Measured[] {
  const policies = ofType(Resources, 'AWS::IAM::Policy');
  return ofType(Resources, 'AWS::IAM::Role').map(([id]) => {
    const own = policies.filter(([, { Properties }]) => refersTo(Properties?.['Roles'], id));
    const sizes = own.map(([, { Properties }]) => longestJson(Properties?.['PolicyDocument'], Resources));
    return { id, amount: sizes.reduce((sum, size) => sum + size, 0) };
  });
}

function streamReaders({ Resources = {} }: TemplateBody): readonly Measured[] {
  // A queue has as many readers as one likes.
  const streams = ofType(Resources, 'AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => JSON.stringify(Properties?.['EventSourceArn']))
    .filter((source) => source.includes('StreamArn'));
  return [...new Set(streams)].map((stream) => ({
    id: `The stream ${stream}`,
    amount: streams.filter((other) => other === stream).length,
  }));
}

function refersTo(value: unknown, id: string): boolean {
  return JSON.stringify(value ?? null).includes(`{"Ref":"${id}"}`);
}

interface Widget {
  readonly properties: { readonly metrics?: unknown; readonly alarms?: unknown };
}

function widgetsOf({ DashboardBody }: Properties): readonly Widget[] {
  const { widgets }: { readonly widgets: readonly Widget[] } = JSON.parse(longestString(DashboardBody));
  return widgets;
}

function countOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

function ofTemplate(amount: number): readonly Measured[] {
  return [{ id: '', amount }];
}
