import { NestedStack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { isEmulated } from './emulation.ts';

/**
 * Where that is made which belongs to one cell alone: a nested stack, because one template has room for 500 resources and
 * a cell has about twenty-five (docs/adr/0044-a-stack-holds-thirty-cells.md). In the stack itself for an emulator, which may
 * take a nested stack and make nothing of what is in it.
 */
export function cellScope(scope: Construct, cell: string): Construct {
  const id = `Cell-${cell}`;
  return isEmulated(scope)
    ? new Construct(scope, id)
    : new NestedStack(scope, id, { description: `Pawl: what belongs to the cell ${cell} alone` });
}
