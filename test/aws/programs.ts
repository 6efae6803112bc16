import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAWL = fileURLToPath(new URL('../../bin/pawl.ts', import.meta.url));
const CDK = fileURLToPath(new URL('../../node_modules/aws-cdk/bin/cdk', import.meta.url));
/** A deployment to AWS takes several minutes; on an emulator it hangs when it does. */
const KILL_AFTER_MS = (process.env['PAWL_REAL_ZONE'] ?? '') === '' ? 240_000 : 1_800_000;

export interface Ended {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** The command line, as a person has it. */
export function pawl(environment: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ended> {
  return program(process.execPath, [PAWL, ...args], environment);
}

/** Plain `cdk`. */
export function cdk(environment: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Ended> {
  return program(process.execPath, [CDK, ...args], {
    ...environment,
    CDK_DISABLE_CLI_TELEMETRY: '1',
    // cdk.json says `node`: the one that runs this.
    PATH: `${dirname(process.execPath)}:${environment['PATH'] ?? ''}`,
  });
}

async function program(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(file, args, {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: KILL_AFTER_MS,
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const exit = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
  return { exit, out, err };
}
