import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { NotAsked } from '../../lib/preflight/survey.ts';
import { awsAccountSurvey } from '../../lib/wiring/account-survey.ts';

const cloudformation = mockClient(CloudFormationClient);
const lambda = mockClient(LambdaClient);
const sns = mockClient(SNSClient);
const elb = mockClient(ElasticLoadBalancingV2Client);
const mocks = [cloudformation, lambda, sns, elb];
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:pawl';
const survey = awsAccountSurvey({ region: 'eu-west-1' });

/** Every question, for what is the same with all of them. */
const QUESTIONS: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['CloudFormation', () => survey.stack('pawl')],
  ['Lambda', () => survey.concurrency()],
  ['SNS', () => survey.subscriptions(TOPIC)],
  ['Elastic Load Balancing', () => survey.loadBalancers('eu-west-1')],
];

function answerAll(how: Error | 'nothing'): void {
  for (const behavior of [
    cloudformation.onAnyCommand(),
    lambda.onAnyCommand(),
    sns.onAnyCommand(),
    elb.onAnyCommand(),
  ]) {
    if (how === 'nothing') behavior.resolves({});
    else behavior.rejects(how);
  }
}

beforeEach(() => {
  for (const mock of mocks) mock.reset();
});
afterAll(() => {
  for (const mock of mocks) mock.restore();
});

describe('the account, as a preflight asks it', () => {
  it('describes a stack, and says when there is none', async () => {
    const StackId = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/pawl/1';
    const Outputs = [{ OutputKey: 'AlarmTopicArn', OutputValue: TOPIC }];
    cloudformation.on(DescribeStacksCommand).resolvesOnce({
      Stacks: [
        { StackId, StackStatus: 'CREATE_COMPLETE', Outputs, StackName: 'pawl', CreationTime: undefined },
      ],
    });
    expect(await survey.stack('pawl')).toEqual({
      status: 'CREATE_COMPLETE',
      outputs: new Map([['AlarmTopicArn', TOPIC]]),
      account: '111122223333',
      region: 'eu-west-1',
    });
    cloudformation
      .on(DescribeStacksCommand)
      .rejects(Object.assign(new Error('Stack with id pawl does not exist'), { name: 'ValidationError' }));
    expect(await survey.stack('pawl')).toBeUndefined();
  });

  it('reads the concurrency, the subscriptions, and every page of load balancers', async () => {
    lambda.on(GetAccountSettingsCommand).resolves({
      AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 900 },
    });
    sns.on(GetTopicAttributesCommand).resolves({
      Attributes: { SubscriptionsConfirmed: '2', SubscriptionsPending: '1' },
    });
    elb
      .on(DescribeLoadBalancersCommand)
      .resolvesOnce({ LoadBalancers: [{ DNSName: 'One.elb.amazonaws.com' }], NextMarker: 'more' })
      .resolves({ LoadBalancers: [{ DNSName: 'two.elb.amazonaws.com' }] });
    expect(await survey.concurrency()).toEqual({ limit: 1_000, unreserved: 900 });
    expect(await survey.subscriptions(TOPIC)).toEqual({ confirmed: 2, pending: 1 });
    expect([...(await survey.loadBalancers('eu-west-1'))]).toEqual([
      'one.elb.amazonaws.com',
      'two.elb.amazonaws.com',
    ]);
  });

  it.each(QUESTIONS)(
    '%s: an answer without what it is asked for, a denial and an outage are no answer',
    async (service, ask) => {
      answerAll('nothing');
      if (service !== 'Elastic Load Balancing') await expect(ask()).rejects.toThrow(NotAsked);
      for (const fault of [
        Object.assign(new Error('User test is not authorized'), { name: 'AccessDeniedException' }),
        Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' }),
        Object.assign(new Error('connect ECONNREFUSED'), {
          code: 'ECONNREFUSED',
          address: '127.0.0.1',
          port: 1,
        }),
      ]) {
        answerAll(fault);
        await expect(ask()).rejects.toThrow(NotAsked);
        await expect(ask()).rejects.toThrow(
          /not authorized|Rate exceeded|nobody listens at 127\.0\.0\.1:1 \(ECONNREFUSED\)/,
        );
      }
    },
  );
});
