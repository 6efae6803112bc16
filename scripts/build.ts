// npm run build: writes the package's JavaScript and its declarations to dist/. npm does this before it packs; whoever
// works in a clone needs none of it (docs/adr/0078-a-package-is-built-when-it-is-packed.md).
import { fileURLToPath } from 'node:url';
import { buildPackage } from './package/build-package.ts';

await buildPackage(fileURLToPath(new URL('..', import.meta.url)));
