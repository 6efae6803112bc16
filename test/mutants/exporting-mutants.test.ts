import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { ExportingMutantWork } from './exporting-mutant-worker.ts';
import type { Replacement } from './mutant.ts';

interface ExportingMutant {
  readonly name: string;
  /** What the broken rule says. */
  readonly says: RegExp;
  readonly replacement: Replacement;
}

function mutant(name: string, says: RegExp, file: string, find: string, put: string): ExportingMutant {
  return { name, says, replacement: { file, find, put } };
}

const ADAPTER = 'telemetry/powertools-telemetry.ts';
const RUN_EXPORT = 'telemetry/otlp-run-export.ts';
const BEGIN_OF_END = '    end: async (isWhole, remainingMs = EXPORT_MAX_MS + KEPT_BACK_MS) => {\n';

/** Bugs by which a collector would hold up Pawl's work, or hear something else than CloudWatch. */
const MUTANTS: readonly ExportingMutant[] = [
  mutant(
    'a flush before the work is told',
    /a run is exported before its metrics are in the log/,
    ADAPTER,
    BEGIN_OF_END,
    `${BEGIN_OF_END}      if (exporting !== undefined) await sendOut(exporting, remainingMs);\n`,
  ),
  mutant(
    'an export that takes no notice of the time of the function',
    /an export may take more than is left of the time/,
    ADAPTER,
    'Math.min(EXPORT_MAX_MS, remainingMs - KEPT_BACK_MS)',
    'EXPORT_MAX_MS',
  ),
  mutant(
    'a collector that is waited for',
    /a collector that hangs holds a run/,
    RUN_EXPORT,
    'return await Promise.race([sent, late]);',
    'return await sent;',
  ),
  mutant(
    'an error of the exporter that ends a run',
    /an error of an export ends a run/,
    RUN_EXPORT,
    'return error instanceof Error ? error.message : String(error);',
    'throw error;',
  ),
  mutant(
    'a level that is exported as a sum',
    /LagSeconds is a count, and its alarm takes the Maximum/,
    'telemetry/metric-facts.ts',
    'lagSeconds: level(',
    'lagSeconds: count(',
  ),
  mutant(
    'the last value of a run instead of the worst one',
    /a source that was blind in a run is not/,
    'telemetry/run-readings.ts',
    'worse(levels.get(metric) ?? value, value)',
    'value',
  ),
  mutant(
    'a name that differs from that in CloudWatch',
    /PlannerRuns has another name/,
    'telemetry/prometheus-reader.ts',
    ".replace(ENDED, '$1$2')",
    '',
  ),
  mutant(
    'a 0 that has a value for Prometheus alone',
    /a metric that has no value has one/,
    'telemetry/metered-runs.ts',
    "publication === 'always' || sparse.isPublished(of, metric, value)",
    'true',
  ),
  mutant(
    'a server that answers to any Host',
    /a page of the web is answered/,
    'wiring/serve-metrics.ts',
    "if (!OWN_NAMES.includes((headers.host ?? '').replace(/:\\d+$/, '').toLowerCase())) {",
    'if (headers.host === undefined) {',
  ),
];

describe('the rules of exporting, with a bug in what they are about,', () => {
  for (const { name, replacement, says } of MUTANTS) {
    it(`find "${name}"`, async () => {
      const work: ExportingMutantWork = { replacements: [replacement] };
      const result = await ownProcess(new URL('./exporting-mutant-worker.ts', import.meta.url), work);
      expect(result).toMatch(/^killed: /);
      expect(result).toMatch(says);
    });
  }
});
