/** One resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** As much of a CloudFormation template as its limits are about. */
export interface TemplateBody {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
}

/** CloudFormation puts a dash and twelve characters behind the logical id, and a dash before it. */
const ADDED_TO_NAMES = 14;
/** The longest name of a stack that a deployment may ask for (lib/infrastructure/deployment.ts). */
const STACK_NAME_MAX = 64;
/** What stands before the name in the longest kind of ARN that the stack has (`arn:aws-us-gov:dynamodb:...:table/`). */
const ARN_PREFIX = 80;
/** In the order of the longest values that AWS has today. */
const PSEUDO_PARAMETERS: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 10,
  'AWS::Region': 14,
  'AWS::StackId': 170,
  'AWS::StackName': STACK_NAME_MAX,
  'AWS::URLSuffix': 20,
};
/** The properties by which a template names a resource itself. */
const NAME_PROPERTIES = ['AlarmName', 'FunctionName', 'RoleName', 'TopicName', 'QueueName', 'Name'] as const;

/**
 * A value of a template in which every reference is text of the length that it can come to at most, so that what
 * depends on the length can be known before anything is deployed.
 *
 * @param resources the template's resources, to find names in that it gives by itself.
 */
function withLongestTexts(
  value: unknown,
  resources: Readonly<Record<string, TemplateResource>> = {},
): unknown {
  if (Array.isArray(value)) return value.map((each) => withLongestTexts(each, resources));
  if (value === null || typeof value !== 'object') return value;
  const [only, ...others] = Object.entries(value);
  if (only !== undefined && others.length === 0) {
    const text = reference(only[0], only[1], resources);
    if (text !== undefined) return text;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withLongestTexts(each, resources)]),
  );
}

/** The characters of a value as JSON without white space. */
export function longestJson(
  value: unknown,
  resources: Readonly<Record<string, TemplateResource>> = {},
): number {
  return JSON.stringify(withLongestTexts(value, resources) ?? null).length;
}

/** A text that is put together of parts, at its longest. @throws Error where a part is no text. */
export function longestString(
  value: unknown,
  resources: Readonly<Record<string, TemplateResource>> = {},
): string {
  const text = withLongestTexts(value, resources);
  if (typeof text !== 'string') throw new Error(`This should be a text: ${JSON.stringify(value)}`);
  return text;
}

function reference(
  how: string,
  to: unknown,
  resources: Readonly<Record<string, TemplateResource>>,
): string | undefined {
  switch (how) {
    case 'Ref': {
      const id = String(to);
      const pseudo = PSEUDO_PARAMETERS[id];
      if (pseudo !== undefined) return 'x'.repeat(pseudo);
      // The parameters of a nested stack are mostly ARNs of its parent's resources.
      return ownName(resources[id]) ?? 'x'.repeat((id in resources ? 0 : ARN_PREFIX) + generated(id));
    }
    case 'Fn::GetAtt':
      return 'x'.repeat(ARN_PREFIX + generated(String(Array.isArray(to) ? to[0] : to)));
    case 'Fn::Join': {
      const [glue, parts]: readonly unknown[] = Array.isArray(to) ? to : [];
      if (!Array.isArray(parts)) return undefined;
      return parts.map((part) => longestString(part, resources)).join(String(glue));
    }
    default:
      return undefined;
  }
}

function generated(logicalId: string): number {
  return STACK_NAME_MAX + logicalId.length + ADDED_TO_NAMES;
}

function ownName(resource: TemplateResource | undefined): string | undefined {
  return NAME_PROPERTIES.map((name) => resource?.Properties?.[name]).find((name) => typeof name === 'string');
}
