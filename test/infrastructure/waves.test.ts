import { App } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import { inWaves } from '../../lib/infrastructure/waves.ts';
import { CELLS } from './synthesised.ts';

const { 'use1-a': first, 'euw1-a': second } = CELLS;
const canary = parseDeployment({ stack: 'pawl-canary', cells: { 'use1-a': first } });
const rest = parseDeployment({ stack: 'pawl', cells: { 'euw1-a': second } });

function waves(...deployments: Parameters<typeof inWaves>[1]) {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  return inWaves(app, deployments, { env: { account: '123456789012', region: 'us-east-1' } });
}

test('each stack waits for the one before it', () => {
  const [one, two] = waves(canary, rest);
  expect(one?.dependencies).toEqual([]);
  expect(two?.dependencies).toEqual([one]);
});

test.each([
  ['a stack that is named twice', { ...rest, stack: canary.stack }, 'called "pawl-canary"'],
  ['a cell that two stacks serve', { ...canary, stack: 'pawl' }, 'serve the cell use1-a'],
])('%s is refused', (_what, other, says) => {
  expect(() => waves(canary, other)).toThrow(says);
});
