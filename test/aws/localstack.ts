import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDynamodbLocal } from './dynamodb-local.ts';
import { emulatedRoute53 } from './emulated-route53.ts';
import type { RunningEmulator } from './ministack.ts';
import { pythonEnvironment } from './python-environment.ts';
import { freePort, startServer } from './server-process.ts';

const HOME = fileURLToPath(new URL('../../.cache/localstack', import.meta.url));
const HERE = fileURLToPath(new URL('localstack', import.meta.url));

/** LocalStack with what stands for DynamoDB and Route 53 beside it. */
export interface RunningLocalstack extends RunningEmulator {
  /** Where Pawl's own emulator answers for Route 53: moto's, in LocalStack, refuses what every fenced batch is made of. */
  readonly route53: string;
}

/**
 * Installs the last open LocalStack under .cache/ unless it is there, and starts it without docker, on free ports of the
 * loopback: functions run on the Node of this process (localstack/plugins), DynamoDB is Amazon's DynamoDB Local.
 */
export async function startLocalstack(): Promise<RunningLocalstack> {
  const requirements = join(HERE, 'requirements.txt');
  const ends: (() => Promise<void>)[] = [];
  const end = async () => {
    for (const each of ends.splice(0).reverse()) await each();
  };
  try {
    const [python, dynamodb] = await Promise.all([
      pythonEnvironment({ home: HOME, requirements, minorVersion: 11 }),
      startDynamodbLocal(),
    ]);
    ends.push(dynamodb.end);
    const route53 = await emulatedRoute53();
    ends.push(() => route53.close());
    const data = await mkdtemp(join(tmpdir(), 'pawl-localstack-'));
    ends.push(() => rm(data, { recursive: true, force: true }));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    ends.push(
      await startServer({
        name: 'LocalStack',
        file: python,
        args: ['-m', 'localstack.runtime.main'],
        cwd: data,
        env: environment(data, port, dynamodb.port),
        logFile: join(HOME, 'localstack.log'),
        probe: `${url}/_localstack/health`,
      }),
    );
    return { url, route53: route53.url, end };
  } catch (error) {
    await end();
    throw error;
  }
}

function environment(data: string, port: number, dynamodbPort: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    // LocalStack keeps what it unpacks and caches in these.
    HOME: data,
    TMPDIR: data,
    FILESYSTEM_ROOT: data,
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    LOCALSTACK_HOST: `127.0.0.1:${port}`,
    // Else a queue's URL has a host such as sqs.us-east-1.127.0.0.1, which is none.
    SQS_ENDPOINT_STRATEGY: 'path',
    // No DNS server, no certificate from the network, no report about the use of it.
    DNS_ADDRESS: '0',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    DISABLE_EVENTS: '1',
    // The provider that hands everything to DynamoDB Local, streams too.
    PROVIDER_OVERRIDE_DYNAMODB: 'v2',
    PROVIDER_OVERRIDE_DYNAMODBSTREAMS: 'v2',
    DYNAMODB_LOCAL_PORT: String(dynamodbPort),
    PYTHONPATH: join(HERE, 'plugins'),
    LAMBDA_RUNTIME_EXECUTOR: 'node',
    PAWL_NODE: process.execPath,
    PAWL_FUNCTION_RUNNER: join(HERE, 'run-function.mjs'),
  };
}
