import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { LeaseMutantWork } from './lease-mutant-worker.ts';
import type { Replacement } from './mutant.ts';

interface LeaseMutant {
  readonly name: string;
  readonly scenario: string;
  /** The rule that finds it. */
  readonly rule: RegExp;
  readonly replacements: readonly Replacement[];
}

/** No search of a bug needs more. */
const STATES_MAX = 300_000;

const RULE = 'lease/lease-rule.ts';
const HOLD = 'lease/hold-period.ts';
const HEAR = 'lease/hear-zone.ts';
const FORGET = 'lease/forget-group.ts';
const MEMORY = 'lease/memory-leases.ts';

const MUTANTS: readonly LeaseMutant[] = [
  {
    name: 'a tick that rises whenever somebody looks',
    scenario: 'a-row-lapses',
    rule: /^L3/,
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
    scenario: 'a-zone-is-deaf',
    rule: /^L4/,
    replacements: [{ file: HEAR, find: 'isDeaf(groups.length, heard)', put: 'isDeaf(rows.size, heard)' }],
  },
  {
    name: 'a write without the condition on the seq',
    scenario: 'a-row-is-late',
    rule: /^L[17]/,
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
    scenario: 'a-take-over-fails',
    rule: /^L[17]/,
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
    scenario: 'answers-are-lost',
    rule: /^L5/,
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
    scenario: 'a-zone-is-deaf',
    rule: /^L4/,
    replacements: [
      {
        file: HEAR,
        find: 'const heard = await heardRows(leases, zone, groups, tick);',
        put: `const aged = clock.now() - tick.at > 60_000 ? { ...tick, n: tick.n + 5 } : tick;
  const heard = await heardRows(leases, zone, groups, aged);`,
      },
    ],
  },
  {
    name: 'a tick that says in advance when it rises',
    scenario: 'a-tick-is-late',
    rule: /^L3/,
    replacements: [
      {
        file: RULE,
        find: 'return { ...tick, n: tick.n + 1, seen: false };',
        put: 'return { ...tick, n: tick.n + 1, at: Math.max(now, tick.at + TICK_MIN_MS) };',
      },
    ],
  },
  {
    name: 'a time of a tick that does not rise by an interval',
    scenario: 'a-row-lapses',
    rule: /^L3/,
    replacements: [
      { file: RULE, find: 'at: Math.max(now, tick.at + TICK_MIN_MS), seen', put: 'at: now, seen' },
    ],
  },
  {
    name: 'a holder without a margin',
    scenario: 'a-row-lapses',
    rule: /^L3/,
    replacements: [{ file: RULE, find: 'const MARGIN_MS = 6_000;', put: 'const MARGIN_MS = 0;' }],
  },
  {
    name: 'a time that counts from the answer',
    scenario: 'a-tick-is-late',
    rule: /^L3/,
    replacements: [
      {
        file: HOLD,
        find: "if (outcome.type === 'applied') return held({ ...row, untilMs });",
        put: "if (outcome.type === 'applied') return held({ ...row, untilMs: deps.stopwatch.elapsedMs() + HELD_MS });",
      },
    ],
  },
  {
    name: 'a row that is taken over before it lapsed',
    scenario: 'another-takes-over',
    rule: /^L2/,
    replacements: [
      { file: HOLD, find: "standingAt(n, row.t) !== 'lapsed'", put: "standingAt(n, row.t) === 'heard'" },
    ],
  },
  {
    name: 'a group that is forgotten before it lapsed',
    scenario: 'a-group-is-forgotten',
    rule: /^L3/,
    replacements: [{ file: FORGET, find: "standing !== 'lapsed'", put: "standing === 'heard'" }],
  },
  {
    name: 'a group that is forgotten with its epoch',
    scenario: 'a-group-is-forgotten',
    rule: /^L1/,
    replacements: [{ file: FORGET, find: 's: row.s + 1,', put: 'e: 1, s: 1,' }],
  },
  {
    name: 'a group that is forgotten whoever wrote meanwhile',
    scenario: 'a-group-is-forgotten',
    rule: /^L[137]/,
    replacements: [
      {
        file: FORGET,
        find: 'const outcome = await leases.putRow(zone, released, row);',
        put: `const there = await leases.readRow(zone, group);
  const outcome = await leases.putRow(zone, released, there?.type === 'row' ? there.row : row);`,
      },
    ],
  },
];

describe('the search of leases', () => {
  it.each(MUTANTS)('finds: $name', async ({ replacements, scenario, rule }) => {
    const work: LeaseMutantWork = { replacements, scenario, statesMax: STATES_MAX };
    expect(await ownProcess(new URL('./lease-mutant-worker.ts', import.meta.url), work)).toMatch(rule);
  });
});
