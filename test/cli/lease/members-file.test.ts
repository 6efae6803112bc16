import { expect, test } from 'vitest';
import { parseMembers, readMembers } from '../../../lib/cli/lease/members-file.ts';

const shares = (text: string) => parseMembers('f', text).map(({ name, share }) => [name, share]);

test('a member a line, with a share in percent', () => {
  expect(shares('a\n\n# all of them\nb 50\nc out # since noon\nd 0\ne 100\nf 1\n')).toEqual([
    ['a', 255],
    ['b', 128],
    ['c', 0],
    ['d', 0],
    ['e', 255],
    ['f', 3],
  ]);
});

test.each([
  ['', 'f names no member: write one name a line.'],
  ['a 50 more', 'f:1: a line is a name and a share, and "more" is one word more: remove it.'],
  ['a\nb\na', 'f:3: a is there twice: remove one of them.'],
  ['a 101', 'f:1: "101" is no share: write a percent of 0 to 100, or "out".'],
  ['a -1', 'f:1: "-1" is no share: write a percent of 0 to 100, or "out".'],
  ['a;rm', 'f:1: "a;rm" is no name: use 1 to 128 letters, digits and any of _.:@/+-.'],
  [
    Array.from({ length: 751 }, (_, index) => `m${index}`).join('\n'),
    'f names 751 members, more than 750: make two groups.',
  ],
])('one sentence for a mistake: %#', (text, says) => {
  expect(() => parseMembers('f', text)).toThrow(says);
});

test('a file that is not there is named', async () => {
  await expect(readMembers('/no/such.members')).rejects.toThrow(
    'The file of members /no/such.members is not there: give one that can be read.',
  );
});
