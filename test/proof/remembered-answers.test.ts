import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Structure, Value } from '../../lib/proof/evaluate.ts';
import { evaluation } from '../../lib/proof/evaluate.ts';
import type { RememberedAnswers } from '../../lib/proof/remembered-answers.ts';
import { rememberedAnswers } from '../../lib/proof/remembered-answers.ts';

const NODES = ['a', 'b', 'c'];

/** Whose each node is, what stands, and what leads to what. */
interface Zone {
  readonly nodes: readonly string[];
  readonly home: Readonly<Record<string, string>>;
  readonly there: readonly string[];
  readonly under: readonly (readonly [string, string])[];
  readonly own: string;
}

const zones: fc.Arbitrary<Zone> = fc.record({
  nodes: fc.subarray(NODES),
  home: fc.record({
    a: fc.constantFrom('x', 'y', 'z'),
    b: fc.constantFrom('x', 'y', 'z'),
    c: fc.constantFrom('x', 'y'),
  }),
  there: fc.subarray(NODES),
  under: fc.subarray(NODES.flatMap((node) => NODES.map((other) => [node, other] as const))),
  own: fc.constantFrom('x', 'y'),
});

const FORMULAS = [
  'forall n: Node. there(n) -> home(n) = own',
  'exists n: Node, m: Node. n != m & home(n) = home(m) & home(n) != own',
  'forall n: Node, m: Node. under(n, m) & there(n) -> there(m)',
  'exists n: Node. !there(n) & (forall m: Node. under(m, n) -> home(m) != home(n))',
  '(if there(first) then home(first) else own) = own',
];

/** The symbols of whichever zone is asked about now. */
function symbolsOf(now: () => Zone): Structure['symbols'] {
  return {
    there: (node = '') => now().there.includes(node),
    home: (node = '') => now().home[node] ?? 'nobody',
    under: (node, other) => now().under.some(([one, two]) => one === node && two === other),
    own: () => now().own,
    first: () => now().nodes[0] ?? 'none',
  };
}

function asker(placesMax?: number) {
  let zone: Zone | undefined;
  let asked = 0;
  const now = (): Zone => {
    if (zone === undefined) throw new Error('no zone');
    return zone;
  };
  const plain = symbolsOf(now);
  const counted = Object.fromEntries(
    Object.entries(plain).map(([name, symbol]) => [
      name,
      (...given: readonly string[]): Value => {
        asked += 1;
        return symbol(...given);
      },
    ]),
  );
  const remembered: RememberedAnswers = rememberedAnswers(counted, placesMax);
  return {
    /** What the formula says, what is remembered says, and how many symbols were asked for the latter. */
    both: (formula: string, given: Zone) => {
      zone = given;
      const structure: Structure = { members: { Node: given.nodes }, symbols: {} };
      const direct = evaluation('', formula, new Map(), plain)(structure);
      const holds = evaluation('', formula, new Map(), remembered.symbols);
      asked = 0;
      const answer = remembered.ask(formula, structure.members, () => holds(structure) === true);
      return { direct, answer, asked };
    },
  };
}

describe('an answer that is remembered', () => {
  it('is what the formula says, whatever was asked before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...FORMULAS), zones), { maxLength: 40 }), (questions) => {
        const { both } = asker();
        for (const [formula, zone] of questions) {
          const { direct, answer } = both(formula, zone);
          expect(answer).toBe(direct);
        }
      }),
    );
  });

  it('holds for other names that say the same, and asks each symbol once', () => {
    const { both } = asker();
    const formula = FORMULAS[0] ?? '';
    const zone = { nodes: ['a', 'b'], home: { a: 'x', b: 'x' }, there: ['a', 'b'], under: [], own: 'x' };
    const first = both(formula, zone);
    const other = both(formula, {
      ...zone,
      nodes: ['c', 'b'],
      home: { b: 'y', c: 'y' },
      there: ['b', 'c'],
      own: 'y',
    });
    expect([first.answer, other.answer]).toEqual([true, true]);
    expect([first.asked, other.asked]).toEqual([6, 5]);
  });

  it('does not hold where a name is of two kinds, or there are too many: then the formula is asked', () => {
    const { symbols, ask } = rememberedAnswers({ own: () => 'x' });
    const answers = [true, false];
    const next = () => symbols['own']?.() === 'x' && answers.shift() === true;
    expect(ask('q', { Node: ['x'], Cell: ['x'] }, next)).toBe(true);
    expect(ask('q', { Node: ['x'], Cell: ['x'] }, next)).toBe(false);
    const many = Array.from({ length: 25 }, (_, index) => `n${index}`);
    answers.push(true, false);
    expect(ask('q', { Node: many }, next)).toBe(true);
    expect(ask('q', { Node: many }, next)).toBe(false);
  });

  it('is not kept once enough is', () => {
    const full = asker(1);
    const formula = FORMULAS[2] ?? '';
    const zone = { nodes: ['a', 'b'], home: {}, there: ['a'], under: [['a', 'b'] as const], own: 'x' };
    const other = { ...zone, there: ['a', 'b'] };
    expect(full.both(formula, zone)).toMatchObject({ answer: false, direct: false });
    for (let time = 0; time < 2; time += 1)
      expect(full.both(formula, other)).toMatchObject({ answer: true, direct: true, asked: 11 });
  });

  it('is none where the formula could not be asked', () => {
    const { symbols, ask } = rememberedAnswers({ own: () => 'x' });
    const failing = () => {
      symbols['own']?.();
      throw new Error('away');
    };
    expect(() => ask('q', { Node: [] }, failing)).toThrow('away');
    expect(ask('q', { Node: [] }, () => symbols['own']?.() === 'x')).toBe(true);
    expect(() => ask('other', { Node: [] }, () => symbols['own']?.('nobody') === 'x')).toThrow(
      '"own" is asked about nobody, which nothing has named',
    );
  });
});
