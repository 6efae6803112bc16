import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tame } from '../../../lib/cli/printing/paper.ts';
import type { Cell } from '../../../lib/cli/printing/table.ts';
import { table } from '../../../lib/cli/printing/table.ts';

const word = fc.string({ unit: fc.constantFrom(...'abcdefgh -.'), maxLength: 60 });
const cell: fc.Arbitrary<Cell> = fc.oneof(
  word,
  fc.record({ text: word, tone: fc.constantFrom('good', 'bad') }),
);
const COLUMNS = [{ head: 'NAME' }, { head: 'N', align: 'right' }, { head: 'WHAT IS SAID' }] as const;
const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 6 });

function textOf(each: Cell): string {
  return typeof each === 'string' ? each : each.text;
}

/** The widths of the longest words of all columns, together. */
function longestWords(cells: readonly (readonly Cell[])[]): number {
  return COLUMNS.reduce((sum, { head }, index) => {
    const words = [...head.split(' '), ...cells.flatMap((row) => textOf(row[index] ?? '').split(' '))];
    return sum + Math.max(head.length, ...words.map(({ length }) => length));
  }, 0);
}

describe('a table', () => {
  it('stays within the terminal, or lists its rows one below the other', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 20, max: 200 }), (cells, width) => {
        const text = table({ width, color: true, boxes: true }, COLUMNS, cells);
        const isBoxed = text.startsWith('┌');
        for (const line of text.split('\n')) {
          if (isBoxed) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(width);
        }
        // A row becomes a list only where the longest words do not fit beside each other.
        if (!isBoxed) expect(longestWords(cells) + 3 * COLUMNS.length + 1).toBeGreaterThan(width);
      }),
    );
  });

  it('cuts no word in two, whatever the width', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(30, 60, 80, 100), (cells, width) => {
        const text = stripVTControlCharacters(table({ width, color: true, boxes: true }, COLUMNS, cells));
        const printed = new Set(text.split(/[\s│]+/));
        const words = cells.flat().flatMap((each) => textOf(each).split(' '));
        for (const each of words) if (each !== '') expect(printed).toContain(each);
      }),
    );
  });

  it('cuts no word that stands behind a space at the beginning', () => {
    const cells = [[' abcdefgh', ...COLUMNS.slice(1).map(() => 'abcdefgh abcdefgh abcdefgh')]];
    for (let width = 20; width <= 100; width += 1) {
      const text = stripVTControlCharacters(table({ width, color: false, boxes: true }, COLUMNS, cells));
      expect(text.match(/abcdefgh/g)).toHaveLength(1 + 3 * (COLUMNS.length - 1));
    }
  });

  it('loses no letter by being wrapped', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 40, max: 90 }), (cells, width) => {
        const text = stripVTControlCharacters(table({ width, color: true, boxes: true }, COLUMNS, cells));
        const letters = (from: string) => [...from.replace(/[^a-h]/g, '')].sort().join('');
        const given = cells.flat().map(textOf);
        expect(letters(text)).toBe(letters(given.join('')));
      }),
    );
  });

  it('is one line a row in a pipe, whatever the width', () => {
    fc.assert(
      fc.property(rows, (cells) => {
        const text = table({ width: 20, color: false, boxes: false }, COLUMNS, cells);
        expect(text.split('\n')).toHaveLength(cells.length + 2);
      }),
    );
  });
});

describe('text from elsewhere', () => {
  it('sends the terminal no control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(tame(text)).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
      }),
    );
  });
});
