import { App, NestedStack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import { PawlStack } from '../../lib/infrastructure/pawl-stack.ts';

export const CELLS = {
  'use1-a': {
    zone: 'example.test',
    zoneId: 'Z0000000000000000USE1',
    names: ['api.example.test', 'web.example.test'],
  },
  'euw1-a': { zone: 'example-eu.test', zoneId: 'Z0000000000000000EUW1', names: ['api.example-eu.test'] },
};

/** The stack of two cells, not bundled: templates do not depend on what a function's code is. */
export function stackOf(
  settings: Readonly<Record<string, unknown>> = {},
  context: Readonly<Record<string, unknown>> = {},
): { readonly app: App; readonly stack: PawlStack } {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [], ...context } });
  const env = { account: '123456789012', region: 'us-east-1' };
  const stack = new PawlStack(app, 'pawl', {
    deployment: parseDeployment({ cells: CELLS, ...settings }),
    env,
  });
  return { app, stack };
}

export function templateOf(...given: Parameters<typeof stackOf>): Template {
  return Template.fromStack(stackOf(...given).stack);
}

/** The templates of a stack: its own, and of each cell the nested one. */
export interface Templates {
  readonly template: Template;
  readonly cells: ReadonlyMap<string, Template>;
}

export function templatesOf(...given: Parameters<typeof stackOf>): Templates {
  const { stack } = stackOf(...given);
  const nested = stack.pawl.node.children.filter((child) => child instanceof NestedStack);
  return {
    template: Template.fromStack(stack),
    cells: new Map(nested.map((each) => [each.node.id.replace(/^Cell-/, ''), Template.fromStack(each)])),
  };
}

/** Every resource of a type, of the stack and of its cells, by its logical id. */
export function everyResource({ template, cells }: Templates, type: string): readonly Found[] {
  return [template, ...cells.values()].flatMap((each) =>
    Object.entries(each.findResources(type)).map(([id, { Properties }]) => ({ id, of: each, Properties })),
  );
}

interface Found {
  readonly id: string;
  /** The template that it is in. */
  readonly of: Template;
  readonly Properties: ReturnType<Template['findResources']>[string][string];
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface PolicyProperties {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
  readonly Roles?: readonly { readonly Ref: string }[];
}

/** Everything that the role of that construct may do. */
export function statementsOf(template: Template, construct: string): readonly Statement[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')) as {
    Properties: PolicyProperties;
  }[];
  const mine = policies.filter(({ Properties }) =>
    Properties.Roles?.some(({ Ref }) => new RegExp(`^${construct}Role[0-9A-F]{8}$`).test(Ref)),
  );
  return [...mine.map(({ Properties }) => Properties), ...attachedTo(template, construct)].flatMap(
    ({ PolicyDocument }) => PolicyDocument.Statement,
  );
}

/** The managed policies that the role of a construct has. */
function attachedTo(template: Template, construct: string): readonly PolicyProperties[] {
  const policies = template.findResources('AWS::IAM::ManagedPolicy');
  return Object.entries(template.findResources('AWS::IAM::Role'))
    .filter(([id]) => new RegExp(`^${construct}Role[0-9A-F]{8}$`).test(id))
    .flatMap(([, { Properties }]) => Properties.ManagedPolicyArns ?? [])
    .map(({ Ref }: { readonly Ref: string }) => policies[Ref]?.['Properties'] as PolicyProperties);
}

/** The statements of a managed policy for people. */
export function managedStatements(template: Template, id: string): readonly Statement[] {
  const policies = Object.entries(template.findResources('AWS::IAM::ManagedPolicy')) as [
    string,
    { Properties: PolicyProperties },
  ][];
  return policies
    .filter(([logicalId]) => logicalId.startsWith(`People${id}`))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
}

export function actionsOf(statements: readonly Statement[]): readonly string[] {
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}
