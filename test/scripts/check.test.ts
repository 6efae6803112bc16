import { describe, expect, it } from 'vitest';
import { changedPaths } from '../../scripts/check/changed-paths.ts';
import { checkSteps } from '../../scripts/check/check-steps.ts';

describe('what has changed', () => {
  const answers = (tracked: string, untracked: string) => (args: readonly string[]) =>
    args[0] === 'diff' ? tracked : untracked;

  it('is what differs from the base and what git does not know, each once', () => {
    const git = answers('lib/plan/fence.ts\0lib/a b.ts\0', 'test/new.test.ts\0lib/plan/fence.ts\0');
    expect(changedPaths('main', git)).toEqual(['lib/a b.ts', 'lib/plan/fence.ts', 'test/new.test.ts']);
  });

  it('is nothing in a clean tree', () => {
    expect(changedPaths('HEAD', answers('', ''))).toEqual([]);
  });

  it('asks for the base, and never for deleted files', () => {
    const asked: string[] = [];
    changedPaths('main', (args) => {
      asked.push(args.join(' '));
      return '';
    });
    expect(asked[0]).toContain('--diff-filter=d');
    expect(asked[0]).toMatch(/ main --$/);
  });
});

describe('what to check', () => {
  const withoutCdk = ['bin/app.ts', 'lib/infrastructure'];
  const commands = (...changed: readonly string[]) =>
    Object.fromEntries(checkSteps(changed, withoutCdk).map(({ name, command }) => [name, command.join(' ')]));

  it('is the types alone when nothing has changed', () => {
    expect(Object.keys(commands())).toEqual(['types']);
  });

  it('is the changed files and the tests that they reach', () => {
    const { lint, tests } = commands('lib/plan/fence.ts', 'README.md');
    expect(lint).toMatch(/^biome check .* lib\/plan\/fence\.ts README\.md$/);
    expect(tests).toMatch(/^vitest related --run .* lib\/plan\/fence\.ts$/);
  });

  it('is no test where no source has changed', () => {
    expect(Object.keys(commands('README.md'))).toEqual(['types', 'lint']);
  });

  it('is every quick test where the dependencies or the tests themselves are set up differently', () => {
    expect(commands('package.json')['tests']).toMatch(/^vitest run --project unit --tagsFilter=!slow/);
    expect(commands('test/package.json')['tests']).toBeUndefined();
  });

  it.each(['bin/app.ts', 'lib/infrastructure/alarms.ts'])('reads the CDK after a change of %s', (path) => {
    expect(commands(path)['types']).toContain('--project tsconfig.json');
  });

  it.each(['bin/app.tsx', 'lib/infrastructures.ts', 'lib/plan/fence.ts'])(
    'spares the compiler the CDK after a change of %s',
    (path) => {
      expect(commands(path)['types']).toContain('--project tsconfig.without-cdk.json');
    },
  );
});
