import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repeatedBaseNames, repeatedTypeNames } from './repeated-names.ts';

const lib = fileURLToPath(new URL('../../lib/', import.meta.url));

function sources(): readonly string[] {
  return readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.replaceAll('\\', '/'));
}

/** The files that still share a base name. This list may only shrink. */
const SHARED_FILE_NAMES: readonly string[] = [];

/** The exported types that still share a name. This list may only shrink. */

/** The exported types that still share a name. This list may only shrink. */
const SHARED_TYPE_NAMES: readonly string[] = ['Actor', 'Decision', 'Draw', 'Occasion'];

describe('a name in the library', () => {
  it('belongs to one file', () => {
    const paths = sources();
    expect(paths.length).toBeGreaterThan(40);
    expect(repeatedBaseNames(paths)).toEqual(SHARED_FILE_NAMES);
  });

  it('belongs to one exported type', () => {
    const texts = sources().map((path) => readFileSync(join(lib, path), 'utf8'));
    expect(repeatedTypeNames(texts)).toEqual(SHARED_TYPE_NAMES);
  });
});

describe('a repeated name', () => {
  it('is found in different folders, however many files have it', () => {
    const paths = ['plan/plan.ts', 'cli/plan.ts', 'plan.ts', 'plan/fence.ts'];
    expect(repeatedBaseNames(paths)).toEqual(['plan.ts']);
  });

  it('is the whole name of a file', () => {
    expect(repeatedBaseNames(['plan/zone-plan.ts', 'plan/plan.ts', 'plan/plan'])).toEqual([]);
  });

  it.each(['interface World {}', 'type World = string;', 'class World {}', 'abstract class World {}'])(
    'is found where %s stands in two files',
    (declaration) => {
      const text = `import a from 'a';\nexport ${declaration}\n`;
      expect(repeatedTypeNames([text, text])).toEqual(['World']);
    },
  );

  it('is not found in one file, in a type that is not exported, or in a value', () => {
    const overloads = 'export interface World {}\nexport interface World {}\n';
    expect(repeatedTypeNames([overloads, 'interface World {}\n', 'export const World = 1;\n'])).toEqual([]);
    expect(repeatedTypeNames(['export interface World {}\n', 'export interface Worlds {}\n'])).toEqual([]);
  });
});
