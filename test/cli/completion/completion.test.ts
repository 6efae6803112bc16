import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { rehearsal } from '../rehearsal.ts';

const run = promisify(execFile);

/** What bash would offer after these words. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const stage = await rehearsal();
  const path = await stage.file('pawl.bash', (await stage.pawl('completion bash')).out);
  const typed = ['pawl', ...words].map((word) => `'${word}'`).join(' ');
  const script = `source ${path}; COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _pawl; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['-c', script]);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completion in bash', () => {
  it('offers the commands that begin so', async () => {
    expect(await offered('re')).toEqual(
      expect.arrayContaining(['resolve', 'restore', 'resume', 'rescue', 'retire']),
    );
  });

  it('offers what is below a command, and its options', async () => {
    expect(await offered('plan', '')).toEqual(
      expect.arrayContaining(['show', 'diff', 'approve', 'reject', '--from']),
    );
    expect(await offered('plan', 'approve', 'use1-a@2', '--d')).toEqual(['--digest', '--dry-run']);
  });

  it('offers nothing that is not there', async () => {
    expect(await offered('status', '--forc')).toEqual([]);
  });
});

describe('the scripts', () => {
  it.each(['zsh', 'fish'])('for %s name every command', async (shell) => {
    const stage = await rehearsal();
    const { exit, out } = await stage.pawl(`completion ${shell}`);
    expect(exit).toBe(0);
    for (const name of ['start', 'plan approve', 'target drain', 'rescue adopt']) expect(out).toContain(name);
  });
});
