import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { functionEnvironment } from '../functions/function-environment.ts';
import { bundleFunction } from '../support/bundled-function.ts';
import type { RunningEmulator } from './ministack.ts';
import { startMinistack } from './ministack.ts';

// The function that bakes, as it is bundled, between two resources of a CloudFormation that nobody of Pawl's wrote. An
// emulator counts no runs of a function, so a bake sees nothing there, and the update has to go back.

const STACK = 'baked';
const POLL_MS = 250;

let ministack: RunningEmulator;
let folder: string;
let stacks: CloudFormationClient;
let functionArn: string;

beforeAll(async () => {
  ministack = await startMinistack();
  folder = await mkdtemp(join(tmpdir(), 'pawl-bake-'));
  await bundleFunction('bake', join(folder, 'index.mjs'));
  await promisify(execFile)('python3', ['-m', 'zipfile', '-c', 'code.zip', 'index.mjs'], { cwd: folder });
  const credentials = { accessKeyId: '123123123123', secretAccessKey: 'secret' };
  const place = { endpoint: ministack.url, region: 'us-east-1', credentials };
  stacks = new CloudFormationClient(place);
  const lambda = new LambdaClient(place);
  const { FunctionArn = '' } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'bake',
      Role: 'arn:aws:iam::123123123123:role/bake',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 60,
      Code: { ZipFile: await readFile(join(folder, 'code.zip')) },
      Environment: { Variables: { ...functionEnvironment, ...settings(ministack.url) } },
    }),
  );
  lambda.destroy();
  functionArn = FunctionArn;
});

afterAll(async () => {
  stacks?.destroy();
  await ministack?.end();
  await rm(folder, { recursive: true, force: true });
});

function settings(url: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: '123123123123',
    PAWL_BAKE_SECONDS: '2',
    PAWL_ALARM_PREFIX: `${STACK}.`,
    PAWL_ROOT_ALARMS: 'Regression',
    PAWL_FIRST_ENACTOR: 'enactor',
  };
}

/** What follows the bake is another one in every release. */
function template(release: string) {
  const TemplateBody = JSON.stringify({
    Resources: {
      Bake: {
        Type: 'Custom::PawlBake',
        Properties: { ServiceToken: functionArn, ServiceTimeout: 120, Code: release },
      },
      Others: { Type: 'AWS::SNS::Topic', DependsOn: ['Bake'], Properties: { DisplayName: release } },
    },
    Outputs: { LastBake: { Value: { 'Fn::GetAtt': ['Bake', 'Said'] } } },
  });
  return { StackName: STACK, TemplateBody };
}

async function settled() {
  for (;;) {
    const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName: STACK }));
    const { StackStatus = '', Outputs } = Stacks?.[0] ?? {};
    if (!StackStatus.endsWith('_IN_PROGRESS'))
      return { status: StackStatus, said: Outputs?.[0]?.OutputValue };
    await delay(POLL_MS);
  }
}

test('a stack is made, goes back when a bake fails, before anything else is changed, and is deleted', async () => {
  await stacks.send(new CreateStackCommand(template('one')));
  expect(await settled()).toEqual({
    status: 'CREATE_COMPLETE',
    said: 'Not watched: the stack is CREATE_IN_PROGRESS.',
  });
  await stacks.send(new UpdateStackCommand(template('two')));
  expect(await settled()).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
  const { StackEvents = [] } = await stacks.send(new DescribeStackEventsCommand({ StackName: STACK }));
  const updates = StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.startsWith('UPDATE_')).reverse();
  const ofBake = updates.filter(({ LogicalResourceId }) => LogicalResourceId === 'Bake');
  expect(ofBake.map(({ ResourceStatus }) => ResourceStatus)).toEqual([
    'UPDATE_IN_PROGRESS',
    'UPDATE_FAILED',
    // The rollback asks again, and is not held back.
    'UPDATE_IN_PROGRESS',
    'UPDATE_COMPLETE',
  ]);
  expect(ofBake[1]?.ResourceStatusReason).toContain('The first enactor has not run once');
  expect(updates.filter(({ LogicalResourceId }) => LogicalResourceId === 'Others')).toEqual([]);
  await stacks.send(new DeleteStackCommand({ StackName: STACK }));
  await expect(settled()).rejects.toThrow('does not exist');
});
