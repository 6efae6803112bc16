import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { LeaseCampaignMutantWork } from './lease-campaign-mutant-worker.ts';
import type { Replacement } from './mutant.ts';

interface LeaseCampaignMutant {
  readonly name: string;
  /** The rule that finds it. */
  readonly rule: RegExp;
  /** Within so many seeds. */
  readonly seeds: number;
  /** The first of them; 1 unless given. */
  readonly firstSeed?: number;
  readonly replacements: readonly Replacement[];
}

const RULE = 'lease/lease-rule.ts';
const HOLD = 'lease/hold-period.ts';
const HEAR = 'lease/hear-zone.ts';
const JUDGE = 'lease/judge-zone.ts';
const SOURCE = 'fleet/sources/lease-source.ts';
const MEMORY = 'lease/memory-leases.ts';

const MUTANTS: readonly LeaseCampaignMutant[] = [
  {
    name: 'a tick that rises whenever somebody looks',
    rule: /^L[23]/,
    seeds: 40,
    replacements: [
      {
        file: RULE,
        find: 'if (deaf || now - tick.at < TICK_MIN_MS) return undefined;',
        put: 'if (deaf) return undefined;',
      },
    ],
  },
  {
    name: 'the share of the rows that are held',
    rule: /^L4/,
    seeds: 40,
    replacements: [{ file: HEAR, find: 'isDeaf(groups.length, heard)', put: 'isDeaf(rows.size, heard)' }],
  },
  {
    name: 'a write without the condition on the seq',
    rule: /^L[17]/,
    seeds: 40,
    replacements: [
      {
        file: MEMORY,
        find: 'return there?.e === known?.e && there?.s === known?.s;',
        put: 'return there?.e === known?.e;',
      },
    ],
  },
  {
    name: 'a write without any condition',
    rule: /^L[17]/,
    seeds: 40,
    replacements: [
      {
        file: MEMORY,
        find: 'return there?.e === known?.e && there?.s === known?.s;',
        put: 'return there !== undefined || known === undefined;',
      },
    ],
  },
  {
    name: 'a write that is tried again at once',
    rule: /^L5/,
    seeds: 10,
    replacements: [
      {
        file: HOLD,
        find: 'const outcome = await leases.putRow(zone, row, known);',
        put: `let outcome = await leases.putRow(zone, row, known);
  if (outcome.type === 'unknown') outcome = await leases.putRow(zone, row, known);`,
      },
    ],
  },
  {
    name: 'rows that expire by the clock',
    rule: /^L4/,
    seeds: 10,
    replacements: [
      {
        file: HEAR,
        find: 'await heardRows(leases, zone, groups, tick);',
        put: 'await heardRows(leases, zone, groups, clock.now() - tick.at > 180_000 ? { ...tick, n: tick.n + 5 } : tick);',
      },
    ],
  },
  {
    name: 'a zone that leases alone may empty',
    rule: /^L6/,
    seeds: 40,
    replacements: [
      {
        file: JUDGE,
        find: 'const isTooMany = outAfter(hearing, targets) > hearing.missingMax;',
        put: 'const isTooMany = false;',
      },
    ],
  },
  {
    name: 'whoever does not serve yet is not counted as out',
    rule: /^L6/,
    firstSeed: 260,
    seeds: 20,
    replacements: [
      {
        file: JUDGE,
        find: 'return new Set([...out, ...waiting.map(({ group }) => group)]).size;',
        put: 'return new Set([...out, ...waiting.slice(0, 0).map(({ group }) => group)]).size;',
      },
    ],
  },
  {
    name: 'a deaf zone that is judged',
    rule: /^L4/,
    seeds: 10,
    replacements: [{ file: JUDGE, find: 'const reason = hearing.deaf', put: 'const reason = false' }],
  },
  {
    name: 'a target that serves at its first hearing',
    rule: /^two ticks/,
    seeds: 5,
    replacements: [{ file: JUDGE, find: 'if (!serves && t === since) return stays(target);', put: '' }],
  },
  {
    name: 'a zone that is out while its table is away',
    rule: /^L4/,
    seeds: 20,
    replacements: [
      {
        file: SOURCE,
        find: 'judgement: unheardZone(targets, reason)',
        put: "judgement: { unseen: [], observations: Object.fromEntries(targets.map(({ id, capacity }) => [id, { health: 'unhealthy' as const, capacity }])) }",
      },
    ],
  },
];

describe('random worlds of leases', () => {
  it.each(MUTANTS)('find: $name', async ({ replacements, firstSeed = 1, seeds, rule }) => {
    const work: LeaseCampaignMutantWork = { replacements, firstSeed, seeds };
    const url = new URL('./lease-campaign-mutant-worker.ts', import.meta.url);
    expect(await ownProcess(url, work)).toMatch(rule);
  });
});
