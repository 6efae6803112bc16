import { z } from 'zod';
import { fleetSchema } from './schema.ts';

/**
 * The JSON Schema of a fleet file (draft 2020-12), as editors take it by the file's first line. It says what a file's
 * shape may be; what needs two values, or a meaning, only `pawl fleet check` sees.
 */
export function fleetSchemaText(): string {
  const schema = z.toJSONSchema(fleetSchema, { io: 'input' });
  return `${JSON.stringify({ title: 'Pawl fleet file', ...schema }, undefined, 2)}\n`;
}
