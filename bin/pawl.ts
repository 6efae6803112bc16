import { enableCompileCache } from 'node:module';

// Node strips the types of hundreds of small files at every start; the compile cache saves that work.
enableCompileCache();
const [{ main }, { processDoors }] = await Promise.all([
  import('../lib/cli/main.ts'),
  import('../lib/cli/process-doors.ts'),
]);

process.exitCode = await main(process.argv.slice(2), processDoors(process));
