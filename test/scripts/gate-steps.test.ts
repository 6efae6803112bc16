import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GATE_STEPS, GATE_THREADS } from '../../scripts/gate/gate-steps.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Which step runs a file of the project `exploration`. */
function stepsWith(file: string): readonly string[] {
  return GATE_STEPS.filter(
    ({ script, given }) =>
      script === 'test:exploration' && (given === undefined || given.some((part) => file.startsWith(part))),
  ).map(({ name }) => name);
}

describe('the gate', () => {
  it('has steps of different names, each a script of package.json that fits the machine', () => {
    expect(new Set(GATE_STEPS.map(({ name }) => name)).size).toBe(GATE_STEPS.length);
    for (const { script, threads } of GATE_STEPS) {
      expect(Object.keys(scripts)).toContain(script);
      expect(threads).toBeGreaterThan(0);
      expect(threads).toBeLessThanOrEqual(GATE_THREADS);
    }
  });

  it('begins with the command that the README names', () => {
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('```sh\nnpm test\n```');
    expect(GATE_STEPS[0]).toMatchObject({ script: 'test', threads: GATE_THREADS });
  });

  it('runs every project of vitest', () => {
    const config = readFileSync(join(root, 'vitest.config.ts'), 'utf8');
    const projects = [...config.matchAll(/\bname: '([a-z-]+)',\n? *include/g)].map(([, name = '']) => name);
    expect(projects.length).toBeGreaterThan(8);
    const run = [...GATE_STEPS.map(({ script }) => scripts[script]), scripts['test:all']].join('\n');
    expect(scripts['test']).toContain('npm run --silent test:all');
    // The suite on AWS is run by a program, which finds where.
    expect(projects.filter((name) => name !== 'aws' && !run.includes(`--project ${name}`))).toEqual([]);
    expect(GATE_STEPS.map(({ script }) => script)).toContain('test:aws');
  });

  it('runs every file of the exploration once', () => {
    const files = ['test/exploration', 'test/mutants'].flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => `${folder}/${name}`),
    );
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => stepsWith(file).length !== 1)).toEqual([]);
  });

  it('names in .ci/run every report that it makes, and no other', () => {
    const text = readFileSync(join(root, '.ci/run'), 'utf8');
    const listed = /"\$reports"\/\{([a-z,]+)\}\.json/.exec(text)?.[1]?.split(',');
    expect(listed?.sort()).toEqual(
      GATE_STEPS.filter(({ report }) => report)
        .map(({ name }) => name)
        .sort(),
    );
  });
});
