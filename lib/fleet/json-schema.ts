import { z } from 'zod';
import { fleetSchema } from './schema.ts';

/**
 * The JSON Schema of a fleet file (draft 2020-12), which the file's first line names for editors. It describes the
 * shape of a file. Only `pawl fleet check` finds mistakes that concern two values or their meaning.
 */
export function fleetSchemaText(): string {
  const schema = z.toJSONSchema(fleetSchema, { io: 'input' });
  // The reading passes over the author's own blocks before it looks at the shape.
  const patternProperties = { '^x-': {} };
  return `${JSON.stringify({ title: 'Pawl fleet file', ...schema, patternProperties }, undefined, 2)}\n`;
}
