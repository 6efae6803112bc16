import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { functionEnvironment } from './function-environment.ts';
import { imported } from './invoked.ts';

const cloudwatch = mockClient(CloudWatchClient);
const cloudformation = mockClient(CloudFormationClient);
const ENVIRONMENT = {
  ...functionEnvironment,
  PAWL_BAKE_SECONDS: '1',
  PAWL_ALARM_PREFIX: 'pawl.',
  PAWL_ROOT_ALARMS: 'Regression,EmptyAnswer',
  PAWL_FIRST_ENACTOR: 'the-enactor',
};
const REQUEST = {
  RequestType: 'Update',
  ResponseURL: 'https://answers.example.test/one?Signature=secret',
  StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/pawl/1',
  RequestId: 'request-1',
  ResourceType: 'Custom::PawlBake',
  LogicalResourceId: 'BakeResource',
  PhysicalResourceId: 'the-bake',
  ResourceProperties: { ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:bake', Code: 'new' },
  OldResourceProperties: { Code: 'old' },
};

let answers: Record<string, unknown>[];

beforeEach(() => {
  answers = [];
  vi.stubGlobal('fetch', async (url: string, { body }: RequestInit) => {
    expect(url).toBe(REQUEST.ResponseURL);
    if (!(body instanceof Uint8Array)) throw new TypeError('no bytes');
    answers.push(JSON.parse(new TextDecoder().decode(body)));
    return new Response(null, { status: 200 });
  });
  cloudformation.reset();
  cloudwatch.reset();
  stackIs('UPDATE_IN_PROGRESS');
  cloudwatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] });
  cloudwatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  cloudwatch.restore();
  cloudformation.restore();
});

function stackIs(StackStatus: 'UPDATE_IN_PROGRESS' | 'UPDATE_ROLLBACK_IN_PROGRESS'): void {
  const stack = { StackName: 'pawl', StackStatus, CreationTime: new Date(0) };
  cloudformation.on(DescribeStacksCommand).resolves({ Stacks: [stack] });
}

describe('the function that bakes', () => {
  test('fails the resource when an alarm of a root cause begins to ring', async () => {
    cloudwatch
      .on(DescribeAlarmsCommand)
      .resolvesOnce({ MetricAlarms: [] })
      .resolves({ MetricAlarms: [{ AlarmName: 'pawl.use1-a.Regression' }] });
    const { invoke, said } = await imported('bake', ENVIRONMENT);
    expect(await invoke(REQUEST)).toMatchObject({ type: 'failed' });
    expect(answers).toEqual([
      {
        Status: 'FAILED',
        Reason: expect.stringContaining('pawl.use1-a.Regression'),
        PhysicalResourceId: 'the-bake',
        StackId: REQUEST.StackId,
        RequestId: 'request-1',
        LogicalResourceId: 'BakeResource',
        Data: { Said: expect.stringContaining('pawl.use1-a.Regression') },
      },
    ]);
    // Whoever reads the URL in a log could answer in the place of the function.
    expect(said()).not.toContain('secret');
  });

  test('lets a rollback pass at once, although everything rings', async () => {
    stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
    cloudwatch
      .on(DescribeAlarmsCommand)
      .resolves({ MetricAlarms: [{ AlarmName: 'pawl.use1-a.Regression' }] });
    const { invoke } = await imported('bake', ENVIRONMENT);
    await invoke(REQUEST);
    expect(answers).toMatchObject([{ Status: 'SUCCESS' }]);
    expect(cloudwatch.calls()).toHaveLength(0);
  });

  test('lets a deletion pass, even in a wrong environment, and asks nobody', async () => {
    const { invoke } = await imported('bake', { ...ENVIRONMENT, PAWL_BAKE_SECONDS: 'soon' });
    await invoke({ ...REQUEST, RequestType: 'Delete' });
    expect(answers).toMatchObject([{ Status: 'SUCCESS' }]);
    expect(cloudformation.calls()).toHaveLength(0);
  });

  test('refuses an event that nobody waits for an answer to', async () => {
    const { invoke } = await imported('bake', ENVIRONMENT);
    await expect(invoke({ cell: 'use1-a', mode: 'sweep' })).rejects.toThrow('ResponseURL');
    expect(answers).toEqual([]);
  });
});
