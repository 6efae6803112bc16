import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';

const FENCED = 'cell/fenced-write.ts';
const GONE = 'cell/gone-names.ts';
const OFFERS = 'enactor/see-to-offers.ts';
const KINDS = 'plan/batch-kinds.ts';
const TAKE = 'plan/handover.ts';

/** The guard would find most of these before they are sent. */
const WITHOUT_GUARD: Replacement = {
  file: KINDS,
  find: '      assertHandover(parts.rest, scope);\n',
  put: '',
};

interface HandoverMutant {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  readonly says: RegExp;
}

/** Bugs in a handover. Each is found by stopping somebody before one of its calls. */
const MUTANTS: readonly HandoverMutant[] = [
  {
    name: 'only the fence of the cell that takes is compared',
    replacements: [
      WITHOUT_GUARD,
      {
        file: FENCED,
        find: '...(write.beside === undefined ? [] : besideChanges(writer, write.beside)),',
        put: '',
      },
    ],
    says: /fences moved/,
  },
  {
    name: 'a cell repairs what another one has taken',
    replacements: [
      {
        file: GONE,
        find: 'const taken = view === undefined ? [] : takenByOthers(state.offers, view, scope).keys();',
        put: 'const taken: readonly DnsName[] = [];',
      },
      {
        file: OFFERS,
        find: 'const given = takenByOthers(state.offers, view, scope);',
        put: 'const given = takenByOthers([], view, scope);',
      },
      {
        file: 'plan/roots.ts',
        find: 'const giver = otherCellsRoot(name, view, scope);',
        put: 'const giver = owned.has(name) ? undefined : otherCellsRoot(name, view, scope);',
      },
    ],
    says: /which is of use1-b|the owner is use1-a and was use1-b/,
  },
  {
    // What the log retains keeps those trees as a rule: that is taken away too.
    name: 'a janitor deletes what was given before the batch that took it is everywhere',
    replacements: [
      {
        file: 'ledger/decider/evolve-handover.ts',
        find: 'applied: applied === null ? null : withoutChange(applied),',
        put: 'applied: applied === null ? null : (withoutChange(applied), applied),',
      },
      {
        file: 'janitor/select-retirable.ts',
        find: 'const needed = namesOfPlans([applied, ...wanted]);',
        put: 'const needed = namesOfPlans([applied, ...wanted].slice(0, 0));',
      },
      {
        file: 'janitor/select-retirable.ts',
        find: '    if (proof === undefined) continue;\n',
        put: '    if (proof === undefined && endpoint === undefined) continue;\n',
      },
      {
        file: 'janitor/select-retirable.ts',
        find: 'retirements.push({ name, ...tree, records: fitsWith(whole, proof) ? whole : records, proof });',
        put: 'retirements.push({ name, ...tree, records: whole, proof: proof ?? [] });',
      },
    ],
    says: /e000\.example\.test after/,
  },
  {
    name: 'an endpoint is taken that nobody offers',
    replacements: [
      WITHOUT_GUARD,
      {
        file: TAKE,
        find: "  if (!offers.some((record) => isOffer(record, offer, giver))) return 'not offered';\n",
        put: "  if (offer.name !== name) return 'not offered';\n",
      },
    ],
    says: /which is of|the owner is|is wrong about/,
  },
];

async function judged(replacements: readonly Replacement[]): Promise<string> {
  return ownProcess<string>(new URL('./stopped-handover-worker.ts', import.meta.url), replacements);
}

describe('a handover, stopped before each call of those who have a part in it,', () => {
  for (const { name, replacements, says } of MUTANTS)
    it(`is found wrong where ${name}`, async () => {
      const result = await judged(replacements);
      expect(result).toMatch(/^killed: /);
      expect(result).toMatch(says);
    }, 300_000);
});
