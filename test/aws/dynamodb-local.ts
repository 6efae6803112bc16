import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, startServer } from './server-process.ts';

const run = promisify(execFile);
const HOME = fileURLToPath(new URL('../../.cache/dynamodb-local', import.meta.url));
const POM = fileURLToPath(new URL('dynamodb-local/pom.xml', import.meta.url));
const PROGRAM = fileURLToPath(new URL('dynamodb-local/LoopbackServer.java', import.meta.url));
const DOWNLOAD_TIMEOUT_MS = 600_000;
/** A server of minutes is done before an optimising compiler has paid for itself. */
const JVM = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

export interface RunningDynamodb {
  readonly port: number;
  readonly url: string;
  end(): Promise<void>;
}

/** Amazon's DynamoDB Local, from Maven Central unless it is there, in memory on a free port of the loopback. Needs a JDK 17. */
export async function startDynamodbLocal(): Promise<RunningDynamodb> {
  const jars = await downloaded();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const end = await startServer({
    name: 'DynamoDB Local',
    file: 'java',
    args: [...JVM, '-cp', join(jars, '*'), PROGRAM, String(port)],
    cwd: HOME,
    // SQLite's native part lies among the jars.
    env: { ...process.env, DDB_LOCAL_TELEMETRY: '0', LD_LIBRARY_PATH: jars },
    logFile: join(HOME, 'dynamodb-local.log'),
    probe: url,
    // A request without credentials is refused, and so answered.
    anyAnswer: true,
  });
  return { port, url, end };
}

async function downloaded(): Promise<string> {
  const jars = join(HOME, 'jars');
  const stamp = join(HOME, 'pom.xml');
  const wanted = await readFile(POM, 'utf8');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return jars;
  await rm(HOME, { recursive: true, force: true });
  await mkdir(HOME, { recursive: true });
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${jars}`, '-DincludeScope=runtime'];
  await run('mvn', ['--quiet', '--batch-mode', '--file', POM, ...goal], { timeout: DOWNLOAD_TIMEOUT_MS });
  await writeFile(stamp, wanted);
  return jars;
}
