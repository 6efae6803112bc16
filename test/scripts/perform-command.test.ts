import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endCommands, performCommand } from '../../scripts/steps/perform-command.ts';

describe('a command', () => {
  let folder: string;
  let logFile: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pawl-command-'));
    logFile = join(folder, 'logs', 'command.log');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const shell = (script: string, env?: Readonly<Record<string, string>>) =>
    performCommand(['bash', '-c', script], { logFile, ...(env === undefined ? {} : { env }) });

  it('leaves both of its streams in one log, in their order', async () => {
    const run = await shell('echo one; echo two >&2; echo three');
    expect(run).toMatchObject({ exitCode: 0, log: 'one\ntwo\nthree\n' });
  });

  it('has the exit code that it ends with, and its words are given as they are', async () => {
    const run = await performCommand(['bash', '-c', 'echo "$1"; exit 3', 'bash', 'a  "b" $c'], { logFile });
    expect(run).toMatchObject({ exitCode: 3, log: 'a  "b" $c\n' });
  });

  it('sees what is added to the environment', async () => {
    expect((await shell('echo "$PAWL_TEST_REPORT"', { PAWL_TEST_REPORT: 'here.json' })).log).toBe(
      'here.json\n',
    );
  });

  it('fails when it cannot be found, or when a signal ends it', async () => {
    const missing = await performCommand(['pawl-no-such-command'], { logFile });
    expect(missing.exitCode).toBe(127);
    expect((await shell('kill -9 $$')).exitCode).toBeGreaterThan(0);
  });

  it('counts the processor time of its children', async () => {
    const run = await shell('bash -c "for ((i = 0; i < 100000; i++)); do :; done"');
    expect(run.cpuSeconds).toBeGreaterThan(0);
    expect(run.seconds).toBeGreaterThan(0);
  });

  it('ends with everything that it has started when commands are ended', async () => {
    const run = shell('echo begun; sleep 600 & sleep 600');
    await vi.waitFor(() => expect(readFileSync(logFile, 'utf8')).toBe('begun\n'));
    endCommands();
    expect((await run).exitCode).toBeGreaterThan(0);
  });
});
