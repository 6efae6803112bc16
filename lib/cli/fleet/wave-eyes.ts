import { audit } from '../../auditor/audit.ts';
import type { AuditOutcome, AuditReport } from '../../auditor/auditor.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { AuditSeen, WaveWatch } from '../../rollout/wave-watch.ts';
import { instant } from '../../runtime/clock.ts';
import { auditorDeps, emptyText } from '../../wiring/run-auditor.ts';
import { serverAnswers } from '../../wiring/server-answers.ts';
import type { World } from '../../wiring/world.ts';
import { cellSettings } from '../command/workflow-deps.ts';

/** An audit begins nothing new after this, milliseconds, as "pawl audit" does. */
const AUDIT_MS = 300_000;

/**
 * What a rollout looks at a wave with: the audits of "pawl audit", and the alarms of the stack where there is one. In a
 * local world audits ask its DNS server for every name; in AWS the stack's own auditor does, and an alarm says it.
 */
export function waveEyes(world: World, ledger: Ledger): WaveWatch {
  const resolver = world.dns === undefined ? undefined : serverAnswers(world, world.dns);
  return {
    audit: async (cell) => {
      const deps = auditorDeps(world, ledger, cellSettings(world, await ledger.head(cell)), { resolver });
      return auditSeen(await audit(deps, { deadline: instant(world.clock.now() + AUDIT_MS) }));
    },
    ringing: async (cells) => world.ringing?.(cells),
  };
}

/** What an audit says about a wave. Pure. */
export function auditSeen(outcome: AuditOutcome): AuditSeen {
  if (outcome.type === 'idle') return { settled: false, wrong: [] };
  const { report } = outcome;
  return { settled: outcome.type !== 'unsettled', wrong: wrongIn(report) };
}

function wrongIn({ empty, dangling, drift, regressions, contradiction }: AuditReport): AuditSeen['wrong'] {
  const drifted = drift.map(({ name, what }) => `${name} (${what}) is not as planned`);
  const regressed = [
    ...regressions.map(({ what, name }) => `the ${what} ${name} went back`),
    ...(contradiction === undefined ? [] : ['the ledger was restored or rewritten']),
  ];
  const hanging = dangling.map(
    ({ name, type, target }) => `${name} ${type} points at ${target}, where nothing stands`,
  );
  return [
    ...empty.map((each) => ({ code: 'empty', says: emptyText(each) }) as const),
    ...hanging.map((says) => ({ code: 'dangling', says }) as const),
    ...drifted.map((says) => ({ code: 'drifted', says }) as const),
    ...regressed.map((says) => ({ code: 'regressed', says }) as const),
  ];
}
