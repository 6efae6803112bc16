import { describe, expect, it } from 'vitest';
import { sideBySide, wrappedText } from '../../../lib/cli/replay/replay-columns.ts';

const paper = { width: 40, color: false, boxes: false };

describe('wrapped text', () => {
  it('breaks at blanks, and cuts a word that is longer than a line', () => {
    expect(wrappedText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrappedText('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
    expect(wrappedText('', 4)).toEqual(['']);
  });
});

describe('columns side by side', () => {
  it('are as high as the highest, behind a margin that stands once', () => {
    const lines = sideBySide(paper, '1  ', [[{ text: 'one two three' }], [{ text: 'four' }]], 7);
    expect(lines).toEqual(['1  one two | four', '   three   |']);
  });

  it('paint each line by itself, so that no colour reaches into the next column', () => {
    const [first, second] = sideBySide(
      { ...paper, color: true },
      '',
      [[{ text: 'aa bb', tone: 'bad' }], [{ text: 'cc' }]],
      2,
    );
    expect(first).toBe('\u001b[31maa\u001b[39m | cc');
    expect(second).toBe('\u001b[31mbb\u001b[39m |');
  });
});
