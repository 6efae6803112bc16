import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import {
  InvokeCommand,
  LambdaClient,
  ServiceException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { Place } from './place.ts';
import type { Ended } from './programs.ts';
import { cdk, pawl } from './programs.ts';

export type Role = 'Planner' | 'EnactorA' | 'EnactorB' | 'EnactorC' | 'Janitor' | 'Auditor';

/** A deployed stack, with what the suite does to it. */
export interface DeployedStack {
  readonly name: string;
  /** A folder of this run's own. */
  readonly folder: string;
  /** The command line on this stack. Fails unless it ends with `exit`, 0 if not said. */
  pawl(args: readonly string[], exit?: number): Promise<Ended>;
  /** The same with --json. */
  ask<T>(...args: readonly string[]): Promise<T>;
  /** Deploys anew; `settings` replaces some of the deployment. */
  deploy(settings?: Readonly<Record<string, unknown>>): Promise<void>;
  /** What a schedule does: one run of a role in a cell. Its outcome. */
  sweep(role: Role, cell: string): Promise<{ readonly type: string }>;
  /** Switches the hints on or off. */
  hints(enabled: boolean): Promise<void>;
  resources(type: string): readonly StackResourceSummary[];
  delete(): Promise<void>;
  end(): Promise<void>;
}

const DELETE_POLLS_MAX = 300;
const POLL_MS = 1_000;
const INVOKE_ATTEMPTS_MAX = 20;
/** What MiniStack says of a function whose process it has ended. */
const PROCESS_ENDED = 'Worker process died';

export async function deployStack(place: Place): Promise<DeployedStack> {
  const name = place.stack;
  const folder = await mkdtemp(join(tmpdir(), 'pawl-aws-'));
  let resources: readonly StackResourceSummary[] = [];
  const region = place.environment['AWS_REGION'] ?? '';
  const lambda = new LambdaClient({});

  async function deploy(settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const cells = Object.fromEntries(
      place.cells.map(({ cell, zone, zoneId }) => [cell, { zone, zoneId, names: [zone, `*.${zone}`] }]),
    );
    const emulated =
      place.kind === 'real'
        ? // Nobody delegates to the zone, so EmptyAnswer comes and goes, which would fail a bake.
          { bakeSeconds: 0 }
        : { insyncPollMs: 200, rate: { requestsPerSecond: 400, reservePerSecond: 10 } };
    const file = join(folder, 'deployment.json');
    await writeFile(file, JSON.stringify({ stack: name, cells, logDays: 1, ...emulated, ...settings }));
    const flag = place.kind === 'real' ? [] : ['-c', `emulator=${place.kind}`];
    const route53 = place.functionsRoute53;
    if (route53 !== undefined) flag.push('-c', `route53Endpoint=${route53}`);
    const output = ['--output', join(folder, 'cdk.out')];
    done(
      await cdk(
        place.environment,
        'deploy',
        '--require-approval',
        'never',
        '-c',
        `deployment=${file}`,
        ...flag,
        ...output,
      ),
    );
    resources = await listed(name);
  }

  const stack: DeployedStack = {
    name,
    folder,
    deploy,
    pawl: async (args, exit = 0) => done(await pawl(place.environment, '--stack', name, ...args), exit),
    ask: async <T>(...args: readonly string[]) => {
      const { exit, out, err } = await pawl(place.environment, '--stack', name, '--json', ...args);
      // 1 is an answer too: "not converged".
      if (exit > 1) throw new Error(`ended with ${exit}:\n${err}`);
      return JSON.parse(out) as T;
    },
    sweep: async (role, cell) => {
      const FunctionName = resources.find(
        ({ LogicalResourceId, ResourceType }) =>
          ResourceType === 'AWS::Lambda::Function' &&
          LogicalResourceId?.startsWith(`${role}Function`) === true,
      )?.PhysicalResourceId;
      const Payload = new TextEncoder().encode(JSON.stringify({ cell, mode: 'sweep' }));
      const answer = await invoked(lambda, { FunctionName, Payload });
      const text = new TextDecoder().decode(answer.Payload);
      if (answer.FunctionError !== undefined) throw new Error(`${role} failed: ${text}`);
      return JSON.parse(text) as { readonly type: string };
    },
    hints: async (enabled) => {
      const UUID = resources.find(
        ({ LogicalResourceId }) => LogicalResourceId?.startsWith('NewsMapping') === true,
      )?.PhysicalResourceId;
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
    },
    resources: (type) => resources.filter(({ ResourceType }) => ResourceType === type),
    delete: () => deleteStack(name),
    end: async () => {
      lambda.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
  if (place.kind !== 'real')
    done(await cdk(place.environment, 'bootstrap', '--app', '', `aws://${place.account}/${region}`));
  await deploy();
  return stack;
}

/**
 * LocalStack answers an invocation that meets a deployment of its function with an internal error, and MiniStack ends the
 * process of one that is at work: then once more. AWS lets it end.
 */
async function invoked(client: LambdaClient, request: InvokeCommandInput): Promise<InvokeCommandOutput> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const output = await client.send(new InvokeCommand(request));
      const text = new TextDecoder().decode(output.Payload);
      const isEnded = output.FunctionError !== undefined && text.includes(PROCESS_ENDED);
      if (!isEnded || attempt === INVOKE_ATTEMPTS_MAX) return output;
      await delay(POLL_MS);
    } catch (error) {
      if (!(error instanceof ServiceException) || attempt === INVOKE_ATTEMPTS_MAX) throw error;
      await delay(POLL_MS);
    }
  }
}

/** What a program printed, when it ended as it should. */
function done(ended: Ended, exit = 0): Ended {
  if (ended.exit !== exit)
    throw new Error(`ended with ${ended.exit}, not ${exit}:\n${ended.err}\n${ended.out}`);
  return ended;
}

async function listed(name: string): Promise<readonly StackResourceSummary[]> {
  const client = new CloudFormationClient({});
  const found: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: name })) {
    found.push(...(page.StackResourceSummaries ?? []));
  }
  client.destroy();
  return found;
}

/** Deletes a stack by its name, and waits until it is gone. */
async function deleteStack(name: string): Promise<void> {
  const client = new CloudFormationClient({});
  await client.send(new DeleteStackCommand({ StackName: name }));
  for (let poll = 0; poll < DELETE_POLLS_MAX; poll += 1) {
    const stacks = await client.send(new DescribeStacksCommand({ StackName: name })).catch(() => undefined);
    const status = stacks?.Stacks?.[0]?.StackStatus ?? 'DELETE_COMPLETE';
    if (status === 'DELETE_COMPLETE') {
      client.destroy();
      return;
    }
    if (status.endsWith('FAILED')) break;
    await delay(POLL_MS);
  }
  throw new Error(`the stack ${name} was not deleted`);
}
