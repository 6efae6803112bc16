import type { Template } from 'aws-cdk-lib/assertions';

/**
 * A value of a template as one deployment would have it: every resource has its logical id for a name. So two values are
 * the same exactly when CloudFormation would make them the same.
 */
export function resolvedValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value !== null && typeof value === 'object') {
    if ('Ref' in value) return String(value.Ref);
    if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return value['Fn::GetAtt'].join('.');
    if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
      const [glue, parts]: readonly unknown[] = value['Fn::Join'];
      if (typeof glue === 'string' && Array.isArray(parts)) return parts.map(resolvedValue).join(glue);
    }
  }
  throw new Error(`A template is not expected to say ${JSON.stringify(value)} here.`);
}

/** The environment that the stack gives to a function, by the name of its worker: `enactor-a`. */
export function environments(template: Template): ReadonlyMap<string, Readonly<Record<string, string>>> {
  return new Map(
    Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => {
      const variables = Object.entries(Properties.Environment.Variables);
      const resolved = Object.fromEntries(variables.map(([name, value]) => [name, resolvedValue(value)]));
      return [resolved['PAWL_ROLE'] ?? '', resolved];
    }),
  );
}
