import { main } from '../lib/cli/main.ts';
import { processDoors } from '../lib/cli/process-doors.ts';

process.exitCode = await main(process.argv.slice(2), processDoors(process));
