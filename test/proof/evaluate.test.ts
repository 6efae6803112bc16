import { describe, expect, it } from 'vitest';
import { PREDICATES } from '../../lib/proof/cells/predicates.ts';
import type { Structure } from '../../lib/proof/evaluate.ts';
import { evaluation, evaluations } from '../../lib/proof/evaluate.ts';

/** Two roots, of which one points at a tree that leads to a node. */
const ZONE: Structure = {
  members: { Node: ['tree', 'node'], Root: ['api', 'web'] },
  symbols: {
    there: (node) => node === 'tree',
    points: (root, node) => root === 'api' && node === 'tree',
    under: (node, other) => node === other || (node === 'tree' && other === 'node'),
    home: (node) => `cell of ${node}`,
  },
};

function says(text: string): boolean | string {
  return evaluation('', text, new Map())(ZONE);
}

describe('a formula about a finite structure', () => {
  it.each([
    ['forall n: Node. there(n)', false],
    ['exists n: Node. there(n)', true],
    ['forall r: Root, n: Node. points(r, n) -> there(n)', true],
    ['forall r: Root, n: Node, m: Node. points(r, n) & under(n, m) -> there(m)', false],
    ['exists r: Root. forall n: Node. !points(r, n)', true],
    ['forall r: Root. exists n: Node. points(r, n)', false],
    ['forall n: Node, m: Node. under(n, m) & n != m -> there(n) & !there(m)', true],
    ['exists n: Node. !(there(n) | under(n, n))', false],
    ['forall n: Node. there(n) <-> (exists r: Root. points(r, n))', true],
    ['forall n: Node. home(n) = home(n)', true],
    ['exists n: Node. (if there(n) then home(n) else home(n)) != home(n)', false],
  ])('%s: %s', (text, truth) => {
    expect(says(text)).toBe(truth);
  });

  it('says what the structure does not tell', () => {
    expect(() => says('gone')).toThrow('the structure does not say what "gone" is');
    expect(() => says('forall x: Server. there(x)')).toThrow('what a Server is');
    expect(() => says('1 <= 2')).toThrow('a finite structure has no numbers');
  });

  it('uses predicates of the theory, each those before it', () => {
    const guards = evaluations(PREDICATES);
    const batch: Structure = {
      members: { Node: ['tree', 'node'] },
      symbols: { ...ZONE.symbols, makes: (node) => node === 'node', drops: () => false },
    };
    expect(guards.get('makes-it-whole')?.(batch)).toBe(true);
    expect(guards.get('makes-nothing')?.(batch)).toBe(false);
    const half = {
      ...batch,
      symbols: { ...batch.symbols, makes: (node?: string) => node === 'tree', there: () => false },
    };
    expect(guards.get('makes-it-whole')?.(half)).toBe(false);
  });
});
