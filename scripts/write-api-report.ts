import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiReportFile, apiReports } from './package/api-report.ts';
import { buildPackage } from './package/build-package.ts';

// `npm run generate:api`: a test fails while the checked-in reports are not what the built package promises.
const root = fileURLToPath(new URL('..', import.meta.url));
await buildPackage(root);
for (const [entry, report] of await apiReports(root)) {
  const file = join(root, apiReportFile(entry));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, report);
}
