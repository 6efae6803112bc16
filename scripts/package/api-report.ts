import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

/** The entries of the package, as lib/exports calls them: `pawl`, `pawl/constructs`, `pawl/emulator`. */
export const API_ENTRIES = ['library', 'constructs', 'emulator'] as const;

export type ApiEntry = (typeof API_ENTRIES)[number];

/** Where the report of an entry is checked in. */
export function apiReportFile(entry: ApiEntry): string {
  return `docs/api/${entry}.api.md`;
}

/**
 * Everything that an entry of the built package promises, as text: names, signatures, and what they are made of.
 *
 * @param root the clone, whose dist/ is built.
 */
export async function apiReport(root: string, entry: ApiEntry): Promise<string> {
  const entryFile = join(root, 'dist/lib/exports', `${entry}.d.ts`);
  const folder = await mkdtemp(join(tmpdir(), 'pawl-api-'));
  try {
    await mkdir(join(folder, 'report'));
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: root,
        mainEntryPointFilePath: entryFile,
        newlineKind: 'lf',
        compiler: { overrideTsconfig: compilerOptions(entryFile), skipLibCheck: true },
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
    Extractor.invoke(config, {
      localBuild: true,
      messageCallback: (message) => {
        message.handled = true;
      },
    });
    return await readFile(join(folder, `${entry}.api.md`), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function compilerOptions(entryFile: string) {
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
    files: [entryFile],
  };
}
