import { parseArgs } from 'node:util';
import { emulatedRoute53 } from './emulated-route53.ts';

// node test/aws/serve-route53.ts --port 4580 [--host 0.0.0.0]
// Pawl's emulator of Route 53, for an emulator of AWS in a container that has none which is safe: see docker-compose.yaml.

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4580' }, host: { type: 'string', default: '127.0.0.1' } },
});
const { url } = await emulatedRoute53({ host: values.host, port: Number(values.port) });
process.stdout.write(`Route 53 answers at ${url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
