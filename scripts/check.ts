// npm run check                    what differs from HEAD, uncommitted and untracked files
// npm run check -- --base main     what differs from another revision, uncommitted and untracked files too
// npm run check:watch              the same, and again after every change, until Ctrl-C
//
// Types, lint and the unit tests that the changed files reach; seconds, for the time between two edits. Everything
// else is in npm test.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { changedPaths } from './check/changed-paths.ts';
import type { CheckStep } from './check/check-steps.ts';
import { CHECK_FOLDER, CHECK_THREADS, checkSteps } from './check/check-steps.ts';
import { endCommands, performCommand } from './steps/perform-command.ts';
import { runScheduled } from './steps/schedule.ts';

/** Editors write a file in several moves. */
const SETTLE_MS = 150;
/** Paths that a check itself writes, or that are not the project's text. */
const UNWATCHED = /^(node_modules|[.]git|[.]cache|[.]pawl|coverage)(\/|$)|[.]tmp$|~$/;

const { values } = parseArgs({
  options: { base: { type: 'string', default: 'HEAD' }, watch: { type: 'boolean', default: false } },
});
const EXIT_BAD_INPUT = 2;
const withoutCdk = (
  JSON.parse(readFileSync('tsconfig.without-cdk.json', 'utf8')) as { readonly exclude: readonly string[] }
).exclude;

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    endCommands();
    process.exit(exitCode);
  });
}

function git(args: readonly string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function changedSinceBase(): readonly string[] {
  try {
    return changedPaths(values.base, git);
  } catch (error) {
    process.stderr.write(`git cannot say what differs from ${values.base}: ${String(error)}\n`);
    process.exit(EXIT_BAD_INPUT);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Whether the step passed. What it wrote is printed if it did not. */
async function perform({ name, command }: CheckStep): Promise<boolean> {
  const run = await performCommand(command, { logFile: join(CHECK_FOLDER, `${name}.log`) });
  const passed = run.exitCode === 0;
  if (!passed) process.stdout.write(`\n${run.log}\n`);
  const files = /(\d+) of \d+ test files/.exec(run.log)?.[1];
  const extent = name === 'tests' && files !== undefined ? `  ${files} files` : '';
  print(`${passed ? 'passed' : 'FAILED'}  ${name.padEnd(5)}  ${run.seconds.toFixed(1)} s${extent}`);
  return passed;
}

/** Whether everything passed. */
async function check(changed: readonly string[]): Promise<boolean> {
  if (changed.length === 0) print('no file has changed: types only');
  else print(`${changed.length} changed ${changed.length === 1 ? 'file' : 'files'}`);
  const passed = await runScheduled(checkSteps(changed, withoutCdk), CHECK_THREADS, perform);
  return passed.every((each) => each);
}

/** Checks every change, together with earlier changes whose check has not passed. It never ends by itself. */
async function checkEveryChange(before: readonly string[], beforePassed: boolean): Promise<never> {
  const pending = new Set(beforePassed ? [] : before);
  let wake: () => void = () => undefined;
  watch('.', { recursive: true }, (_, path) => {
    if (path === null || UNWATCHED.test(path)) return;
    pending.add(path);
    wake();
  });
  let changed = new Promise<void>((resolve) => {
    wake = resolve;
  });
  print('waiting for a change');
  for (;;) {
    await changed;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    changed = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const round = [...pending];
    pending.clear();
    const there = round.filter((path) => existsSync(path));
    if (!(await check(there))) for (const path of there) pending.add(path);
    print('waiting for a change');
  }
}

const changed = changedSinceBase();
const passed = await check(changed);
if (values.watch) await checkEveryChange(changed, passed);
process.exitCode = passed ? 0 : 1;
