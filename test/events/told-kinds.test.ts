import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detailSchemaText } from '../../lib/events/detail-schemas.ts';
import { isToldKind, kindsFor, TOLD, TOLD_KINDS, UNTOLD } from '../../lib/events/told-kinds.ts';
import { EVENT_TYPES } from '../../lib/ledger/decider/event-shape.ts';

const ROOT = join(import.meta.dirname, '../..');
const document = readFileSync(join(ROOT, 'docs/events.md'), 'utf8');
const kinds = TOLD_KINDS.filter(isToldKind);

describe('the table of what is told', () => {
  it('has every event of the ledger, or the reason why nobody waits for it', () => {
    const told = Object.values(TOLD).map(({ of }) => of);
    const known = new Set<string>([...told, ...Object.keys(UNTOLD)]);
    expect(EVENT_TYPES.filter((type) => !known.has(type))).toEqual([]);
    expect(Object.keys(UNTOLD).filter((type) => told.some((each) => each === type))).toEqual([]);
  });

  it('says a sentence of each', () => {
    for (const { says } of Object.values(TOLD)) expect(says).toMatch(/^[A-Z].{15,}\.$/);
    for (const why of Object.values(UNTOLD)) expect(why).toMatch(/^[A-Z].{15,}\.$/);
  });

  it('divides the kinds by the attention that they ask for', () => {
    expect(kindsFor('act')).toContain('PlanHeld');
    expect(kindsFor('act')).not.toContain('PlanApplied');
    expect([...kindsFor('act', 'watch', 'know')].sort()).toEqual([...TOLD_KINDS].sort());
  });

  it('is the one of the document, word for word', () => {
    for (const kind of kinds) {
      const { of, attention, says } = TOLD[kind];
      expect(document).toContain(
        `| [${kind}](events/${kind}.schema.json) | ${attention} | ${of} | ${says} |`,
      );
    }
    for (const [type, why] of Object.entries(UNTOLD)) expect(document).toContain(`| ${type} | ${why} |`);
  });

  it('has a schema of each kind that is checked in, and no other (npm run generate:events)', () => {
    for (const kind of kinds) {
      const file = join(ROOT, `docs/events/${kind}.schema.json`);
      expect(existsSync(file), file).toBe(true);
      expect(readFileSync(file, 'utf8')).toBe(detailSchemaText(kind));
    }
    expect(readdirSync(join(ROOT, 'docs/events')).sort()).toEqual(
      kinds.map((kind) => `${kind}.schema.json`).sort(),
    );
  });
});
