import type { Mutant, Replacement } from '../mutants/mutant.ts';

/**
 * A bug that a person could have written in an adapter, and the number of seeds within which the two plays must differ.
 */
export type AdapterMutant = Omit<Mutant, 'within'> & { readonly seeds: number };

const SEEDS = 600;

function mutant(name: string, ...replacements: readonly Replacement[]): AdapterMutant {
  return { name, seeds: SEEDS, replacements };
}

function at(file: string, find: string, put: string): Replacement {
  return { file, find, put };
}

const QUERY = 'ledger/dynamodb/query-items.ts';
const APPEND = 'ledger/dynamodb/put-event.ts';
const BODIES = 'ledger/dynamodb/stored-bodies.ts';
const ZONE = 'zone/route53/route53-zone.ts';
const RECORDS = 'zone/route53/record-shapes.ts';

/** Bugs in the adapters. The comparison of the two plays must find each of them. */
export const ADAPTER_MUTANTS: readonly AdapterMutant[] = [
  mutant('a head that may be stale', at(QUERY, '    ConsistentRead: true,\n', '')),
  mutant(
    'an append without its condition',
    at(
      APPEND,
      `    ConditionExpression: NOTHING_THERE,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
`,
      '',
    ),
  ),
  mutant(
    'a lost race that does not say what won',
    at(
      'ledger/dynamodb/dynamodb-ledger.ts',
      'winner: outcome.winner && winnerOf(opened, cell, outcome.winner)',
      'winner: undefined',
    ),
  ),
  mutant(
    'a lost answer taken for a lost race',
    at(APPEND, `if (!isDoubtful && kind === 'condition')`, `if (kind === 'condition')`),
    at(
      APPEND,
      '        const standing = await whoseEvent(access, item);\n',
      `        const standing: PutOutcome | { readonly type: 'nobody' } = patience.unanswered() > 1 ? await whoseEvent(access, item) : { type: 'nobody' };\n`,
    ),
  ),
  mutant(
    'a lost race taken for a lost answer',
    at(
      APPEND,
      `standing['hash']?.S === hash?.S ? { type: 'appended' } : { type: 'lost' }`,
      `standing['hash']?.S !== '' ? { type: 'appended' } : { type: 'lost' }`,
    ),
  ),
  mutant('a look at what stands there that may be stale', at(APPEND, '    ConsistentRead: true,\n', '')),
  mutant(
    'a read that ends with its first page',
    at(QUERY, 'if (start === undefined || ', 'if (page === 1 || start === undefined || '),
  ),
  mutant(
    'a page that begins where the last one began',
    at(
      QUERY,
      'const from = start === undefined ? {} : { ExclusiveStartKey: start };',
      'const from = start === undefined || page > 2 ? {} : { ExclusiveStartKey: start };',
    ),
  ),
  mutant('the oldest event taken for the head', at(QUERY, `order === 'forward'`, `order !== 'forward'`)),
  mutant(
    'a body that is there already taken for a failure',
    at(
      BODIES,
      `if (outcome.type === 'failed' && outcome.failure.kind !== 'condition') throw`,
      `if (outcome.type === 'failed') throw`,
    ),
  ),
  mutant(
    'a throttled call given up',
    at('ledger/dynamodb/calls.ts', `kind === 'throttled' && !isOver`, `kind === 'refused' && !isOver`),
  ),
  mutant(
    'UPSERT for CREATE',
    at(RECORDS, 'Action: action', `Action: action === 'CREATE' ? 'UPSERT' : action`),
  ),
  mutant(
    'a throttled batch given up',
    at(
      ZONE,
      `        case 'busy':
          return { type: 'again', cause: answer.error };`,
      `        case 'busy':
          return { type: 'done', value: { type: 'unknown', reason: failure.reason } };`,
    ),
  ),
  mutant(
    'a refused batch taken for one of which nothing is known',
    at(
      ZONE,
      `return { type: 'done', value: { type: 'rejected', reason: failure.reason } };`,
      `return { type: 'done', value: { type: 'unknown', reason: failure.reason } };`,
    ),
  ),
  mutant(
    'a lost answer to a read given up',
    at(ZONE, `if (failure.kind === 'busy' || failure.kind === 'lost')`, `if (failure.kind === 'busy')`),
  ),
  mutant(
    'a listing that begins at the name without its type',
    at(ZONE, '    StartRecordType: start.type as RRType | undefined,\n', ''),
  ),
  mutant('a weight left out of a record', at(RECORDS, '    weight: sdk.Weight,\n', '')),
];
