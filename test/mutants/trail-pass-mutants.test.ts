import { describe, it } from 'vitest';
import type { CheckMutant } from './check-mutants.ts';
import { expectFound } from './check-mutants.ts';

const PASS = 'trail-watch/trail-pass.ts';
const WINDOW = 'trail-watch/trail-window.ts';
const RECENT = 'trail/recent-log.ts';

/** Bugs in a pass over a trail. */
const MUTANTS: readonly CheckMutant[] = [
  [
    'what was told is forgotten',
    'a hand is told at the next pass, and never again',
    PASS,
    'keptOf([...told, ...news.map(entryOf)], window)',
    'keptOf([...told], window)',
  ],
  [
    'nothing waits for a late file',
    'what a file explains that comes fifty minutes late is never told',
    PASS,
    'const SETTLE_MS = 3_600_000;',
    'const SETTLE_MS = 0;',
  ],
  [
    'a pass begins at the clock, and not where the last one ended',
    'whatever is down, a pass that breaks off loses nothing',
    PASS,
    'const from = Math.min(kept?.reached ?? began, began) - settings.lookBackMs;',
    'const from = began - settings.lookBackMs;',
  ],
  [
    'a pass that was cut short counts as whole',
    'more files than one pass reads are read in several, and nothing is skipped',
    WINDOW,
    'reached: next ?? upTo,',
    'reached: upTo,',
  ],
  [
    'one file that is cut off ends the pass',
    'a file that is cut off is told once, and the others are read',
    WINDOW,
    'if (error instanceof TrailUnreadable) return { object, found: error };',
    'if (error === null) return { object, found: error };',
  ],
  [
    'a trail that is off looks quiet',
    'a trail that says nothing of what the log applied is blind',
    PASS,
    'return log.applied.some(',
    "return log.zones.has('') && log.applied.some(",
  ],
  [
    'the newest part of a log is taken for the whole',
    'what the newest part of the log cannot settle is held against the whole of it',
    PASS,
    'if (!first.findings.some(isOpen)) return first;',
    'if (!first.findings.every(isOpen)) return first;\n  if (first.findings.length >= 0) return first;',
  ],
  [
    'an old freeze is forgotten',
    'a log that was frozen long before the window is frozen',
    RECENT,
    'if (wasFrozen(events, state.frozen !== null))',
    'if (wasFrozen(events, false))',
  ],
  [
    'what comes hours late is dropped',
    'an event that comes hours late is told as that',
    WINDOW,
    'else if (reached !== undefined && object.delivered >= reached) late.push(event);',
    '',
  ],
];

describe('the checks of a pass over a trail', () => {
  for (const mutant of MUTANTS) it(`find "${mutant[0]}"`, () => expectFound('trail-pass', mutant));
});
