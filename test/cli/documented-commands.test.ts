import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { program } from '../../lib/cli/program.ts';
import { usageMistake } from '../../lib/cli/usage.ts';
import { NOWHERE } from './rehearsal.ts';

/** Prose may name a command without all that it needs; it may not name one that is not there. */
const NAMED_ALONE = /^(Missing required argument|Required option|Say what to do|.*argument missing)/i;
const COMMAND = /^(?:npx )?pawl (.+)$/;
const BETWEEN_WORDS = /[^\s"]+|"[^"]*"/g;

const PAGES = [
  'README.md',
  'examples/fleet.yaml',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Every `pawl …` in code, without the comment behind it. */
function commandsIn(page: string): readonly string[] {
  const text = readFileSync(page, 'utf8');
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^[#>$ ]+/, '').replace(/\s+(#.*|\s{2,}.*)$/, ''));
  return [...inline, ...lines.filter((line) => line.startsWith('npx pawl '))].flatMap((code) => {
    const command = COMMAND.exec(code.trim())?.[1];
    return command === undefined || command.startsWith('--') || command.startsWith('…')
      ? []
      : [command.replace(/ …$/, '')];
  });
}

const DOCUMENTED = PAGES.flatMap((page) => commandsIn(page).map((command) => ({ page, command })));

describe('the commands that the pages name', () => {
  it('are found at all', () => {
    expect(DOCUMENTED.length).toBeGreaterThan(30);
    expect(DOCUMENTED.map(({ command }) => command)).toContain('rescue adopt live.json');
    expect(DOCUMENTED.map(({ command }) => command)).toContain('resolve api.example.test --count 1000');
  });

  it.each(DOCUMENTED)('$page: pawl $command', async ({ command }) => {
    const argv = [...command.matchAll(BETWEEN_WORDS)].map(([word]) => word.replaceAll('"', ''));
    expect(await mistakeIn(argv)).toBe('');
  });

  it('are refused when they do not exist', async () => {
    expect(await mistakeIn(['rescue', 'use1-a', 'use1-b', '--export'])).toContain('too many');
    expect(await mistakeIn(['freeze', 'use1-a', '--until-tomorrow'])).toContain('--until-tomorrow');
    expect(await mistakeIn(['melt', 'use1-a'])).toContain('melt');
  });
});

async function mistakeIn(argv: readonly string[]): Promise<string> {
  try {
    const whole = await program({ run: async () => undefined }, NOWHERE);
    await whole.parseAsync(argv, { from: 'user' });
    return '';
  } catch (error) {
    const mistake = usageMistake(error);
    if (mistake === 'help') return '';
    if (mistake === undefined) throw error;
    return NAMED_ALONE.test(mistake.message) ? '' : mistake.message;
  }
}
