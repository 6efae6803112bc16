import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fleetSchemaText } from '../lib/fleet/json-schema.ts';

// `npm run generate:schema`: a test fails while the checked-in file is not what the schema says.
writeFileSync(fileURLToPath(new URL('../examples/fleet.schema.json', import.meta.url)), fleetSchemaText());
