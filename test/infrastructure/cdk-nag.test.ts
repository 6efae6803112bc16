import type { App } from 'aws-cdk-lib';
import { Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { stackOf } from './synthesised.ts';

/** Fails with every finding that nobody has acknowledged. */
function checked(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

test('cdk-nag finds nothing that is not acknowledged with its reason', { timeout: 120_000 }, () => {
  expect(() => checked(stackOf().app)).not.toThrow();
});

test('and it does look: a topic that takes messages in the clear is found', { timeout: 120_000 }, () => {
  const { app, stack } = stackOf();
  new Topic(stack, 'Clear');
  expect(() => checked(app)).toThrow('AwsSolutions-SNS3');
});
