import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

/** The entries of the package, as lib/exports calls them: `pawl`, `pawl/constructs`, `pawl/emulator`. */
export const API_ENTRIES = ['library', 'constructs', 'emulator'] as const;

export type ApiEntry = (typeof API_ENTRIES)[number];

/** Where the report of an entry is checked in. */
export function apiReportFile(entry: ApiEntry): string {
  return `docs/api/${entry}.api.md`;
}

/**
 * Everything that each entry of the built package promises, as text: names, signatures, and what they are made of. The
 * compiler reads the declarations once for all of them: the CDK's alone take it seconds.
 *
 * @param root the clone, whose dist/ is built.
 */
export async function apiReports(root: string): Promise<ReadonlyMap<ApiEntry, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'pawl-api-'));
  const compilerOptions = overriddenOptions(API_ENTRIES.map((entry) => entryFile(root, entry)));
  try {
    await mkdir(join(folder, 'report'));
    const configs = API_ENTRIES.map((entry) => reportConfig(root, entry, folder, compilerOptions));
    const [first] = configs;
    if (first === undefined) return new Map();
    const compilerState = CompilerState.create(first, {
      additionalEntryPoints: API_ENTRIES.map((entry) => entryFile(root, entry)),
    });
    for (const config of configs)
      Extractor.invoke(config, {
        compilerState,
        localBuild: true,
        messageCallback: (message) => {
          message.handled = true;
        },
      });
    const reports = API_ENTRIES.map(
      async (entry) => [entry, await readFile(join(folder, `${entry}.api.md`), 'utf8')] as const,
    );
    return new Map(await Promise.all(reports));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function entryFile(root: string, entry: ApiEntry): string {
  return join(root, 'dist/lib/exports', `${entry}.d.ts`);
}

/** @param folder where the report is written; one in its folder `report` that differs would be overwritten. */
function reportConfig(
  root: string,
  entry: ApiEntry,
  folder: string,
  overrideTsconfig: ReturnType<typeof overriddenOptions>,
): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entryFile(root, entry),
      newlineKind: 'lf',
      compiler: { overrideTsconfig, skipLibCheck: true },
      apiReport: {
        enabled: true,
        reportFileName: `${entry}.api.md`,
        reportFolder: join(folder, 'report'),
        reportTempFolder: folder,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: {
        // Nothing here has a release tag, and a type that others are made of need not be exported by name.
        extractorMessageReporting: {
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.None },
          'ae-unresolved-link': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
  });
}

function overriddenOptions(files: readonly string[]) {
  return {
    compilerOptions: {
      target: 'ES2024',
      lib: ['ES2024'],
      module: 'NodeNext',
      moduleResolution: 'NodeNext',
      types: ['node'],
      strict: true,
      skipLibCheck: true,
    },
    files,
  };
}
