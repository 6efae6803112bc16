import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { converged, rehearsal } from '../rehearsal.ts';

const run = promisify(execFile);

/** What bash would offer after these words, where the ledger knows these ones. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  return offeredBeside([], ...words);
}

async function offeredBeside(
  known: readonly string[],
  ...words: readonly string[]
): Promise<readonly string[]> {
  const stage = await rehearsal();
  const path = await stage.file('pawl.bash', (await stage.pawl('completion bash')).out);
  const line = ['pawl', ...words].join(' ');
  // What the script asks for is in a file, so that it can be compared.
  const asked = `pawl() { printf '%s|' "$@" > ${stage.folder}/asked; printf '%s\\n' ${known.join(' ')}; }`;
  const script = `${asked}; source ${path}; COMP_LINE='${line}'; COMP_POINT=${line.length}; _pawl; printf '%s\\n' "\${COMPREPLY[@]}"`;
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

describe('what the ledger knows', () => {
  it('is offered beside what is always there, and a plan by what follows its @', async () => {
    expect(await offeredBeside(['use1-a', 'euw1-a'], 'freeze', 'u')).toEqual(['use1-a']);
    expect(await offeredBeside(['use1-a@12', 'use1-a@11'], 'plan', 'show', 'use1-a@1')).toEqual(['12', '11']);
  });

  it.each([
    ['freeze ', ['use1-a']],
    ['status --cell ', ['use1-a']],
    ['explain a', ['api.example.test', 'www.example.test']],
    ['plan approve use1-a ', ['api.example.test', 'www.example.test']],
    ['target drain ', ['api-1', 'api-2', 'web-1', 'web-2']],
    ['evacuate ', ['az1', 'az2']],
    ['plan show ', ['use1-a', 'use1-a@1']],
    ['plan diff use1-a@1 use1-a@', ['use1-a', 'use1-a@1']],
    ['fleet push ', []],
    ['freeze use1-a --reason ', []],
    ['nothing ', []],
  ])('stands at its place: pawl %s', async (typed, words) => {
    const stage = await converged();
    const { exit, out } = await stage.pawl(`completion words ${typed}`);
    expect(exit).toBe(0);
    expect(out.split('\n').filter((line) => line !== '')).toEqual(words);
  });

  it('is nothing where it cannot be read, and no complaint', async () => {
    const stage = await converged();
    stage.killLedger();
    expect(await stage.pawl('completion words freeze ')).toMatchObject({ exit: 0, out: '' });
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
