import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { detailSchemaText } from '../lib/events/detail-schemas.ts';
import { isToldKind, TOLD_KINDS } from '../lib/events/told-kinds.ts';

// `npm run generate:events`: a test fails while a checked-in file is not what the schema says.
for (const kind of TOLD_KINDS.filter(isToldKind)) {
  const file = fileURLToPath(new URL(`../docs/events/${kind}.schema.json`, import.meta.url));
  writeFileSync(file, detailSchemaText(kind));
}
