import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import type { WatchingMutantWork } from './watching-mutant-worker.ts';

const NAMES = 'telemetry/metric-names.ts';
const ADAPTER = 'telemetry/powertools-telemetry.ts';
const SPARSE = 'telemetry/sparse-values.ts';
const WATCHES = 'infrastructure/watches.ts';

interface WatchingMutant {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** What the broken rule says. */
  readonly says: RegExp;
}

function mutant(name: string, says: RegExp, file: string, find: string, put: string): WatchingMutant {
  return { name, replacements: [{ file, find, put }], says };
}

/** Bugs in what is published, by which an alarm would be lost, or ring for nothing, or the bill come back. */
const MUTANTS: readonly WatchingMutant[] = [
  mutant(
    'heartbeats that are published as if they were faults',
    /the heartbeat PlannerRuns is not always published/,
    NAMES,
    "  ...Object.fromEntries(ROLES.map(({ heartbeat }) => [heartbeat.metric, 'always'])),\n",
    '',
  ),
  mutant(
    'heartbeats that are logged alone',
    /NoEnactor rings before the trouble/,
    NAMES,
    "[heartbeat.metric, 'always']",
    "[heartbeat.metric, 'logged']",
  ),
  mutant(
    'a Minimum whose zeros are left out',
    /NoRoom rings although some runs are good, in new containers/,
    NAMES,
    "  [METRICS.runsWithoutRoom]: 'always',\n",
    '',
  ),
  mutant(
    'a part of an expression whose zeros are left out',
    /LeasesUnheard does not ring/,
    NAMES,
    "  [METRICS.leasesHeard]: 'always',\n",
    '',
  ),
  mutant(
    'a level that an alarm reads and that is logged alone',
    /LagSeconds does not ring/,
    NAMES,
    "  [METRICS.zoneRecords]: 'logged',\n",
    "  [METRICS.zoneRecords]: 'logged',\n  [METRICS.lagSeconds]: 'logged',\n",
  ),
  mutant(
    'a metric whose zeros nobody needs',
    /nobody needs the zeros of LagSeconds/,
    NAMES,
    "  [METRICS.plannerBlocked]: 'always',\n",
    "  [METRICS.plannerBlocked]: 'always',\n  [METRICS.lagSeconds]: 'always',\n",
  ),
  mutant(
    'every 0 published again',
    /nobody needs the zeros of DriftedNames/,
    NAMES,
    "PUBLICATIONS[metric] ?? 'above-zero'",
    "PUBLICATIONS[metric] ?? 'always'",
  ),
  mutant(
    'a level of 1 that is not published',
    /Refused does not ring, in new containers/,
    SPARSE,
    'if (value > 0) {',
    'if (value > 1) {',
  ),
  mutant(
    'zeros that never follow',
    /EnactorBlocked does not ring as with every 0/,
    SPARSE,
    'if (now() - at < ZEROS_FOLLOW_MS) return true;',
    '',
  ),
  mutant(
    'zeros that follow for less than an alarm looks back',
    /no 0 follows within the hour/,
    SPARSE,
    'const ZEROS_FOLLOW_MS = 3_600_000;',
    'const ZEROS_FOLLOW_MS = 360_000;',
  ),
  mutant(
    'zeros that follow for ever',
    /zeros go on after the hour/,
    SPARSE,
    'if (now() - at < ZEROS_FOLLOW_MS) return true;',
    'return true;',
  ),
  mutant(
    'zeros that follow in every cell',
    /a 0 of another cell is published/,
    SPARSE,
    'const key = JSON.stringify([of, metric]);',
    'const key = metric;',
  ),
  mutant(
    'a sum that no alarm gets',
    /1 of Route53Requests is not published/,
    ADAPTER,
    'for (const [metric, value] of sums) publish(metric, value);',
    '',
  ),
  mutant(
    'an alarm that becomes a Minimum and whose metric stays without zeros',
    /an alarm needs the zeros of EnactorBlocked/,
    WATCHES,
    "    ...at(1, 'Maximum', 5, 2),\n    says: 'An enactor runs",
    "    ...at(1, 'Minimum', 5, 2),\n    says: 'An enactor runs",
  ),
];

describe('the rules of watching, on what is published with a bug in it,', () => {
  for (const { name, replacements, says } of MUTANTS) {
    it(`find "${name}"`, async () => {
      const work: WatchingMutantWork = { replacements };
      const result = await ownProcess(new URL('./watching-mutant-worker.ts', import.meta.url), work);
      expect(result).toMatch(/^killed: /);
      expect(result).toMatch(says);
    });
  }
});
