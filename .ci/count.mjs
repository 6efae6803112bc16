// node .ci/count.mjs FAILED_STEPS REPORT.json...: adds up vitest's reports, names once more what failed, with what it
// said, and prints the closing line of .ci/run. Whoever has only the end of a long output reads there what to mend.
// Exits 1 if anything failed, if a report is missing, or if no test ran.
import { existsSync, readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';

/** Lines of a failure's message that are told again. */
const MESSAGE_LINES = 12;

const [steps = '0', ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let missing = 0;
for (const path of reports) {
  if (!existsSync(path)) {
    missing += 1;
    process.stdout.write(`\nno report: ${basename(path)}\n`);
    continue;
  }
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  for (const file of report.testResults.filter(({ status }) => status === 'failed')) {
    const broken = file.assertionResults.filter(({ status }) => status === 'failed');
    // A file that could not be loaded has failed without a test to its name.
    if (broken.length === 0) {
      failed += 1;
      tell(file.name, file.message);
    }
    for (const test of broken) tell(`${file.name} > ${test.fullName}`, test.failureMessages.join('\n'));
  }
}

// A step is already counted where its report shows what failed in it.
if (failed === 0) failed = Math.max(Number(steps), missing);
if (passed + failed === 0) failed = 1;
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function tell(what, message) {
  const lines = message.split('\n').slice(0, MESSAGE_LINES);
  process.stdout.write(
    `\nfailed: ${relative(process.cwd(), what)}\n${lines.map((line) => `  ${line}\n`).join('')}`,
  );
}
