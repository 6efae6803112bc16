import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from './example-findings.ts';

const root = join(import.meta.dirname, '../..');

/** Files that name every code and raise none. */
const NAMING = ['plan/findings.ts', 'plan/finding-text.ts', 'ledger/decider/recorded-finding.ts'];

/** Every code of the union, as its declaration spells it. */
function declaredCodes(): readonly string[] {
  const text = readFileSync(join(root, 'lib/plan/findings.ts'), 'utf8');
  return [...text.matchAll(/FindingOf<\s*'([a-z0-9-]+)'/g)].map(([, code = '']) => code);
}

/** Codes that only logs of older releases hold: the comment above them says until which release they were raised. */
function formerCodes(): readonly string[] {
  const text = readFileSync(join(root, 'lib/plan/findings.ts'), 'utf8');
  return text
    .split(/(?=\/\*\*)/)
    .filter((part) => /^\/\*\*[\s*]*Until \d+\.\d+\.\d+\. /.test(part))
    .flatMap((part) => [...part.matchAll(/FindingOf<\s*'([a-z0-9-]+)'/g)].map(([, code = '']) => code));
}

/** The sources of lib/ that may raise a code. */
function sources(): string {
  const lib = join(root, 'lib');
  return readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !NAMING.includes(path.replaceAll('\\', '/')))
    .map((path) => readFileSync(join(lib, path), 'utf8'))
    .join('\n');
}

/** The tests of those who raise findings, which say when. */
function tests(): string {
  const folders = ['plan', 'planner', 'cell'].map((folder) => join(root, 'test', folder));
  return folders
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
}

describe('the codes of findings', () => {
  const codes = declaredCodes();
  const raised = codes.filter((code) => !formerCodes().includes(code));

  it('are each raised somewhere in lib/, unless only older logs hold them', () => {
    const text = sources();
    expect(codes.length).toBeGreaterThan(10);
    expect(raised.filter((code) => !text.includes(`code: '${code}'`))).toEqual([]);
  });

  it('have each a test of when they are raised, and an example whose sentence is held word for word', () => {
    const text = tests();
    expect(raised.filter((code) => !text.includes(`code: '${code}'`))).toEqual([]);
    expect(Object.keys(EXAMPLES).sort()).toEqual([...codes].sort());
    expect(Object.values(EXAMPLES).filter((examples) => examples.length === 0)).toEqual([]);
  });

  it('mean each one thing, which the comment above it says', () => {
    const text = readFileSync(join(root, 'lib/plan/findings.ts'), 'utf8');
    expect(codes.filter((code) => !new RegExp(`\\*/\\s+\\| FindingOf<\\s*'${code}'`).test(text))).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
