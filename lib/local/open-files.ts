import { z } from 'zod';
import { machineLimit } from '../runtime/system-failure.ts';

/** Servers, clients, stores and the files of this program: fewer, and a connection ends before it is answered. */
const NEEDED = 64;

const OPEN_FILES = z.looseObject({
  userLimits: z.looseObject({
    open_files: z.looseObject({ soft: z.union([z.number(), z.string()]) }),
  }),
});

/** How many files this process may have open at once; undefined where the system does not say. */
export function openFilesLimit(): number | undefined {
  const report: unknown = process.report.getReport();
  const soft = OPEN_FILES.safeParse(report);
  return soft.success && typeof soft.data.userLimits.open_files.soft === 'number'
    ? soft.data.userLimits.open_files.soft
    : undefined;
}

/** Why a local world cannot run on so few; undefined where they are enough. One sentence. Pure. */
export function tooFewFiles(limit: number | undefined): string | undefined {
  if (limit === undefined || limit >= NEEDED) return undefined;
  return machineLimit(new Error(`EMFILE: the limit is ${limit}, and a local world needs ${NEEDED}`));
}
