import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');

const VERDICTS = ['yes', 'part', 'no'];
const CELL = /^- \*\*(?<tool>[^:*]+): (?<verdict>\w+)\.\*\* (?<text>.+)$/;
/** A page of the web, a page or a test of this repository, or a command. */
const SOURCE = /\]\((https:\/\/[^)]+|[^):]+)\)|`(npm|npx|pawl) [^`]+`|`test\/[^`]+`/;

interface Cell {
  readonly tool: string;
  readonly verdict: string;
  readonly text: string;
}

interface Row {
  readonly title: string;
  readonly cells: readonly Cell[];
}

/** The rows of docs/comparison.md: a heading each, and an item a tool. */
function rowsOfPage(page: string): readonly Row[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.split('\n');
      const cells = lines
        .filter((line) => line.startsWith('- '))
        .map((line) => {
          const { tool = '', verdict = '', text = '' } = CELL.exec(line)?.groups ?? {};
          return { tool, verdict, text };
        });
      return { title, cells };
    });
}

/** The table of the README, as rows of verdicts without their emphasis. */
function tableOfReadme(readme: string): readonly (readonly string[])[] {
  const lines = readme.split('\n');
  const head = lines.findIndex((line) => line.startsWith('| | Pawl |'));
  const end = lines.findIndex((line, at) => at > head && !line.startsWith('|'));
  return lines
    .slice(head, end)
    .filter((line) => !line.startsWith('|---'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('*', '')),
    );
}

const rows = rowsOfPage(read('docs/comparison.md'));

describe('the comparison with other tools', () => {
  it('says the same in the README and on its page', () => {
    const tools = rows[0]?.cells.map((cell) => cell.tool) ?? [];
    expect(tableOfReadme(read('README.md'))).toEqual([
      ['', ...tools],
      ...rows.map(({ title, cells }) => [title, ...cells.map((cell) => cell.verdict)]),
    ]);
  });

  it.each(rows)('names for each tool where it can be checked: $title', ({ cells }) => {
    expect(cells.map((cell) => cell.tool)).toEqual(rows[0]?.cells.map((cell) => cell.tool));
    expect(cells.filter((cell) => !VERDICTS.includes(cell.verdict))).toEqual([]);
    expect(cells.filter((cell) => !SOURCE.test(cell.text))).toEqual([]);
    const foreign = cells.filter((cell) => cell.tool !== 'Pawl');
    expect(foreign.filter((cell) => !cell.text.includes('](https://'))).toEqual([]);
  });

  it('admits in a row where Pawl is not the best', () => {
    const lacking = rows.filter(({ cells }) => cells[0]?.verdict === 'no');
    expect(lacking.map(({ title }) => title)).toEqual(['Other DNS providers', 'Every type of record']);
  });
});
