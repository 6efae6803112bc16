import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Template } from 'aws-cdk-lib/assertions';

/** One request as IAM sees it. */
export interface Asked {
  /** `route53:GetChange`. */
  readonly action: string;
  /** An ARN; `*` for an action that takes none. */
  readonly resource: string;
  /** The values of the condition keys that the service derives from the request. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** The policies of a stack, as one deployment of it would have them. */
export interface DeployedPolicies {
  /** What the role of a function may do, by its construct: `EnactorA`. */
  ofFunction(construct: string): Grant;
  /** What somebody may do who has these of the policies for people, and nothing else: `Reader`. */
  ofPeople(...kinds: readonly string[]): Grant;
  /** The ARN that a resource gets, by the beginning of its logical id: `LedgerTable`. */
  arn(logicalId: string): string;
}

/** Identity policies that belong together. */
export interface Grant {
  /** IAM's answer. @throws Error when the request or a policy is not one that IAM knows. */
  allows(asked: Asked): Promise<boolean>;
}

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

interface Resource {
  readonly Type: string;
  /** Of a parameter of a nested stack. */
  readonly value?: string;
  readonly Properties?: {
    readonly Parameters?: Readonly<Record<string, unknown>>;
    readonly PolicyDocument?: unknown;
    readonly Roles?: readonly unknown[];
    readonly ManagedPolicyArns?: readonly unknown[];
  };
}

type Known = Readonly<Record<string, Resource>>;

const PARAMETER = 'a parameter of a nested stack';

/** The ARNs of one deployment, in which every resource has its logical id for a name. */
const ARNS: Readonly<Record<string, (name: string) => string>> = {
  'AWS::DynamoDB::GlobalTable': (name) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
  'AWS::Lambda::Function': (name) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
  'AWS::Logs::LogGroup': (name) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}:*`,
  'AWS::SQS::Queue': (name) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
  'AWS::SNS::Topic': (name) => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`,
  'AWS::KMS::Key': (name) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${name}`,
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::IAM::Role': (name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
};

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/pawl/1`,
  'AWS::StackName': 'pawl',
  'AWS::URLSuffix': 'amazonaws.com',
};

/**
 * Reads the policies of a synthesised stack. The stack's name is taken to be `pawl`.
 *
 * @param above the template of the stack that a nested stack is in, which gives it its parameters.
 */
export function deployedPolicies(template: Template, above?: Template): DeployedPolicies {
  const Resources: Known = { ...parametersOf(above), ...resourcesOf(template) };
  const resources = Object.entries(resourcesOf(template));
  const documents = (isMeant: (id: string, resource: Resource) => boolean): Grant => {
    const meant = resources.filter(([id, resource]) => isMeant(id, resource));
    if (meant.length === 0) throw new Error('The template has no such policy.');
    return grant(
      meant.map(([name, { Properties }]) => ({
        name,
        policy: resolved(Properties?.PolicyDocument, Resources),
      })),
    );
  };
  return {
    ofFunction: (construct) => {
      const role = new RegExp(`^${construct}Role[0-9A-F]{8}$`);
      const attached = resources
        .filter(([id, { Type }]) => Type === 'AWS::IAM::Role' && role.test(id))
        .flatMap(([, { Properties }]) => Properties?.ManagedPolicyArns ?? [])
        .map((each) => String(resolved(each, Resources)));
      return documents(
        (id, { Type, Properties }) =>
          attached.includes(id) ||
          (Type === 'AWS::IAM::Policy' &&
            (Properties?.Roles ?? []).some((each) => role.test(String(resolved(each, Resources))))),
      );
    },
    ofPeople: (...kinds) =>
      documents(
        (id, { Type }) =>
          Type === 'AWS::IAM::ManagedPolicy' && kinds.some((kind) => id.startsWith(`People${kind}`)),
      ),
    arn: (logicalId) => {
      const [id, resource] = resources.find(([each]) => each.startsWith(logicalId)) ?? [];
      if (id === undefined || resource === undefined) throw new Error(`Nothing is called ${logicalId}.`);
      return arnOf(id, resource);
    },
  };
}

function resourcesOf(template: Template): Known {
  const { Resources } = template.toJSON() as { readonly Resources: Known };
  return Resources;
}

/** The parameters that a stack gives to its nested stacks, as if each were a resource whose reference is its value. */
function parametersOf(above: Template | undefined): Known {
  if (above === undefined) return {};
  const known = resourcesOf(above);
  const given = Object.values(known)
    .filter(({ Type }) => Type === 'AWS::CloudFormation::Stack')
    .flatMap(({ Properties }) => Object.entries(Properties?.Parameters ?? {}));
  return Object.fromEntries(
    given.map(([name, value]) => [name, { Type: PARAMETER, value: String(resolved(value, known)) }]),
  );
}

/** What somebody may do who has these statements. */
export function grantOf(...statements: readonly unknown[]): Grant {
  return grant([{ name: 'statements', policy: { Version: '2012-10-17', Statement: statements } }]);
}

function grant(identityPolicies: { readonly name: string; readonly policy: unknown }[]): Grant {
  return {
    allows: async ({ action, resource, context = {} }) => {
      const contextVariables = Object.fromEntries(
        Object.entries(context).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]),
      );
      const answer = await runSimulation(
        {
          request: {
            principal: `arn:aws:iam::${ACCOUNT}:role/somebody`,
            action,
            resource: { resource, accountId: ACCOUNT },
            contextVariables,
          },
          identityPolicies,
          serviceControlPolicies: [],
          resourceControlPolicies: [],
        },
        {},
      );
      if (answer.resultType === 'error') throw new Error(`${action}: ${JSON.stringify(answer.errors)}`);
      const ignored = answer.resultType === 'single' ? (answer.result.ignoredContextKeys ?? []) : [];
      if (ignored.length > 0) throw new Error(`${action} has no condition key ${ignored.join(', ')}.`);
      return answer.overallResult === 'Allowed';
    },
  };
}

/** Those of the requests that IAM would refuse. */
export async function denied<Request extends Asked>(
  grant: Grant,
  requests: readonly Request[],
): Promise<readonly Request[]> {
  const refused: Request[] = [];
  for (const request of requests) if (!(await grant.allows(request))) refused.push(request);
  return refused;
}

/** A value of the template as CloudFormation would make it. */
function resolved(value: unknown, resources: Known): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, resources));
  if (value === null || typeof value !== 'object') return value;
  if ('Ref' in value) {
    const name = String(value.Ref);
    return PSEUDO[name] ?? resources[name]?.value ?? name;
  }
  if ('Fn::GetAtt' in value) return attribute(value['Fn::GetAtt'], resources);
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [glue, parts]: readonly unknown[] = value['Fn::Join'];
    const joined = resolved(parts, resources);
    if (Array.isArray(joined)) return joined.map(String).join(String(glue));
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each, resources)]));
}

function attribute(given: unknown, resources: Known): string {
  const [id, name] = Array.isArray(given) ? given.map(String) : [];
  const resource = resources[id ?? ''];
  if (id === undefined || resource === undefined) throw new Error(`Nothing is called ${id}.`);
  const arn = arnOf(id, resource);
  if (name === 'Arn') return arn;
  if (name === 'StreamArn') return `${arn}/stream/1`;
  throw new Error(`A policy is not expected to name the ${name} of a ${resource.Type}.`);
}

function arnOf(id: string, { Type }: Resource): string {
  const arn = ARNS[Type];
  if (arn === undefined) throw new Error(`A policy is not expected to name a ${Type}.`);
  return arn(id);
}
