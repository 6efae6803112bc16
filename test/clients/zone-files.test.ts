import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readBind } from '../../lib/importer/readers/bind-file.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName, isWithin } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { ODD_ZONE_FILE } from '../support/odd-zone-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { foreignFile } from './foreign-files.ts';
import { pythonOfClients } from './python-of-clients.ts';

const run = promisify(execFile);
const ZONE_FILE_WALK = fileURLToPath(new URL('zone_file_walk.py', import.meta.url));

describe('zone files', () => {
  it('have the names, TTLs and values that dnspython reads', async () => {
    const odd = join(await temporaryFolder(), 'example.com.zone');
    await writeFile(odd, ODD_ZONE_FILE);
    const given: (readonly [zone: string, path: string])[] = [['example.com', odd]];
    for (const entry of await readdir(foreignFile('dnscontrol'), { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      for (const file of await readdir(foreignFile('dnscontrol', entry.name)))
        if (/^[ -~]+[.]zone$/.test(file))
          given.push([
            basename(file, '.zone').replace(/!.*/, ''),
            foreignFile('dnscontrol', entry.name, file),
          ]);
    }
    const { stdout } = await run(pythonOfClients(), [ZONE_FILE_WALK, ...given.flat()]);
    const expected = JSON.parse(stdout) as readonly (readonly Line[] | null)[];
    const known = (lines: readonly Line[]) => lines.filter(([name]) => !name.includes('\\'));
    let count = 0;
    const refused: string[] = [];
    for (const [index, [zone, path]] of given.entries()) {
      const name = dnsName(zone);
      const found = readBind([{ path, text: await readFile(path, 'utf8') }], { name });
      const theirs = expected[index] ?? undefined;
      if (theirs === undefined) refused.push(path.split('/').slice(-2).join('/'));
      // One of them has names beyond ASCII, which is said.
      else if (found.type === 'invalid') expect(found.mistakes[0]).toContain('düsseldorf');
      else {
        const lines = linesOf(found.zones[0]?.records ?? [], name);
        expect(known(lines), path).toEqual(known(theirs));
        count += lines.length;
      }
    }
    expect(refused).toMatchInlineSnapshot(`
      [
        "015-tlsa/foo.com.zone",
        "027-ds/foo.com.zone",
      ]
    `);
    expect(count).toMatchInlineSnapshot(`120`);
  });
});

type Line = readonly [name: string, type: string, ttl: number, value: string];

/** The addresses and names in a zone, as dnspython prints them. */
function linesOf(records: readonly RecordSet[], zone: DnsName): readonly Line[] {
  return records
    .filter(({ name, type }) => ['A', 'AAAA', 'CNAME'].includes(type) && isWithin(name, zone))
    .flatMap(({ name, type, ttl = 0, values = [] }) =>
      values.map((value): Line => [`${name}.`, type, ttl, value.toLowerCase()]),
    )
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
