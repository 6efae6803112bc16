import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runBake } from '../../lib/wiring/run-bake.ts';
import type { StackAnswer } from '../../lib/wiring/stack-answer.ts';
import { answerStack, stackRequest } from '../../lib/wiring/stack-answer.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import 'aws-sdk-client-mock-vitest/extend';

const cloudwatch = mockClient(CloudWatchClient);
const cloudformation = mockClient(CloudFormationClient);
const ENVIRONMENT = {
  PAWL_BAKE_SECONDS: '300',
  PAWL_ALARM_PREFIX: 'pawl.',
  PAWL_ROOT_ALARMS: 'Regression,EmptyAnswer',
  PAWL_FIRST_ENACTOR: 'the-enactor',
};
const REQUEST = stackRequest.parse({
  RequestType: 'Update',
  ResponseURL: 'https://answers.example.test/one',
  StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/pawl/1',
  RequestId: 'request-1',
  LogicalResourceId: 'BakeResource',
});

beforeEach(() => {
  cloudformation.reset();
  cloudwatch.reset();
  const stack = { StackName: 'pawl', StackStatus: 'UPDATE_IN_PROGRESS' as const, CreationTime: new Date(0) };
  cloudformation.on(DescribeStacksCommand, { StackName: REQUEST.StackId }).resolves({ Stacks: [stack] });
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] });
  cloudwatch.on(GetMetricDataCommand).resolves({
    MetricDataResults: [
      { Id: 'errors', Values: [0, 1] },
      { Id: 'invocations', Values: [4, 3] },
    ],
  });
});
afterAll(() => {
  cloudwatch.restore();
  cloudformation.restore();
});

describe('a bake in AWS', () => {
  it('asks for the alarms of its stack that ring, and for the first enactor by the minute', async () => {
    expect(await runBake(REQUEST, virtualClock(), ENVIRONMENT)).toEqual({
      type: 'passed',
      says: 'The first enactor ran 7 times, and failed 1 times.',
    });
    expect(cloudwatch).toHaveReceivedCommandWith(DescribeAlarmsCommand, {
      AlarmNamePrefix: 'pawl.',
      AlarmTypes: ['MetricAlarm'],
      StateValue: 'ALARM',
    });
    const [before, after] = cloudwatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input);
    // It begins at 1,000 s, and what is counted of the new code at the next full minute.
    expect(before).toMatchObject({ StartTime: new Date(720_000), EndTime: new Date(1_020_000) });
    expect(after).toMatchObject({ StartTime: new Date(1_020_000) });
    expect(after?.MetricDataQueries?.[1]?.MetricStat?.Metric).toEqual({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: 'the-enactor' }],
    });
  });

  it('looks at every page, and at alarms of root causes alone', async () => {
    cloudwatch
      .on(DescribeAlarmsCommand)
      .resolvesOnce({ MetricAlarms: [] })
      .resolvesOnce({ MetricAlarms: [{ AlarmName: 'pawl.use1-a.LagSeconds' }], NextToken: 'more' })
      .resolves({ MetricAlarms: [{ AlarmName: 'pawl.euw1-a.EmptyAnswer' }] });
    const { type, says } = await runBake(REQUEST, virtualClock(), ENVIRONMENT);
    expect([type, says]).toEqual(['failed', expect.stringContaining('pawl.euw1-a.EmptyAnswer')]);
    expect(says).not.toContain('LagSeconds');
  });

  it('fails an update that it may not watch, and says what is missing', async () => {
    const refusal = Object.assign(new Error('not authorized to perform cloudwatch:DescribeAlarms'), {
      name: 'AccessDenied',
    });
    cloudwatch.on(DescribeAlarmsCommand).rejects(refusal);
    expect(await runBake(REQUEST, virtualClock(), ENVIRONMENT)).toEqual({
      type: 'failed',
      says: 'Nothing could be watched: CloudWatch does not say it: AccessDenied: not authorized to perform cloudwatch:DescribeAlarms.',
    });
  });

  it('fails an update in a wrong environment, and names the variable', async () => {
    const { PAWL_ROOT_ALARMS: _, ...environment } = ENVIRONMENT;
    const { type, says } = await runBake(REQUEST, virtualClock(), environment);
    expect([type, says]).toEqual(['failed', expect.stringContaining('PAWL_ROOT_ALARMS')]);
  });
});

describe('an answer to CloudFormation', () => {
  /** The tries, and what arrived. */
  async function answering(answer: StackAnswer, refusals: number) {
    const clock = virtualClock();
    const sent: {
      readonly headers: unknown;
      readonly bytes: number;
      readonly body: Record<string, unknown>;
    }[] = [];
    const put = async (_url: unknown, { headers, body }: RequestInit = {}) => {
      if (!(body instanceof Uint8Array)) throw new TypeError('no bytes');
      const text = new TextDecoder().decode(body);
      sent.push({ headers, bytes: body.length, body: JSON.parse(text) as Record<string, unknown> });
      if (sent.length <= refusals) throw new TypeError('fetch failed');
      return new Response(null, { status: 200 });
    };
    const failure = await answerStack(REQUEST, answer, { clock, put }).then(
      () => undefined,
      (error: unknown) => error,
    );
    return { sent, failure };
  }

  it('is tried again when it does not arrive', async () => {
    const { sent, failure } = await answering({ status: 'SUCCESS', says: 'Well.' }, 2);
    expect([sent.length, failure]).toEqual([3, undefined]);
    expect(sent[2]).toMatchObject({
      headers: { 'content-type': '' },
      body: { Status: 'SUCCESS', PhysicalResourceId: 'BakeResource', Data: { Said: 'Well.' } },
    });
  });

  it('that never arrives fails the run, which Lambda repeats', async () => {
    const { sent, failure } = await answering({ status: 'FAILED', says: 'It rings.' }, 9);
    expect(sent).toHaveLength(4);
    expect(String(failure)).toContain('did not take the answer FAILED (fetch failed): It rings.');
  });

  it('is short, whatever it has to say', async () => {
    const { sent } = await answering({ status: 'FAILED', says: 'Größe '.repeat(10_000) }, 0);
    expect(sent[0]?.bytes).toBeLessThan(4_096);
    expect(String(sent[0]?.body['Reason'])).toMatch(/^[\x20-\x7e]{1,800}$/);
  });
});
