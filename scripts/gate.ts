// npm run gate -- REPORTS: performs every step of the gate (scripts/gate/gate-steps.ts), several at once. A
// step's log is printed whole when the step ends; vitest's reports go to the folder REPORTS (.cache/reports). Exits with the number of
// steps that failed. .ci/run installs what the steps need and calls this.
import { join } from 'node:path';
import type { GateStep } from './gate/gate-steps.ts';
import { GATE_STEPS, GATE_THREADS } from './gate/gate-steps.ts';
import { endCommands, performCommand } from './steps/perform-command.ts';
import { runScheduled } from './steps/schedule.ts';

const [reports = '.cache/reports'] = process.argv.slice(2);

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    endCommands();
    process.exit(exitCode);
  });
}

function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Whether the step passed. */
async function perform({ name, script, given = [], report }: GateStep): Promise<boolean> {
  const command = ['npm', 'run', script, ...(given.length === 0 ? [] : ['--', ...given])];
  print(`.. ${name} begins`);
  const run = await performCommand(command, {
    logFile: join(reports, '..', 'logs', `${name}.log`),
    env: report ? { PAWL_TEST_REPORT: join(reports, `${name}.json`) } : {},
  });
  print(`\n== ${name}: ${command.join(' ')}`);
  print(run.log);
  const cores = (run.cpuSeconds / run.seconds).toFixed(1);
  const ended = run.exitCode === 0 ? 'passed' : `failed with exit code ${run.exitCode}`;
  print(`== ${name} ${ended} after ${run.seconds.toFixed(0)} s, ${cores} cores busy\n`);
  return run.exitCode === 0;
}

const passed = await runScheduled(GATE_STEPS, GATE_THREADS, perform);
process.exitCode = passed.filter((each) => !each).length;
