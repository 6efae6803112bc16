import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { recordValues } from '../../lib/importer/readers/terraform-schema.ts';
import type { Declared } from '../support/declared.ts';
import { declared } from '../support/declared.ts';
import { foreignFile } from './foreign-files.ts';

describe("Terraform's own package for terraform show -json", () => {
  it('reads a state that is read here, and prints one that is read alike', async () => {
    const values = (name: string, more: object) => ({
      ...{ name, fqdn: `${name}.example.com`, type: 'A', zone_id: 'Z0EXAMPLE', ttl: 60, alias: [] },
      ...more,
    });
    const record = (key: string, more: object) => ({
      ...{ address: `aws_route53_record.api["${key}"]`, mode: 'managed', type: 'aws_route53_record' },
      ...{ name: 'api', index: key, provider_name: 'registry.terraform.io/hashicorp/aws', schema_version: 2 },
      values: values('api', { set_identifier: key, ...more }),
    });
    const state = JSON.stringify({
      ...{ format_version: '1.0', terraform_version: '1.9.8' },
      values: {
        root_module: {
          resources: [
            {
              ...{
                address: 'aws_route53_zone.main',
                mode: 'managed',
                type: 'aws_route53_zone',
                name: 'main',
              },
              values: { name: 'example.com', zone_id: 'Z0EXAMPLE' },
            },
            record('blue', { records: ['192.0.2.1'], weighted_routing_policy: [{ weight: 90 }] }),
            record('green', { records: ['192.0.2.2'], weighted_routing_policy: [{ weight: 10 }] }),
          ],
        },
      },
    });
    const program = spawn(foreignFile('terraform-state'));
    program.stdin.end(state);
    const again = await text(program.stdout);
    const targets = ({ fleets }: Declared) => fleets[0]?.targets.map(({ id, capacity }) => [id, capacity]);
    expect(targets(declared('terraform', { 'state.json': again }))).toEqual([
      ['api-blue', 90],
      ['api-green', 10],
    ]);
    expect(again).not.toBe(state);
    expect(declared('terraform', { s: again }).yaml).toBe(declared('terraform', { s: state }).yaml);
  });

  it('has in its test data a provider of AWS with no way of routing that is not read', async () => {
    const schemas = JSON.parse(await readFile(foreignFile('schemas.json'), 'utf8')) as {
      readonly provider_schemas: Readonly<
        Record<
          string,
          { readonly resource_schemas: Readonly<Record<string, { readonly block: SchemaBlock }>> }
        >
      >;
    };
    const block = Object.values(schemas.provider_schemas)
      .map(({ resource_schemas: of }) => of['aws_route53_record']?.block)
      .find((found) => found !== undefined);
    const names = [...Object.keys(block?.attributes ?? {}), ...Object.keys(block?.block_types ?? {})];
    expect(names).toContain('weighted_routing_policy');
    const unread = names.filter((name) => !Object.hasOwn(recordValues.shape, name));
    expect(unread.sort()).toEqual(['allow_overwrite', 'id']);
  });
});

interface SchemaBlock {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly block_types: Readonly<Record<string, unknown>>;
}
