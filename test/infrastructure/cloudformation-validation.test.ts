// @module-tag slow
import { CfnResource } from 'aws-cdk-lib';
import { beforeEach, expect, test, vi } from 'vitest';
import { stackOf } from './synthesised.ts';

const ACCOUNT = 'us-east-1:123456789012';
/** With these a stack has every kind of resource that a deployment can ask for. */
const EVERYTHING = {
  anchorBucket: 'made',
  messageKey: 'made',
  tracing: true,
  alarmMail: ['ana@example.test'],
  otlp: {
    endpoint: 'https://otlp.example.com/api',
    headersSecret: `arn:aws:secretsmanager:${ACCOUNT}:secret:otlp-AbCdEf`,
  },
  trail: { bucket: 'arn:aws:s3:::my-trail', keyArn: `arn:aws:kms:${ACCOUNT}:key/0123` },
  notify: {
    topics: [{ topic: 'made', events: ['PlanHeld', 'CellFrozen'] }],
    slack: [{ workspaceId: 'T012ABCDEFG', channelId: 'C012ABCDEFG', events: 'all' }],
    webhooks: [
      {
        url: 'https://hooks.example.test/pawl',
        secretArn: `arn:aws:secretsmanager:${ACCOUNT}:secret:pawl-AbCdEf`,
      },
    ],
  },
};
/** The CDK only warns otherwise. */
const STRICT = {
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  '@aws-cdk/core:strictCfnValidateErrors': true,
};

// vitest.config.ts turns off for the other files what the CDK does by default.
beforeEach(() => {
  vi.stubEnv('CDK_VALIDATION', undefined);
});

test.each([
  ['an ordinary stack', {}],
  ['a stack with everything', EVERYTHING],
])("the CDK's own validation finds nothing in %s, and warns of nothing", (_what, settings) => {
  expect(() => stackOf(settings, STRICT).app.synth()).not.toThrow();
});

test('and it does look: a queue with a setting that SQS does not have is found', () => {
  const { app, stack } = stackOf({}, STRICT);
  new CfnResource(stack, 'Odd', { type: 'AWS::SQS::Queue', properties: { DelaySecond: 1 } });
  expect(() => app.synth()).toThrow('DelaySecond');
});
