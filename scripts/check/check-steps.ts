import type { Load } from '../steps/schedule.ts';

export interface CheckStep extends Load {
  readonly name: 'types' | 'lint' | 'tests';
  readonly command: readonly string[];
}

/** All steps run at once: each waits for the disk, and begins with one thread. */
export const CHECK_THREADS = 3;

/** The folder for the compiler's incremental state and the logs of the steps. */
export const CHECK_FOLDER = '.cache/check';

const SOURCE = /[.](ts|mjs|mts|js)$/;
/** Every test may depend on these files. */
const REACHES_EVERY_TEST = /^(package[.]json|package-lock[.]json|vitest[.]config[.]ts)$/;

/**
 * What to check after a change of these files: the types of the whole program, the rules of the changed files, and
 * the quick tests of the unit project that import a changed file, directly or through others. Pure.
 *
 * @param withoutCdk the files and folders that tsconfig.without-cdk.json leaves out. The CDK's declarations are two
 * thirds of what the compiler reads, so it reads them only when one of these files has changed.
 */
export function checkSteps(changed: readonly string[], withoutCdk: readonly string[]): readonly CheckStep[] {
  const whole = changed.some((path) =>
    withoutCdk.some((part) => path === part || path.startsWith(`${part}/`)),
  );
  const config = whole ? 'tsconfig' : 'tsconfig.without-cdk';
  const types = ['tsc', '--project', `${config}.json`, '--incremental'];
  return [
    {
      name: 'types',
      threads: 1,
      command: [...types, '--tsBuildInfoFile', `${CHECK_FOLDER}/${config}.tsbuildinfo`],
    },
    ...lintSteps(changed),
    ...testSteps(changed),
  ];
}

function lintSteps(changed: readonly string[]): readonly CheckStep[] {
  if (changed.length === 0) return [];
  const command = ['biome', 'check', '--no-errors-on-unmatched', '--files-ignore-unknown=true', ...changed];
  return [{ name: 'lint', threads: 1, command }];
}

function testSteps(changed: readonly string[]): readonly CheckStep[] {
  const quick = ['--project', 'unit', '--tagsFilter=!slow', '--reporter=minimal', '--passWithNoTests'];
  if (changed.some((path) => REACHES_EVERY_TEST.test(path))) {
    return [{ name: 'tests', threads: 1, command: ['vitest', 'run', ...quick] }];
  }
  const sources = changed.filter((path) => SOURCE.test(path));
  if (sources.length === 0) return [];
  return [{ name: 'tests', threads: 1, command: ['vitest', 'related', '--run', ...quick, ...sources] }];
}
