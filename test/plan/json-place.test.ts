import { describe, expect, it } from 'vitest';
import { InvalidValue } from '../../lib/plan/invariant.ts';
import {
  documentPlace,
  fields,
  flag,
  integer,
  items,
  made,
  NotAsExpected,
  quantity,
  shown,
  text,
  word,
} from '../../lib/plan/json-place.ts';

const at = documentPlace;

/** What a function throws, which must name the place. */
function refusal(run: () => unknown): { readonly message: string; readonly path: string } {
  try {
    run();
  } catch (error) {
    if (!(error instanceof NotAsExpected)) throw error;
    return { message: error.message, path: error.path };
  }
  throw new Error('nothing was refused');
}

describe('the fields of an object', () => {
  it('are the required and optional ones, each at its place', () => {
    const found = fields(at({ b: 2, a: 1 }), ['a'], ['b', 'c']);
    expect(found.a.value).toBe(1);
    expect(found.b?.value).toBe(2);
    expect(found.c).toBe(undefined);
  });

  it('must be there, and no other', () => {
    expect(refusal(() => fields(at({ a: 1 }), ['a', 'b']))).toEqual({
      message: 'The key "b" is missing.',
      path: '',
    });
    expect(refusal(() => fields(at({ a: 1, z: 2 }), ['a'], ['b']))).toEqual({
      message: 'The key "z" is not known; known are a, b.',
      path: '',
    });
    expect(refusal(() => fields(at({}), ['toString']))).toMatchObject({
      message: 'The key "toString" is missing.',
    });
  });

  it.each([
    [null, 'null'],
    [[], 'a list'],
    [7, '7'],
    ['text', '"text"'],
    [undefined, 'nothing'],
  ])('are not those of %j', (value, said) => {
    expect(refusal(() => fields(at(value), []))).toMatchObject({
      message: `An object is needed here, not ${said}.`,
    });
  });
});

it('gives the path of a place', () => {
  const { leaves } = fields(at({ leaves: [{ weight: 'x' }] }), ['leaves']);
  const [first = at(0)] = items(leaves, 0, 9);
  expect(refusal(() => integer(first, 1, 2)).path).toBe('leaves[0]');
  expect(refusal(() => integer(fields(first, ['weight']).weight, 1, 2)).path).toBe('leaves[0].weight');
  const [inner = at(0)] = items(items(at([['x']]), 1, 1)[0] ?? at(0), 1, 1);
  expect(refusal(() => flag(inner)).path).toBe('[0][0]');
});

describe('a list', () => {
  it('has from the fewest to the most items', () => {
    expect(items(at([7, 8]), 2, 2).map(({ value }) => value)).toEqual([7, 8]);
    expect(items(at([]), 0, 2)).toEqual([]);
    for (const wrong of [[1], [1, 2, 3, 4]])
      expect(refusal(() => items(at(wrong), 2, 3)).message).toBe(
        `A list of 2 to 3 items is needed here, not of ${wrong.length}.`,
      );
    expect(refusal(() => items(at({ length: 2 }), 2, 3)).message).toBe(
      'A list is needed here, not an object.',
    );
  });
});

describe('a text', () => {
  it('has one to the most characters', () => {
    expect(text(at('x'), 3)).toBe('x');
    expect(text(at('ü😀'), 3)).toBe('ü😀');
    for (const wrong of ['', 'abcd', 'a\n', '\u0000', '\u007F', '\uD83D'])
      expect(refusal(() => text(at(wrong), 3)).message).toBe(
        `1 to 3 plain characters are needed here, not ${JSON.stringify(wrong)}.`,
      );
    expect(refusal(() => text(at(7), 3)).message).toBe('A text is needed here, not 7.');
  });
});

describe('a number', () => {
  it('is whole where it must be, within its bounds', () => {
    expect([integer(at(1), 1, 3), integer(at(3), 1, 3), integer(at(0), 0, 3)]).toEqual([1, 3, 0]);
    for (const wrong of [0, 4, 1.5, '2', null, Number.NaN])
      expect(refusal(() => integer(at(wrong), 1, 3)).message).toBe(
        `A whole number from 1 to 3 is needed here, not ${JSON.stringify(wrong)}.`,
      );
    expect(() => integer(at(2 ** 53), 0, 2 ** 60)).toThrow(NotAsExpected);
    expect(() => integer(at(-0), -1, 1)).toThrow(NotAsExpected);
  });

  it('may have a fraction where it may', () => {
    expect([quantity(at(1), 1, 3), quantity(at(1.5), 1, 3), quantity(at(3), 1, 3)]).toEqual([1, 1.5, 3]);
    for (const wrong of [0.99, 3.01, '2', null, Number.NaN])
      expect(refusal(() => quantity(at(wrong), 1, 3)).message).toBe(
        `A number from 1 to 3 is needed here, not ${JSON.stringify(wrong)}.`,
      );
    expect(() => quantity(at(-0), -1, 1)).toThrow(NotAsExpected);
  });
});

it('takes true or false for a flag, and one of its words for a word', () => {
  expect([flag(at(true)), flag(at(false))]).toEqual([true, false]);
  expect(refusal(() => flag(at('true'))).message).toBe('true or false is needed here, not "true".');
  expect(word(at('b'), ['a', 'b'])).toBe('b');
  expect(refusal(() => word(at('c'), ['a', 'b'])).message).toBe('One of a, b is needed here, not "c".');
});

it('reports what another module refuses with its place, and lets bugs through', () => {
  const cause = new InvalidValue('"." is not a DNS name: it is empty.');
  const refuse = (error: Error) => () =>
    made(at('.'), () => {
      throw error;
    });
  expect(made(at('.'), () => 7)).toBe(7);
  expect(refuse(cause)).toThrow(NotAsExpected);
  expect(refuse(cause)).toThrow(expect.objectContaining({ message: cause.message, cause }));
  const bug = new TypeError('x is not a function');
  expect(refuse(bug)).toThrow(bug);
});

describe('a value in a sentence', () => {
  it('is clipped at 60 characters, and never within one', () => {
    expect(shown('x'.repeat(58))).toBe(`"${'x'.repeat(58)}"`);
    expect(shown('x'.repeat(59))).toBe(`"${'x'.repeat(56)}...`);
    expect(shown(`${'x'.repeat(55)}😀😀`)).toBe(`"${'x'.repeat(55)}\uFFFD...`);
  });

  it('is not written out when it is deep', () => {
    expect([shown([1]), shown({ a: 1 }), shown(null), shown(undefined), shown(() => 1)]).toEqual([
      'a list',
      'an object',
      'null',
      'nothing',
      'nothing',
    ]);
  });
});
