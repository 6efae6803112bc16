import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FILE_LINES_MAX, sourceBreaches } from './source-rules.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

function sourcesUnder(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|mjs)$/.test(path))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`);
}

function whatIsWrong(path: string, text: string): string[] {
  return sourceBreaches({ path, text }).map((breach) => `${breach.line}: ${breach.what}`);
}

describe('the habits that no linter rule holds', () => {
  it('are kept in every source file', () => {
    const paths = ['bin', 'functions', 'lib', 'scripts', 'test'].flatMap(sourcesUnder);
    expect(paths.filter((path) => path.startsWith('lib/')).length).toBeGreaterThan(40);
    const breaches = paths.flatMap((path) =>
      sourceBreaches({ path, text: readFileSync(join(root, path), 'utf8') }),
    );
    expect(breaches.map(({ path, line, what }) => `${path}:${line} ${what}`)).toEqual([]);
  });

  it('put every thread into the package, which nothing imports', () => {
    const { files } = JSON.parse(readFileSync(join(root, 'tsconfig.package.json'), 'utf8'));
    const threads = sourcesUnder('lib').filter((path) => path.endsWith('-worker.ts'));
    expect(threads).toContain('lib/wiring/read-trail-worker.ts');
    expect(files).toEqual(expect.arrayContaining(threads));
  });

  it.each(['utils', 'helpers', 'common', 'index'])('forbid a file or a folder called %s', (name) => {
    expect(whatIsWrong(`lib/plan/${name}.ts`, '')).toEqual([
      `1: the name "${name}" says nothing about what is in it`,
    ]);
    expect(whatIsWrong(`lib/${name}/tree.ts`, '')).toHaveLength(1);
  });

  it.each(['batchPacker', 'batch_packer', 'BatchPacker', 'batch.packer', 'batch--packer'])(
    'forbid the name %s',
    (name) => {
      expect(whatIsWrong(`lib/plan/${name}.ts`, '')).toEqual([`1: the name "${name}" is not in kebab-case`]);
    },
  );

  it(`forbid a file of more than ${FILE_LINES_MAX} lines in lib, and only there`, () => {
    const longest = '// one\n'.repeat(FILE_LINES_MAX);
    expect(whatIsWrong('lib/plan/tree.ts', longest)).toEqual([]);
    expect(whatIsWrong('lib/plan/tree.ts', `${longest}// one`)).toHaveLength(1);
    expect(whatIsWrong('test/plan/tree.test.ts', `${longest}// one`)).toEqual([]);
  });

  it.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const clock = Date;',
    'const chance = Math.random();',
    "const region = process.env['AWS_REGION'];",
    'setTimeout(() => undefined, 1);',
    'const later = setInterval;',
    'const now = performance.now();',
    'const id = crypto.randomUUID();',
    'const { process: machine } = globalThis;',
  ])('forbid in a workflow and in pure code: %s', (line) => {
    for (const folder of ['plan', 'planner', 'enactor', 'janitor', 'auditor', 'operator', 'cell', 'lease']) {
      expect(whatIsWrong(`lib/${folder}/a.ts`, `\n${line}\n`)[0]).toMatch(/^2: uses /);
    }
    expect(whatIsWrong('lib/runtime/a.ts', line)).toEqual([]);
  });

  it.each([
    'const at = deps.clock.setTimeout(1);',
    'interface Deps { readonly process: string }',
    'const settings = { fetch: 1, Date: 2 };',
    'const small = Math.min(1, 2);',
    "const text = 'Date.now() is not used here';",
    '// Date.now() is not used here',
  ])('let pass in a workflow: %s', (line) => {
    expect(whatIsWrong('lib/enactor/a.ts', line)).toEqual([]);
  });

  it('forbid UPSERT wherever a write is made, and not in what stands for or examines Route 53', () => {
    const line = "const action = 'UPSERT';";
    for (const folder of ['plan', 'zone', 'cell', 'enactor', 'wiring', 'cli', 'simulator']) {
      expect(whatIsWrong(`lib/${folder}/a.ts`, line)).toEqual(['1: names UPSERT, which has no condition']);
    }
    expect(whatIsWrong('lib/zone/a.ts', 'type Action = `UPSERT`;')).toHaveLength(1);
    expect(whatIsWrong('lib/emulator/a.ts', line)).toEqual([]);
    expect(whatIsWrong('lib/doctor/a.ts', line)).toEqual([]);
    expect(whatIsWrong('test/zone/a.test.ts', line)).toEqual([]);
  });
});
