import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { TrailText } from '../../lib/wiring/trail-lines.ts';
import { trailText } from '../../lib/wiring/trail-lines.ts';

/** The text of a file that comes in pieces of so many characters. */
async function textOf(text: string, size: number): Promise<readonly TrailText[]> {
  const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
  const found: TrailText[] = [];
  for await (const each of trailText(Readable.from(pieces))) found.push(each);
  return found;
}

/** Lines with their numbers, and whether only the last one ends the file. */
function linesOf(texts: readonly TrailText[]) {
  return texts.flatMap((each, index) => {
    if (each.type === 'document') return ['a document'];
    expect(each.isEnd).toBe(index === texts.length - 1);
    return each.lines.map((line, at) => `${each.number + at} ${line}`);
  });
}

const SIZES = [1, 2, 3, 7, 64, 5_000, 1_000_000];

describe('the text of a trail', () => {
  it('has the same lines with the same numbers, whatever the pieces are that it comes in', async () => {
    const long = `{"c":"${'x'.repeat(6_000)}"}`;
    const lines = ['{"a":1}', '', '{"b":2}', long, '{"d":4}'];
    const numbered = lines.map((line, index) => `${index + 1} ${line}`);
    for (const size of SIZES) {
      expect(linesOf(await textOf(lines.join('\n'), size)), `${size}`).toEqual(numbered);
      expect(linesOf(await textOf(`${lines.join('\n')}\n`, size)), `${size}`).toEqual(numbered);
      expect(linesOf(await textOf(`${lines.join('\n')}\n\n`, size)), `${size}`).toEqual([...numbered, '6 ']);
      expect(linesOf(await textOf(long, size)), `${size}`).toEqual([`1 ${long}`]);
    }
  });

  it('of one document comes whole', async () => {
    for (const text of ['{"Records":[]}', '{\n  "Records": [\n  ]\n}', ' { "Records" : [] }\n', '\n{}'])
      for (const size of SIZES)
        expect(await textOf(text, size), `${size} ${text}`).toEqual([{ type: 'document', text }]);
  });

  it('of an empty file is nothing', async () => {
    expect(await textOf('', 1)).toEqual([]);
  });
});
