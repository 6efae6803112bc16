// @module-tag slow
import { describe, expect, it } from 'vitest';
import { judgeReaders } from '../support/judged-readers.ts';
import { ownProcess } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import type { ReaderMutantWork } from './reader-mutant-worker.ts';

const DYNAMIC = 'importer/readers/octodns-dynamic.ts';
const DNSCONTROL = 'importer/readers/dnscontrol-file.ts';
const TERRAFORM = 'importer/readers/terraform-record.ts';
const BIND = 'importer/readers/bind-file.ts';
const DECLARED = 'importer/readers/describe-declared.ts';

/** Bugs in what the files of other tools mean. A file of each tool must find each of them. */
const MUTANTS: readonly (Replacement & { readonly name: string })[] = [
  {
    name: 'a pool that falls back to the last values at once',
    file: DYNAMIC,
    find: 'pool.fallback == null ? last :',
    put: 'pool.fallback == null || pool.fallback !== "" ? last :',
  },
  {
    name: 'a value that is down and gets traffic',
    file: DYNAMIC,
    find: "weight: status === 'down' ? 0 : weight,",
    put: 'weight: status === undefined ? weight : Math.max(1, weight),',
  },
  {
    name: 'weights of a pool that are all alike',
    file: DYNAMIC,
    find: "status === 'down' ? 0 : weight,",
    put: "status === 'down' ? 0 : Math.min(1, weight),",
  },
  {
    name: 'a province that is its whole country',
    file: DYNAMIC,
    find: '...(SubdivisionCode === undefined ? {} : { SubdivisionCode })',
    put: '...(SubdivisionCode === undefined ? { SubdivisionCode } : {})',
  },
  {
    name: 'an alias whose target goes on answering when it is unhealthy',
    file: DNSCONTROL,
    find: "alias.evaluate_target_health === 'true'",
    put: "alias.evaluate_target_health !== 'true'",
  },
  {
    name: 'the sign of the zone taken for a name in it',
    file: DNSCONTROL,
    find: "if (target === '@') return zone;",
    put: "if (target === '@.') return zone;",
  },
  {
    name: 'the longest of several TTLs',
    file: 'importer/readers/grouped-records.ts',
    find: 'ttl: ttls[0] ?? 0',
    put: 'ttl: ttls.at(-1) ?? 0',
  },
  {
    name: 'a health check that is forgotten',
    file: TERRAFORM,
    find: 'healthCheckId: present(values.health_check_id),',
    put: 'healthCheckId: present(values.set_identifier === "" ? values.health_check_id : ""),',
  },
  {
    name: 'an empty text for a health check',
    file: TERRAFORM,
    find: "text == null || text === '' ? undefined : text",
    put: 'text == null ? undefined : text',
  },
  {
    name: 'a state that is its first module alone',
    file: 'importer/readers/terraform-file.ts',
    find: '(root.child_modules ?? [])',
    put: '(root.child_modules ?? []).slice(1)',
  },
  {
    name: 'an owner that the next line does not have',
    file: BIND,
    find: 'if (!isOwned && first !== undefined)',
    put: 'if (first !== undefined)',
  },
  {
    name: 'an origin that is whole without a full stop',
    file: BIND,
    find: 'const origin = wholeName(value, reading.origin);',
    put: "const origin = wholeName(value, '');",
  },
  {
    name: 'a TTL of the file before that of the record',
    file: BIND,
    find: 'head.ttl ?? reading.ttl ?? reading.lastTtl',
    put: 'reading.ttl ?? head.ttl ?? reading.lastTtl',
  },
  {
    name: 'the last of two records that exclude each other',
    file: DECLARED,
    find: 'if (records.some(({ setIdentifier }) => setIdentifier === undefined))',
    put: 'if (records.every(({ setIdentifier }) => setIdentifier !== undefined))',
  },
  {
    name: 'half of a name',
    file: DECLARED,
    find: '(isAnswer(record) && culprits.has(record.name))',
    put: '(isAnswer(record) && culprits.get(record.name) === record.type)',
  },
];

describe('files of other tools, read with a bug in what they mean,', () => {
  it('are what they must be without one', () => {
    expect(judgeReaders).not.toThrow();
  });

  it.each(MUTANTS)('find: $name', async ({ name: _, ...replacement }) => {
    const work: ReaderMutantWork = { replacements: [replacement] };
    expect(await ownProcess(new URL('./reader-mutant-worker.ts', import.meta.url), work)).toMatch(
      /^killed: /,
    );
  });
});
