import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DoctorAnswer, StepAnswer } from './real-run.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAWL = join(ROOT, 'bin/pawl.ts');
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');
/** A child that was asked to end, with everything that it started, is killed after this. */
const KILL_AFTER_MS = 20_000;

/** `pawl doctor`, as a person has it. */
export async function childDoctor(zone: string, stop: AbortSignal): Promise<DoctorAnswer> {
  const { out, exit } = await child([PAWL, '--table', 'none', '--json', 'doctor', '--zone', zone], {}, stop);
  if (!out.startsWith('{')) throw new Error(`pawl doctor ended with ${exit}`);
  return JSON.parse(out) as DoctorAnswer;
}

/** The suite of test/aws in the zone, with its own output; and what became of each of its steps. */
export async function childSuite(
  zone: string,
  stack: string,
  stop: AbortSignal,
): Promise<readonly StepAnswer[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pawl-real-'));
  const report = join(folder, 'steps.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const suite = [VITEST, 'run', '--project', 'aws', 'test/aws/deployed.test.ts', ...reporters];
    const { exit } = await child(suite, { PAWL_REAL_ZONE: zone, PAWL_REAL_STACK: stack }, stop, true);
    const steps = stepsOf(await readFile(report, 'utf8').catch(() => '{}'));
    if (exit !== 0 && !steps.some(({ status }) => status === 'failed'))
      throw new Error(`the suite ended with ${exit}`);
    return steps;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface JsonReport {
  readonly testResults?: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

function stepsOf(text: string): readonly StepAnswer[] {
  const { testResults = [] } = JSON.parse(text) as JsonReport;
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ title, status }) => ({ name: title, status })),
  );
}

/**
 * A Node process in a group of its own, so that Ctrl-C reaches it through this process alone, and whatever it has
 * started ends with it.
 */
async function child(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stop: AbortSignal,
  isShown = false,
): Promise<{ readonly exit: number; readonly out: string }> {
  const made = spawn(process.execPath, [...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', isShown ? 'inherit' : 'pipe', 'inherit'],
    detached: true,
  });
  let out = '';
  made.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  let killing: NodeJS.Timeout | undefined;
  const end = () => {
    signalGroup(made.pid, 'SIGTERM');
    killing = setTimeout(() => signalGroup(made.pid, 'SIGKILL'), KILL_AFTER_MS);
  };
  stop.addEventListener('abort', end, { once: true });
  const last = () => signalGroup(made.pid, 'SIGKILL');
  process.once('exit', last);
  try {
    const [code] = (await once(made, 'close')) as [number | null];
    return { exit: code ?? -1, out };
  } finally {
    stop.removeEventListener('abort', end);
    process.removeListener('exit', last);
    clearTimeout(killing);
    // The child is gone; what it started may not be.
    if (stop.aborted) last();
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
