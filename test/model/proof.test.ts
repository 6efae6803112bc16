import { access, readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { parseFormula } from '../../lib/proof/formula.ts';
import { proveBeginning, proveStep } from './proof.ts';
import { proofPage } from './proof-page.ts';
import { startSolver } from './solver.ts';
import { THEORIES } from './theories.ts';
import { surprisesOf } from './variant.ts';

const PROVEN = { broken: [], unknown: [], impossible: [] };
const counted = { steps: 0, possibilities: 0, variants: 0 };
const startedAt = performance.now();
const solver = startSolver();

afterAll(() => {
  solver.end();
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const { steps, possibilities, variants } = counted;
  process.stdout.write(
    `${steps} steps proven, ${possibilities} possibilities shown, ${variants} broken variants refuted in ${seconds} s\n`,
  );
});

for (const { theory, variants } of THEORIES) {
  describe(`${theory.name}: all steps keep all invariants`, () => {
    it.concurrent('the beginning', async () => {
      expect(await proveBeginning(solver, theory)).toEqual({ step: 'the beginning', ...PROVEN });
      counted.possibilities += 1;
    });

    for (const step of theory.steps) {
      it.concurrent(step.name, async () => {
        expect(await proveStep(solver, theory, step)).toEqual({ step: step.name, ...PROVEN });
        counted.steps += 1;
        counted.possibilities += step.happens.length;
      });
    }
  });

  describe(`${theory.name}: a broken variant fails where it must`, () => {
    for (const variant of variants) {
      it.concurrent(variant.name, async () => {
        expect(await surprisesOf(solver, theory, variant)).toEqual([]);
        counted.variants += 1;
      });
    }
  });

  describe(`${theory.name} is readable`, () => {
    const named = [
      ...[...theory.fixed, ...theory.state, ...theory.given],
      ...[...theory.laws, ...theory.beginning, ...theory.predicates, ...theory.invariants],
      ...theory.steps,
    ];

    it('everything has a name of its own and a sentence', () => {
      const names = named.map(({ name }) => name);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
      expect(named.filter(({ says }) => !/^[A-Z].*\.$/s.test(says))).toEqual([]);
    });

    it('no predicate, symbol or invariant is there for nothing', () => {
      const texts = [
        ...[...theory.laws, ...theory.beginning, ...theory.predicates, ...theory.invariants].map(
          ({ holds }) => holds,
        ),
        ...theory.steps.flatMap(({ guards, effects, happens }) => [
          ...guards,
          ...effects.map(({ becomes }) => becomes),
          ...happens,
        ]),
      ];
      const words = new Set(texts.flatMap((text) => text.match(/[A-Za-z][\w-]*/g) ?? []));
      const used = [...theory.fixed, ...theory.state, ...theory.given, ...theory.predicates];
      expect(used.filter(({ name }) => !words.has(name)).map(({ name }) => name)).toEqual([]);
    });

    it('each step happens in a way that is shown', () => {
      expect(theory.steps.filter(({ happens }) => happens.length === 0)).toEqual([]);
    });
  });
}

it('docs/proof.md is the page of these tables (npm run generate:proof)', async () => {
  const page = await readFile(new URL('../../docs/proof.md', import.meta.url), 'utf8');
  expect(page).toBe(proofPage(THEORIES));
});

it('every step names a file of the production code', async () => {
  const files = new Set(THEORIES.flatMap(({ theory }) => theory.steps.map(({ code }) => code)));
  for (const file of files) await access(new URL(`../../${file}`, import.meta.url));
});

describe('a proof that fails', () => {
  const [{ theory } = { theory: undefined }] = THEORIES;

  it('a guard that contradicts another makes a step impossible', async () => {
    const step = theory?.steps.find(({ name }) => name === 'thaw');
    if (theory === undefined || step === undefined) throw new Error('there is no thaw');
    const never = { ...step, guards: [...step.guards, 'fence-is-open'] };
    const { broken, impossible } = await proveStep(solver, theory, never);
    expect({ broken, impossible }).toEqual({ broken: [], impossible: step.happens });
  });

  it('a text that is no formula is refused with what is missing', () => {
    expect(() => parseFormula('forall n Node. there(n)')).toThrow('":" is missing before "Node .');
    expect(() => parseFormula('there(n) &')).toThrow('a name is missing before ""');
    expect(() => parseFormula('there(n) n')).toThrow('the end is missing before "n"');
    expect(() => parseFormula('there(n) ? n')).toThrow('"? n" is no part of a formula');
  });
});
