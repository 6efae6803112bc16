import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const lib = join(import.meta.dirname, '../../lib');

/** Every code of the union, as its declaration spells it. */
function declaredCodes(): readonly string[] {
  const text = readFileSync(join(lib, 'plan/findings.ts'), 'utf8');
  const [, union = ''] = /export type FindingCode =([^;]*);/.exec(text) ?? [];
  return [...union.matchAll(/'([a-z-]+)'/g)].map(([, code = '']) => code);
}

/** The sources of lib/ but the declaration itself. */
function sources(): string {
  return readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== join('plan', 'findings.ts'))
    .map((path) => readFileSync(join(lib, path), 'utf8'))
    .join('\n');
}

describe('the codes of findings', () => {
  it('are each raised somewhere: a code that nothing raises is a promise that nobody keeps', () => {
    const text = sources();
    const codes = declaredCodes();
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });
});
