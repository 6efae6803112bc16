import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { fleetSchemaText } from '../../lib/fleet/json-schema.ts';

const example = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)), 'utf8');

describe('the JSON Schema of the fleet file', () => {
  it('is checked in as the code has it (npm run generate:schema)', () => {
    expect(example('fleet.schema.json')).toBe(fleetSchemaText());
  });

  it('is named by the first line of the example, so that editors use it', () => {
    expect(example('fleet.yaml').split('\n')[0]).toBe('# yaml-language-server: $schema=./fleet.schema.json');
  });

  it('takes the example, and refuses an unknown key in it', () => {
    const schema = z.fromJSONSchema(JSON.parse(fleetSchemaText()));
    const fleet = parse(example('fleet.yaml'));
    expect(schema.safeParse(fleet).success).toBe(true);
    expect(schema.safeParse({ ...fleet, cels: {} }).success).toBe(false);
  });
});
