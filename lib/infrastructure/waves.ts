import type { App, StackProps } from 'aws-cdk-lib';
import type { Deployment } from './deployment.ts';
import { PawlStack } from './pawl-stack.ts';

/**
 * The stacks of several deployments, each deployed after the one before it: a stack of one cell first, which may fail,
 * then the others (docs/adr/0045-a-canary-is-a-stack.md).
 *
 * @throws RangeError when two deployments would make the same stack or own the same names.
 */
export function inWaves(
  app: App,
  deployments: readonly Deployment[],
  props: Pick<StackProps, 'env'>,
): readonly PawlStack[] {
  refuseTwice(
    deployments.map(({ stack }) => stack),
    (stack) => `Two of the deployments are called "${stack}": give each a "stack" of its own.`,
  );
  refuseTwice(
    deployments.flatMap(({ cells }) =>
      Object.entries(cells).map(([cell, { zoneId }]) => `${cell} in the zone ${zoneId}`),
    ),
    (cell) => `Two of the deployments serve the cell ${cell}: leave it in one of them.`,
  );
  const stacks = deployments.map(
    (deployment) =>
      new PawlStack(app, deployment.stack, { stackName: deployment.stack, deployment, ...props }),
  );
  stacks.forEach((stack, index) => {
    const before = stacks[index - 1];
    if (before !== undefined) stack.addStackDependency(before);
  });
  return stacks;
}

function refuseTwice(names: readonly string[], says: (name: string) => string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(says(twice));
}
