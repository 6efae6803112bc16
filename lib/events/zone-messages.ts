import type { LedgerEvent } from '../ledger/decider/events.ts';
import type { Message } from './message.ts';
import { message } from './message.ts';
import { carried, fewOf, withReason } from './told-words.ts';

type Of<Type extends LedgerEvent['type']> = Extract<LedgerEvent, { readonly type: Type }>;

/** A person stops or lets go the planner, or every writer. */
export function stopMessage(
  event: Of<'PlannerPaused' | 'PlannerResumed' | 'CellFrozen' | 'CellThawed'>,
  cell: string,
): Message {
  const of = { generation: null, next: `pawl status ${cell}` };
  switch (event.type) {
    case 'PlannerPaused': {
      const summary = `The planner of cell ${cell} is paused${withReason(event.reason)}.`;
      const fields = { reason: carried(event.reason) };
      return message('PlannerPaused', { ...of, summary, next: `pawl resume ${cell}`, fields });
    }
    case 'PlannerResumed':
      return message('PlannerResumed', {
        ...of,
        summary: `The planner of cell ${cell} plans again.`,
        fields: {},
      });
    case 'CellFrozen': {
      const summary = `Cell ${cell} is frozen${withReason(event.reason)}.`;
      const fields = { reason: carried(event.reason) };
      return message('CellFrozen', { ...of, summary, next: `pawl thaw ${cell}`, fields });
    }
    case 'CellThawed':
      return message('CellThawed', { ...of, summary: `Cell ${cell} is thawed.`, fields: {} });
  }
}

/** What the zone shows that is not as it was written. */
export function zoneMessage(
  event: Of<'ZoneRegressed' | 'DriftFound' | 'DriftRepaired' | 'RescueFound'>,
  cell: string,
): Message {
  const history = `pawl history ${cell}`;
  switch (event.type) {
    case 'ZoneRegressed': {
      const { what, name } = event;
      const [found, expected] = [carried(event.found), carried(event.expected)];
      return message('ZoneRegressed', {
        generation: null,
        summary: `The ${what} of ${name} went back: found ${found}, expected ${expected}. Somebody else writes to the zone.`,
        next: history,
        fields: { what, name, found, expected },
      });
    }
    case 'DriftFound': {
      const { count, names } = event;
      const summary = `The zone of cell ${cell} is not as planned at ${count} names: ${fewOf(names)}.`;
      const fields = { count, names: [...names] };
      return message('DriftFound', { generation: null, summary, next: `pawl audit ${cell}`, fields });
    }
    case 'DriftRepaired': {
      const { count, names } = event;
      const summary = `The zone of cell ${cell} is as planned again; ${count} names were repaired.`;
      const fields = { count, names: [...names] };
      return message('DriftRepaired', { generation: null, summary, next: `pawl status ${cell}`, fields });
    }
    case 'RescueFound': {
      const { generation, plan, seq } = event;
      const by = carried(event.by);
      return message('RescueFound', {
        generation,
        summary: `A rescue by ${by} was found in cell ${cell}, which is frozen: plan ${plan}.`,
        next: `pawl thaw ${cell}`,
        fields: { plan, by, fenceSeq: seq },
      });
    }
  }
}

/** The fence, or an anchor, knows what the log does not. */
export function logMessage(event: Of<'FenceAhead' | 'LogContradicted'>, cell: string): Message {
  const next = `pawl verify ${cell}`;
  switch (event.type) {
    case 'FenceAhead': {
      const { fenceGeneration, reissue } = event;
      const again = reissue === undefined ? '' : `: the goal goes on as @${reissue.generation}`;
      return message('FenceAhead', {
        generation: reissue?.generation ?? null,
        summary: `The fence of cell ${cell} was ahead of the log, at @${fenceGeneration}${again}. The ledger was restored, or a fence was forged.`,
        next,
        fields: { fenceGeneration, reissued: reissue?.generation ?? null },
      });
    }
    case 'LogContradicted': {
      const { number, digits, found = null } = event;
      return message('LogContradicted', {
        generation: null,
        summary: `The log of cell ${cell} lost or replaced events: an anchor knows event ${number} (${digits}).`,
        next,
        fields: { number, digits, found },
      });
    }
  }
}

/** Sources of observations that cannot see. */
export function sourcesMessage({ sources }: Of<'SourcesBlind'>, cell: string): Message {
  const of = { generation: null, next: `pawl status ${cell}` };
  const blind = sources.map(({ source, reason }) => ({ source: carried(source), reason: carried(reason) }));
  if (blind.length === 0)
    return message('SourcesSee', {
      ...of,
      summary: `Every source of cell ${cell} sees its targets again.`,
      fields: {},
    });
  const [first] = blind;
  const why = blind.length === 1 ? withReason(first?.reason ?? '') : '';
  return message('SourcesBlind', {
    ...of,
    summary: `Blind in cell ${cell}: ${fewOf(blind.map(({ source }) => source))}${why}. A target that fails now stays in DNS.`,
    fields: { sources: blind },
  });
}
