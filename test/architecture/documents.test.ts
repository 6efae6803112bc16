import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const FOLDERS = ['.ci', '.vscode', 'bin', 'docs', 'examples', 'functions', 'lib', 'scripts', 'test'];
/** Folders that a run makes, and that a clone does not have. */
const MADE_BY_RUNS = /^\.(cache|pawl)\//;
const ADDRESS = /\b[a-z]+:\/\/\S+/g;
/** A relative link, without the heading that it names. */
const LINK = /\]\((?![a-z]+:|#)([^)#\s]+)[^)]*\)/g;
const WORD = /[\w.<>*/-]+/g;
const PLACEHOLDER = /[<>*]/;
const FILE_NAME = /\.(css|html|js|json|md|mjs|pml|png|py|ts|txt|yaml)$/;
/** A source file that a page names without its folder, in kebab-case. */
const BARE_SOURCE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.ts$/;

function everythingUnder(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
    (path) => `${folder}/${path.replaceAll('\\', '/')}`,
  );
}

const TREE = FOLDERS.flatMap(everythingUnder);
const BASE_NAMES = new Set([...readdirSync(root), ...TREE].map((path) => basename(path)));
const PAGES = [...readdirSync(root), ...TREE].filter((path) => path.endsWith('.md'));

/** What a page's text names and the tree does not have: links, paths, and source files by their names alone. */
function deadNamesIn(page: string, text: string): readonly string[] {
  const beside = (path: string) => existsSync(join(root, dirname(page), path));
  const links = [...text.matchAll(LINK)].map(([, target = '']) => target);
  const words = (text.replace(ADDRESS, '').match(WORD) ?? [])
    .map((word) => word.replace(/\.$/, ''))
    .filter((word) => !PLACEHOLDER.test(word) && !MADE_BY_RUNS.test(word));
  const paths = words.filter(isPath);
  const sources = words.filter((word) => BARE_SOURCE.test(word));
  return [
    ...links.filter((target) => !beside(target)),
    ...paths.filter((path) => !existsSync(join(root, path)) && !beside(path)),
    ...sources.filter((name) => !BASE_NAMES.has(name)),
  ];
}

function isPath(word: string): boolean {
  const [first = '', ...rest] = word.split('/');
  return rest.length > 0 && (FOLDERS.includes(first) || FILE_NAME.test(word));
}

describe('a document', () => {
  it.each(PAGES)('names only what there is: %s', (page) => {
    expect(deadNamesIn(page, readFileSync(join(root, page), 'utf8'))).toEqual([]);
  });

  it('is found in every folder', () => {
    expect(PAGES).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/protocol.md',
        'docs/adr/0001-short-records.md',
        'test/model/README.md',
      ]),
    );
  });
});

describe('a name in a document', () => {
  it.each([
    ['a link', 'See [the protocol](docs/protocols.md#the-fence).', 'docs/protocols.md'],
    ['a path', 'The table is `lib/enactor/judge-fence.ts`.', 'lib/enactor/judge-fence.ts'],
    ['a path that does not begin at the root', 'It is engine/play.ts that plays.', 'engine/play.ts'],
    ['a folder', 'Everything in lib/apply writes.', 'lib/apply'],
    ['a source file without its folder', '`judge-fence.ts` judges.', 'judge-fence.ts'],
  ])('is dead when there is no such thing: %s', (_, text, name) => {
    expect(new Set(deadNamesIn('README.md', text))).toEqual(new Set([name]));
  });

  it.each([
    'See [the protocol](docs/protocol.md#the-fence) and [AWS](https://docs.aws.amazon.com/a/b.html).',
    'lib/plan/fence.ts is pure, and so is all of lib/plan.',
    '`fence.ts`, `.cache/bench.json`, `lib/wiring/run-<role>.ts`, NAME-source.ts, and/or',
  ])('is alive, a placeholder, an address or no name: %s', (text) => {
    expect(deadNamesIn('README.md', text)).toEqual([]);
  });

  it('may be relative to its page', () => {
    expect(deadNamesIn('docs/performance.md', '[a](../test/enactor/call-budget.test.ts)')).toEqual([]);
    expect(deadNamesIn('README.md', '[a](../test/enactor/call-budget.test.ts)')).not.toEqual([]);
  });
});
