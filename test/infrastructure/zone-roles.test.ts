import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import { readDeployment } from '../../lib/infrastructure/deployment-file.ts';
import { PawlStack } from '../../lib/infrastructure/pawl-stack.ts';
import { zoneRoleTemplate } from '../../lib/infrastructure/zone-role-template.ts';
import { reservedConcurrency } from '../../lib/preflight/reserved-concurrency.ts';
import { parseDeployedCells } from '../../lib/wiring/deployed-cells.ts';

const WRITER = 'arn:aws:iam::444455556666:role/pawl-use1-a';
const READER = 'arn:aws:iam::444455556666:role/pawl-use1-a-reader';
const deployment = await readDeployment('examples/deployment-elsewhere.json');

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
const template = Template.fromStack(new PawlStack(app, 'pawl', { deployment })).toJSON() as {
  readonly Resources: Readonly<Record<string, Resource>>;
};
const resources = Object.entries(template.Resources);

function statementsOf(pattern: RegExp): readonly Statement[] {
  return resources
    .filter(([id, { Type }]) => /^AWS::IAM::(Policy|ManagedPolicy)$/.test(Type) && pattern.test(id))
    .flatMap(([, { Properties }]) => {
      const { Statement: all } = Properties['PolicyDocument'] as { readonly Statement: readonly Statement[] };
      return all;
    });
}

function assumed(pattern: RegExp): readonly unknown[] {
  const found = statementsOf(pattern).filter(({ Action }) => Action === 'sts:AssumeRole');
  return [...new Set(found.flatMap(({ Resource }) => Resource))].sort();
}

describe('a cell whose zone is another account’s', () => {
  it.each<[string, RegExp, readonly string[]]>([
    ['an enactor', /^Enactor(A|Writes)/, [WRITER, READER]],
    ['the janitor', /^Janitor/, [WRITER, READER]],
    ['the auditor', /^Auditor/, [READER]],
    ['the planner', /^Planner/, []],
    ['the herald', /^Herald/, []],
    ['a reader', /Reader/, [READER]],
    ['an operator', /Operator/, [WRITER, READER]],
    ['a rescuer', /Rescue/, [WRITER, READER]],
  ])('%s may assume exactly what its work needs', (_, pattern, roles) => {
    expect(assumed(pattern)).toEqual([...roles].sort());
  });

  it('gives nobody of the stack a permission on the zone itself', () => {
    const all = JSON.stringify(statementsOf(/./));
    expect(all).not.toContain('route53:ChangeResourceRecordSets');
    expect(all).not.toContain('hostedzone/');
  });

  it('tells functions and the command line which roles there are', () => {
    const [, enactor] =
      resources.find(([id, { Type }]) => Type === 'AWS::Lambda::Function' && /^EnactorA/.test(id)) ?? [];
    const { Variables } = (enactor?.Properties['Environment'] ?? { Variables: {} }) as {
      readonly Variables: Readonly<Record<string, string>>;
    };
    expect([...parseDeployedCells(Variables['PAWL_CELLS'] ?? '').values()]).toMatchObject([
      { roles: { reads: { arn: READER }, writes: { arn: WRITER, externalId: 'pawl-in-111122223333' } } },
    ]);
  });

  it('has a template of the roles that is the one which is checked in', () => {
    const [[cell, found] = []] = Object.entries(deployment.cells);
    if (cell === undefined || found === undefined) throw new Error('the example has no cell');
    expect(zoneRoleTemplate({ cell, ...found })).toEqual(
      JSON.parse(readFileSync('examples/zone-role.json', 'utf8')),
    );
    expect(() => zoneRoleTemplate({ cell, ...found, roleArn: undefined })).toThrow(/names no roleArn/);
  });

  it.each([
    [{ roleArn: WRITER }, /one of roleArn and readerRoleArn/],
    [{ externalId: 'secret' }, /externalId and no roleArn/],
    [{ roleArn: '*', readerRoleArn: READER }, /the ARN of a role/],
  ])('refuses %j', (change, reason) => {
    const cells = { 'use1-a': { zone: 'example.test', zoneId: 'Z1', names: ['*.example.test'], ...change } };
    expect(() => parseDeployment({ cells })).toThrow(reason);
  });
});

it('a preflight counts the concurrency that the functions reserve', () => {
  const functions = resources.filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
  const sum = functions.reduce(
    (total, [, { Properties }]) => total + Number(Properties['ReservedConcurrentExecutions'] ?? 0),
    0,
  );
  expect(reservedConcurrency(1, deployment.enactors)).toBe(sum);
});
