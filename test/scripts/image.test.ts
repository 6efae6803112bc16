import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = 'scripts/image';
const text = readFileSync(join(root, FOLDER, 'Dockerfile'), 'utf8');
const ignored = readFileSync(join(root, FOLDER, 'Dockerfile.dockerignore'), 'utf8')
  .trim()
  .split('\n');

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The instructions of each stage, its FROM first. */
function stages(): readonly (readonly Instruction[])[] {
  const all: Instruction[][] = [];
  for (const line of text.split('\n')) {
    const [, name = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (name === 'FROM') all.push([]);
    if (name !== '') all.at(-1)?.push({ name, rest });
  }
  return all;
}

/** What is copied out of the clone by a stage. */
function copied(stage: readonly Instruction[]): readonly string[] {
  return stage
    .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from='))
    .flatMap(({ rest }) => rest.split(' ').slice(0, -1));
}

describe('the image of a container', () => {
  it('is made in three stages, of which the last does not run as root', () => {
    expect(stages()).toHaveLength(3);
    const users = stages()
      .at(-1)
      ?.filter(({ name }) => name === 'USER');
    expect(users).toEqual([{ name: 'USER', rest: 'node' }]);
  });

  it('copies only what there is, and nothing that its own ignore file leaves out', () => {
    const sources = stages().flatMap(copied);
    expect(sources.length).toBeGreaterThan(8);
    for (const source of sources) {
      expect(existsSync(join(root, source)), source).toBe(true);
      expect(ignored).not.toContain(source);
    }
  });

  it('builds from everything that the build reads', () => {
    const [build = []] = stages();
    for (const source of [
      'bin',
      'lib',
      'functions',
      'examples',
      'scripts',
      'tsconfig.json',
      'tsconfig.package.json',
    ])
      expect(copied(build)).toContain(source);
  });

  it('takes its files from where the stages before have put them', () => {
    const names = stages().map(([first]) => / AS (\S+)$/.exec(first?.rest ?? '')?.[1]);
    const from = stages()
      .flat()
      .flatMap(({ rest }) => /^--from=(\S+)/.exec(rest)?.[1] ?? []);
    expect(new Set(from)).toEqual(new Set(names.slice(0, 2)));
  });

  it('runs scripts that the manifest has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const run = [...text.matchAll(/npm run --silent (\S+)/g)].map(([, script = '']) => script);
    expect(run).toEqual(['build']);
    for (const script of run) expect(Object.keys(scripts)).toContain(script);
  });
});
