import { expect, it } from 'vitest';
import { codeText, folded, proseText, tableText, withinPage } from '../../../lib/cli/fleet/markdown-text.ts';

it('nothing in code is markup, a new cell of a table or a control character', () => {
  expect(codeText('a`b|c\u001bd\ne')).toBe("`a'b\\|c?d?e`");
});

it('nothing in a sentence is markup, and nobody is mentioned', () => {
  expect(proseText('<img> *a* [b](c) by @ana')).toBe('\\<img\\> \\*a\\* \\[b\\](c) by `@ana`');
  expect(proseText('the plan use1-a@12')).toBe('the plan use1-a@12');
});

it('a title is no markup either', () => {
  expect(folded('<b>&', 'text\n')).toBe('<details><summary>&lt;b&gt;&amp;</summary>\n\ntext\n\n</details>\n');
});

it('a table has its heads and a line a row', () => {
  expect(tableText(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |\n');
});

it('what does not fit on a page is left out and said, and the foot is kept', () => {
  const page = withinPage(['head\n'], ['x'.repeat(59_000), 'y'.repeat(59_000), 'short\n'], 'foot\n');
  expect(page.length).toBeLessThan(65_536);
  expect(page).toContain('short\n');
  expect(page).not.toContain('y');
  expect(page).toMatch(/Too long for a comment: 1 folded parts, which "--format json" has\.\n\nfoot\n$/);
});
