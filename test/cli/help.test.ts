import { describe, expect, it } from 'vitest';
import { program } from '../../lib/cli/program.ts';
import { NOWHERE, rehearsal } from './rehearsal.ts';

type Command = Awaited<ReturnType<typeof program>>;

function paths(command: Command, above: readonly string[] = []): readonly (readonly string[])[] {
  return command.commands.flatMap((child) => {
    const path = [...above, child.name()];
    return [path, ...paths(child, path)];
  });
}

const COMMANDS = paths(await program({ run: async () => undefined }, NOWHERE));

/** Verbs that change something, and so can be tried. `plan` writes with --append alone. */
const WRITING = [
  ...['fleet push', 'freeze', 'thaw', 'adopt', 'rescue', 'rescue adopt', 'rollback', 'evacuate', 'restore'],
  ...['plan', 'plan approve', 'plan reject', 'pause', 'resume', 'retry'],
  ...['target drain', 'target restore', 'target observe', 'enact', 'retire', 'audit'],
];

describe('help', () => {
  it('knows every verb of a tired person', () => {
    const known = COMMANDS.map((path) => path.join(' '));
    expect(known).toEqual(
      expect.arrayContaining([...WRITING, 'status', 'history', 'verify', 'explain', 'resolve']),
    );
    expect(known).toEqual(expect.arrayContaining(['start', 'doctor', 'completion', 'plan diff']));
  });

  it.each(COMMANDS.map((path) => path.join(' ')))(
    'of "pawl %s" says what it does and ends with an example',
    async (path) => {
      const stage = await rehearsal();
      const { exit, out, err } = await stage.pawl(`${path} --help`);
      expect(exit).toBe(0);
      expect(err).toBe('');
      expect(out).toMatch(new RegExp(`^Usage: pawl ${path}\\b`));
      expect(out).toMatch(/\nExamples?:\n {2}\$ (?:pawl|source <\(pawl) /);
      expect(out).toContain('--json');
      expect(out).toContain('Exit codes: 0 done; 1 refused');
      for (const line of out.split('\n')) expect(line).not.toMatch(/undefined|\[object/);
    },
  );

  it.each(WRITING)('of "pawl %s" offers a dry run', async (path) => {
    const stage = await rehearsal();
    expect((await stage.pawl(`${path} --help`)).out).toContain('--dry-run');
  });

  it('of pawl itself names the exit codes', async () => {
    const stage = await rehearsal();
    expect((await stage.pawl('--help')).out).toContain('Exit codes: 0 done; 1 refused');
  });

  it('has no --force anywhere', async () => {
    const stage = await rehearsal();
    for (const path of COMMANDS) {
      const { out } = await stage.pawl(`${path.join(' ')} --help`);
      expect(out).not.toContain('--force');
    }
  });
});
