import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IConfiguration, ICruiseOptions, ICruiseResult } from 'dependency-cruiser';
import { cruise } from 'dependency-cruiser';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const configFile = join(root, '.dependency-cruiser.mjs');
const config: IConfiguration = await extractDepcruiseConfig(configFile);
const options: ICruiseOptions = await extractDepcruiseOptions(configFile);
const ruleNames = (config.forbidden ?? []).map((rule) => rule.name ?? '');

async function cruised(baseDir: string, folders: readonly string[]): Promise<ICruiseResult> {
  const { output } = await cruise([...folders], { ...options, baseDir, outputType: 'json' });
  return typeof output === 'string' ? JSON.parse(output) : output;
}

function sourcesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|mjs)$/.test(path))
    .map((path) => `${folder}/${path}`);
}

function existing(folders: readonly string[]): string[] {
  const present = new Set(readdirSync(root));
  return folders.filter((folder) => present.has(folder));
}

describe('the import rules', () => {
  it('hold in the whole tree, and every source file of it was looked at', async () => {
    const folders = existing(['bin', 'functions', 'lib']);
    const expected = folders.flatMap(sourcesUnder).sort();
    const result = await cruised(root, folders);
    const seen = result.modules.map((module) => module.source).filter((source) => expected.includes(source));

    expect(seen.sort()).toEqual(expected);
    expect(expected.length, 'a tree this small is not the one that was meant').toBeGreaterThan(40);
    // TypeScript 7 has no API: dependency-cruiser then sees files without imports, and finds nothing wrong.
    expect(result.summary.totalDependenciesCruised ?? 0).toBeGreaterThan(expected.length);
    const broken = result.summary.violations.map(
      ({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`,
    );
    expect(broken).toEqual([]);
  });

  it('speak of every folder of the library, and of the one file beside them', () => {
    const entries = readdirSync(join(root, 'lib'), { withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    // The table of roles belongs to no room, because it speaks of all of them. Whatever else there is has a folder.
    expect(files).toEqual(['roles.ts']);
    const layers = (config.forbidden ?? []).slice(0, ruleNames.indexOf('lib-stands-alone'));
    const patterns = layers.map((rule) => new RegExp(String(rule.from?.path)));
    const unruled = entries
      .map((entry) => (entry.isDirectory() ? `lib/${entry.name}/some-file.ts` : `lib/${entry.name}`))
      .filter((path) => !patterns.some((pattern) => pattern.test(path)));
    expect(unruled).toEqual([]);
  });
});

/** Imports that break a rule, the rule's name first: what must stay impossible, said as examples. */
const violations: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['roles', 'lib/roles.ts', './plan/batch-kinds.ts'],
  ['roles', 'lib/roles.ts', './runtime/clock.ts'],
  ['roles', 'lib/roles.ts', 'node:crypto'],
  ['plan', 'lib/plan/a.ts', 'node:fs'],
  ['plan', 'lib/plan/a.ts', 'zod'],
  ['plan', 'lib/plan/a.ts', '../runtime/clock.ts'],
  ['plan', 'lib/plan/a.ts', '../planner/a.ts'],
  ['ledger-pure', 'lib/ledger/decider/decide.ts', '../dynamodb/a.ts'],
  ['ledger-pure', 'lib/ledger/ledger.ts', '../runtime/clock.ts'],
  ['ledger-pure', 'lib/ledger/decider/evolve.ts', 'node:crypto'],
  ['ledger-adapter', 'lib/ledger/dynamodb/a.ts', '../../zone/zone.ts'],
  ['ledger-adapter', 'lib/ledger/dynamodb/a.ts', '../../wiring/a.ts'],
  ['lease', 'lib/lease/a.ts', '../ledger/ledger.ts'],
  ['lease', 'lib/lease/a.ts', './dynamodb/a.ts'],
  ['lease', 'lib/lease/a.ts', 'node:os'],
  ['lease-adapter', 'lib/lease/dynamodb/a.ts', '../../ledger/dynamodb/a.ts'],
  ['zone-pure', 'lib/zone/zone.ts', '@aws-sdk/client-route-53'],
  ['zone-pure', 'lib/zone/zone.ts', '../ledger/decider/events.ts'],
  ['rules', 'lib/rules/a.ts', '../simulator/a.ts'],
  ['rules', 'lib/rules/a.ts', '../ledger/ledger.ts'],
  ['trail', 'lib/trail/a.ts', 'node:fs'],
  ['trail', 'lib/trail/a.ts', '../zone/route53/a.ts'],
  ['zone-adapter', 'lib/zone/route53/a.ts', '../../cell/a.ts'],
  ['zone-adapter', 'lib/zone/route53/a.ts', '../../emulator/a.ts'],
  ['telemetry-pure', 'lib/telemetry/telemetry.ts', './powertools-telemetry.ts'],
  ['telemetry-adapter', 'lib/telemetry/powertools-telemetry.ts', '../ledger/ledger.ts'],
  ['runtime', 'lib/runtime/clock.ts', '../plan/a.ts'],
  ['runtime', 'lib/runtime/clock.ts', 'zod'],
  ['fleet', 'lib/fleet/a.ts', '../ledger/ledger.ts'],
  ['fleet', 'lib/fleet/sources/a.ts', '@aws-sdk/client-route-53'],
  ['fleet', 'lib/fleet/a.ts', 'node:fs'],
  ['fleet-file', 'lib/fleet/fleet-file.ts', '../plan/names.ts'],
  ['fleet-file', 'lib/fleet/fleet-file.ts', 'node:net'],
  ['fleet', 'lib/fleet/sources/a.ts', './elbv2-source.ts'],
  ['fleet', 'lib/fleet/sources/cell-observations.ts', '@aws-sdk/client-route-53'],
  ['source-adapter', 'lib/fleet/sources/elbv2-source.ts', '../../ledger/ledger.ts'],
  ['source-adapter', 'lib/fleet/sources/other-source.ts', '../schema.ts'],
  ['importer', 'lib/importer/a.ts', '../ledger/ledger.ts'],
  ['importer', 'lib/importer/a.ts', '../emulator/a.ts'],
  ['cell', 'lib/cell/a.ts', '../enactor/a.ts'],
  ['cell', 'lib/cell/a.ts', '../zone/route53/a.ts'],
  ['cell', 'lib/cell/a.ts', '../ledger/dynamodb/a.ts'],
  ['cell', 'lib/cell/a.ts', '../wiring/a.ts'],
  ['workflow', 'lib/enactor/a.ts', '../janitor/a.ts'],
  ['workflow', 'lib/planner/a.ts', '../operator/a.ts'],
  ['workflow', 'lib/janitor/a.ts', '../zone/route53/a.ts'],
  ['workflow', 'lib/auditor/a.ts', '../ledger/dynamodb/a.ts'],
  ['workflow', 'lib/operator/a.ts', '../wiring/a.ts'],
  ['workflow', 'lib/enactor/a.ts', '../telemetry/powertools-telemetry.ts'],
  ['workflow', 'lib/enactor/a.ts', 'node:timers/promises'],
  ['rollout', 'lib/rollout/a.ts', '../auditor/a.ts'],
  ['rollout', 'lib/rollout/a.ts', '../wiring/a.ts'],
  ['doctor', 'lib/doctor/a.ts', '../emulator/a.ts'],
  ['preflight', 'lib/preflight/a.ts', '../wiring/a.ts'],
  ['bake', 'lib/bake/a.ts', '../wiring/a.ts'],
  ['trail-watch', 'lib/trail-watch/a.ts', '../wiring/a.ts'],
  ['trail-watch', 'lib/trail-watch/a.ts', '../auditor/a.ts'],
  ['resolve', 'lib/resolve/a.ts', '../emulator/a.ts'],
  ['emulator', 'lib/emulator/a.ts', '../enactor/a.ts'],
  ['emulator', 'lib/emulator/a.ts', '../plan/fence.ts'],
  ['wiring', 'lib/wiring/a.ts', '../cli/a.ts'],
  ['wiring', 'lib/wiring/a.ts', '../local/a.ts'],
  ['local', 'lib/local/a.ts', '../cli/a.ts'],
  ['local', 'lib/local/a.ts', '../ledger/dynamodb/a.ts'],
  ['proof', 'lib/proof/a.ts', '../plan/a.ts'],
  ['simulator', 'lib/simulator/a.ts', '../zone/route53/a.ts'],
  ['simulator', 'lib/simulator/a.ts', 'node:fs'],
  ['simulator-ports', 'lib/simulator/ports/a.ts', '../engine/a.ts'],
  ['simulator-checkers', 'lib/simulator/checkers/a.ts', '../model-checker/a.ts'],
  ['simulator-checkers', 'lib/simulator/checkers/a.ts', '../engine/a.ts'],
  ['simulator-engine', 'lib/simulator/engine/a.ts', '../model-checker/a.ts'],
  ['simulator-engine', 'lib/simulator/engine/a.ts', '../../zone/route53/a.ts'],
  ['simulator-random', 'lib/simulator/random/a.ts', '../model-checker/a.ts'],
  ['simulator-model-checker', 'lib/simulator/model-checker/a.ts', '../random/a.ts'],
  ['simulator-recording', 'lib/simulator/recording/a.ts', '../model-checker/a.ts'],
  ['simulator-lease', 'lib/simulator/lease/a.ts', '../engine/play.ts'],
  ['simulator-lease-campaign', 'lib/simulator/lease-campaign/a.ts', '../engine/play.ts'],
  ['simulator-outage', 'lib/simulator/outage/a.ts', '../model-checker/a.ts'],
  ['simulator-recovery', 'lib/simulator/recovery/a.ts', '../engine/play.ts'],
  ['page', 'lib/page/a.ts', '../ledger/ledger.ts'],
  ['page', 'lib/page/a.ts', '../plan/names.ts'],
  ['page-client', 'lib/page/client/a.ts', '../serve-page.ts'],
  ['page-client', 'lib/page/client/a.ts', 'node:fs'],
  ['cli', 'lib/cli/a.ts', '../emulator/a.ts'],
  ['exports', 'lib/exports/a.ts', '../cli/main.ts'],
  ['exports', 'lib/exports/a.ts', '../simulator/a.ts'],
  ['cli', 'lib/cli/a.ts', '../zone/route53/a.ts'],
  ['cli', 'lib/cli/a.ts', '@aws-sdk/client-route-53'],
  ['events', 'lib/events/a.ts', '../wiring/a.ts'],
  ['events', 'lib/events/a.ts', '@aws-sdk/client-eventbridge'],
  ['infrastructure', 'lib/infrastructure/a.ts', '../events/told-message.ts'],
  ['infrastructure', 'lib/infrastructure/a.ts', '../enactor/a.ts'],
  ['infrastructure', 'lib/infrastructure/a.ts', '@aws-sdk/client-route-53'],
  ['infrastructure', 'lib/infrastructure/a.ts', '../fleet/sources/elbv2-source.ts'],
  ['infrastructure', 'lib/infrastructure/a.ts', '../fleet/schema.ts'],
  ['infrastructure', 'lib/infrastructure/a.ts', '../plan/plan.ts'],
  ['infrastructure', 'lib/infrastructure/a.ts', '../ledger/dynamodb/calls.ts'],
  ['functions', 'functions/enactor.ts', '../lib/enactor/a.ts'],
  ['functions', 'functions/enactor.ts', '../lib/zone/route53/a.ts'],
  ['bin', 'bin/pawl.ts', '../lib/enactor/a.ts'],
  ['deployed-without-operator', 'functions/planner.ts', '../lib/operator/a.ts'],
  ['lib-stands-alone', 'lib/cli/a.ts', '../../test/support/a.ts'],
  ['lib-stands-alone', 'lib/wiring/a.ts', '../../functions/enactor.ts'],
  ['cli-noun', 'lib/cli/plan/a.ts', '../target/a.ts'],
  ['cli-noun', 'lib/cli/plan/a.ts', '../program.ts'],
  ['cli-noun', 'lib/cli/command/a.ts', '../plan/a.ts'],
  ['cli-printing', 'lib/cli/printing/a.ts', '../command/a.ts'],
  ['no-circular', 'lib/plan/a.ts', './a.ts'],
  ['no-unresolvable', 'lib/plan/a.ts', './not-there.ts'],
  ['no-development-package', 'lib/emulator/a.ts', 'fast-check'],
];

/** Imports that the rules must let through: a rule that forbids everything would hold nothing. */
const allowed: readonly (readonly [from: string, to: string])[] = [
  ['lib/plan/a.ts', 'node:crypto'],
  ['lib/plan/a.ts', '../roles.ts'],
  ['lib/infrastructure/a.ts', '../roles.ts'],
  ['lib/infrastructure/a.ts', '../events/told-kinds.ts'],
  ['lib/infrastructure/a.ts', '../fleet/sources/sources.ts'],
  ['lib/infrastructure/a.ts', '../fleet/fleet-file.ts'],
  ['lib/fleet/sources/other-source.ts', '@aws-sdk/client-route-53'],
  ['lib/ledger/dynamodb/a.ts', '@aws-sdk/client-dynamodb'],
  ['lib/zone/route53/a.ts', '../zone.ts'],
  ['lib/cell/a.ts', '../ledger/ledger.ts'],
  ['lib/fleet/a.ts', 'zod'],
  ['lib/enactor/a.ts', './b.ts'],
  ['lib/enactor/a.ts', '../ledger/ledger.ts'],
  ['lib/emulator/a.ts', '../plan/records.ts'],
  ['lib/wiring/a.ts', '../zone/route53/a.ts'],
  ['lib/cli/program.ts', './plan/a.ts'],
  ['lib/cli/plan/a.ts', './b.ts'],
  ['lib/cli/plan/a.ts', '../printing/a.ts'],
  ['lib/cli/command/a.ts', '../printing/a.ts'],
  ['functions/enactor.ts', '../lib/wiring/a.ts'],
];

describe('a rule of imports', () => {
  let tree: string;

  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'pawl-imports-'));
    const manifest = {
      dependencies: { zod: '1', '@aws-sdk/client-route-53': '1' },
      devDependencies: { 'fast-check': '1' },
    };
    write('package.json', JSON.stringify(manifest));
    write('tsconfig.json', '{}');
    for (const name of ['zod', 'fast-check', '@aws-sdk/client-route-53', '@aws-sdk/client-dynamodb']) {
      write(
        `node_modules/${name}/package.json`,
        JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
      );
      write(`node_modules/${name}/index.js`, 'export const value = 1;');
    }
  });

  afterEach(() => rmSync(tree, { recursive: true, force: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }

  async function brokenRules(from: string, to: string): Promise<string[]> {
    if (to.startsWith('.') && !to.includes('not-there')) {
      write(join(dirname(from), to), 'export const value = 1;');
    }
    write(from, `import type { value } from '${to}';\nexport type Value = typeof value;\n`);
    const result = await cruised(tree, [from]);
    expect(result.modules.length).toBeGreaterThan(0);
    return result.summary.violations.map((violation) => violation.rule.name);
  }

  it.each(violations)('%s forbids that %s imports %s', async (rule, from, to) => {
    expect(await brokenRules(from, to)).toContain(rule);
  });

  it.each(allowed)('lets %s import %s', async (from, to) => {
    expect(await brokenRules(from, to)).toEqual([]);
  });

  it('has an example that breaks it, whichever it is', () => {
    expect([...new Set(violations.map(([rule]) => rule))].sort()).toEqual([...ruleNames].sort());
  });
});
