// @module-tag slow
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseFleet } from '../../lib/fleet/parse-fleet.ts';

const example = readFileSync(new URL('../../examples/fleet.yaml', import.meta.url), 'utf8');
const runs = 1_500;

/** Any text gives a fleet or mistakes; each mistake is one of our sentences and has a line of the file. */
function expectAnAnswer(text: string): void {
  const parsed = parseFleet(text, 'f');
  if (parsed.type === 'fleet') {
    expect(parsed.fleet.cells.length).toBeGreaterThan(0);
    return;
  }
  expect(parsed.mistakes.length).toBeGreaterThan(0);
  const lines = text.split('\n').length;
  let last = 0;
  for (const { line, column, message } of parsed.mistakes) {
    expect(line).toBeGreaterThanOrEqual(Math.max(1, last));
    expect(line).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(message).toMatch(/^\S.*[.?]$/);
    // Words of zod, of JavaScript, and others.
    expect(message).not.toMatch(/Invalid input|Too (big|small)|Unrecognized|\bundefined\b|\[object|Error:/);
    last = line;
  }
}

const keys = [
  'version',
  'defaults',
  'cells',
  'use1-a',
  'zone',
  'zone_id',
  'policy',
  'coalesce_s',
  'targets',
  'endpoints',
  't1',
  'az',
  'capacity',
  'health',
  'ipv4',
  'ipv6',
  'hostname',
  'alias',
  'name',
  'api.example.test',
  '*.example.test',
  'kind',
  'floor',
  'ttl_s',
  'families',
  '__proto__',
  'constructor',
  '',
];
const scalars = fc.oneof(
  fc.constantFrom(
    ...keys,
    1,
    0,
    100,
    'example.test',
    '192.0.2.1',
    '2001:db8::1',
    'A',
    'AAAA',
    'addresses',
    'Z1',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalars, tie('list'), tie('map'), tie('map')),
  list: fc.array(tie('tree'), { maxLength: 4 }),
  map: fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 6 }),
}));

test('any text is answered', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), expectAnAnswer), { numRuns: runs });
  const pieces = fc.constantFrom(
    ...keys,
    ...'{}[]:,-?&*!|>\'"%@`#\t\n ',
    ': ',
    '\n  ',
    '- ',
    '&a ',
    '*a ',
    '---\n',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => expectAnAnswer(parts.join(''))),
    { numRuns: runs },
  );
});

test('any tree is answered', () => {
  fc.assert(
    fc.property(tree, (value) => expectAnAnswer(stringify(value))),
    { numRuns: runs },
  );
});

test('the example with any tree in place of any part of it is answered', () => {
  const lines = example.split('\n');
  fc.assert(
    fc.property(fc.nat(lines.length - 1), tree, fc.boolean(), (index, value, cut) => {
      const line = lines[index] ?? '';
      const start = line.search(/: |$/);
      const changed = `${line.slice(0, start)}: ${JSON.stringify(value) ?? 'null'}`;
      expectAnAnswer([...lines.slice(0, index), changed, ...(cut ? [] : lines.slice(index + 1))].join('\n'));
    }),
    { numRuns: 150 },
  );
});

test('the example with any characters lost or added is answered', () => {
  fc.assert(
    fc.property(fc.nat(example.length), fc.nat(20), fc.string({ maxLength: 6 }), (at, lost, added) => {
      expectAnAnswer(`${example.slice(0, at)}${added}${example.slice(at + lost)}`);
    }),
    { numRuns: 150 },
  );
});
