import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/** Commands that run until they are stopped, and whose speed counts for more than their memory. */
const STAYING = ['start', 'simulate'];

// V8 lets garbage pile up before it collects: a push of 10,000 targets took 310 MB, of which two fifths were garbage. A
// command that ends again keeps new objects in the smallest space, and its heap grows by 60 % at most between two
// collections (V8's own names for these flags; docs/performance.md has the figures).
if (!STAYING.some((word) => process.argv.includes(word))) {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=60');
}

// Node strips the types of hundreds of small files at every start; the compile cache saves that work.
enableCompileCache();
const [{ main }, { processDoors }] = await Promise.all([
  import('../lib/cli/main.ts'),
  import('../lib/cli/process-doors.ts'),
]);

process.exitCode = await main(process.argv.slice(2), processDoors(process));
