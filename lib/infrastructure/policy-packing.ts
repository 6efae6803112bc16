import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { longestJson } from './longest-text.ts';

/** Characters of a managed policy without white space (IAM and STS quotas). */
const POLICY_MAX = 6_144;
const FRAME = '{"Statement":[],"Version":"2012-10-17"}'.length;

/**
 * Divides statements over as few managed policies as hold them in their order, so that a policy for many cells is several
 * instead of one that IAM refuses. Whoever is to have the permission needs all of them. A statement that is too large by
 * itself has a policy of its own, and the check of the limits says so.
 */
export function packed(
  scope: Construct,
  statements: readonly PolicyStatement[],
): readonly (readonly PolicyStatement[])[] {
  const stack = Stack.of(scope);
  const packs: PolicyStatement[][] = [];
  let room = 0;
  for (const statement of statements) {
    const size = longestJson(stack.resolve(statement.toStatementJson())) + ','.length;
    const pack = packs.at(-1);
    if (pack === undefined || size > room) {
      packs.push([statement]);
      room = POLICY_MAX - FRAME - size;
    } else {
      pack.push(statement);
      room -= size;
    }
  }
  return packs;
}
