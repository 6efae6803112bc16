// node .ci/count.mjs FAILED_STEPS REPORT.json...: adds up vitest's reports and prints the closing line of
// .ci/run. Exits 1 if anything failed, if a report is missing, or if no test ran.
import { existsSync, readFileSync } from 'node:fs';

const [steps = '0', ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let missing = 0;
for (const path of reports) {
  if (!existsSync(path)) {
    missing += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  // A file that could not be loaded has failed without a test to its name.
  failed += report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
}
// A step is already counted where its report shows what failed in it.
if (failed === 0) failed = Math.max(Number(steps), missing);
if (passed + failed === 0) failed = 1;
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
