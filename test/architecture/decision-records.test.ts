import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const RECORD = /docs\/adr\/\d{4}-[a-z0-9-]+\.md/g;
/** It speaks of the records themselves, and no code rests on it. */
const ABOUT_RECORDS = 'docs/adr/0001-short-records.md';

/** The decision records that a text names by their whole path. */
function recordsNamedIn(text: string): readonly string[] {
  return text.match(RECORD) ?? [];
}

/** The decision records that no text names. */
function unlinked(records: readonly string[], texts: readonly string[]): readonly string[] {
  const named = new Set(texts.flatMap(recordsNamedIn));
  return records.filter((record) => !named.has(record));
}

function sourceTexts(): readonly string[] {
  return ['bin', 'functions', 'lib'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|mjs)$/.test(path))
      .map((path) => readFileSync(join(root, folder, path), 'utf8')),
  );
}

function records(): readonly string[] {
  return readdirSync(join(root, 'docs/adr')).map((name) => `docs/adr/${name}`);
}

describe('a decision record', () => {
  it('is named by the code that it explains', () => {
    const explained = records().filter((record) => record !== ABOUT_RECORDS);
    expect(explained.length).toBeGreaterThan(10);
    expect(unlinked(explained, sourceTexts())).toEqual([]);
  });

  it('is there, where code names one', () => {
    const named = sourceTexts().flatMap(recordsNamedIn);
    expect(named.filter((record) => !existsSync(join(root, record)))).toEqual([]);
  });

  it('has a number of its own', () => {
    const numbers = records().map((record) => record.slice('docs/adr/'.length).split('-')[0]);
    expect(numbers).toEqual([...new Set(numbers)]);
  });

  it('counts as unlinked unless its whole path is written', () => {
    const record = 'docs/adr/0005-trees-are-whole.md';
    expect(unlinked([record], [`/** See ${record}. */`])).toEqual([]);
    expect(unlinked([record], ['/** See docs/adr/0005. */', '/** See ADR 5. */'])).toEqual([record]);
  });
});
