import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FunctionProps } from 'aws-cdk-lib/aws-lambda';
import { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { ROLES } from '../roles.ts';
import { BUNDLING } from './bundling.ts';

/** The functions of a stack, each a file in functions/: one a role, two that serve the stack itself, one that tells a webhook, and one that reads a trail. */
export const FUNCTION_NAMES = [
  ...ROLES.map(({ name }) => name),
  'herald',
  'bake',
  'webhook',
  'trail',
] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];

/**
 * A function with the code of that name. In a clone it is bundled while the stack is synthesised; a package holds the
 * bundles, so that nobody needs esbuild or the sources. Both have the same logical id, and the same settings but for
 * the code's hash (docs/adr/0078-a-package-is-built-when-it-is-packed.md).
 */
export function functionOf(
  scope: Construct,
  id: string,
  name: FunctionName,
  props: Omit<FunctionProps, 'code' | 'handler'>,
): LambdaFunction {
  const source = besideLib(`functions/${name}.ts`);
  if (!existsSync(source))
    return new LambdaFunction(scope, id, {
      ...props,
      code: Code.fromAsset(besideLib(`functions/${name}`)),
      handler: 'index.handler',
    });
  return new NodejsFunction(scope, id, {
    ...props,
    entry: source,
    depsLockFilePath: besideLib('package-lock.json'),
    projectRoot: besideLib(''),
    bundling: { ...BUNDLING, mainFields: [...BUNDLING.mainFields] },
  });
}

function besideLib(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
