import type { EndpointMove, Moves, Withdrawal } from '../../operator/moved-endpoints.ts';
import type { CellName } from '../../plan/names.ts';
import { cellName } from '../../plan/names.ts';
import { some } from '../printing/event-text.ts';
import { counted } from '../printing/paper.ts';

/** The cells of `--from use1,use1-b`. @throws InvalidValue. */
export function typedCells(text: string): readonly CellName[] {
  return [...new Set(text.split(',').map((each) => cellName(each.trim())))];
}

/** What a person is asked: which fleets are declared, and what goes over. */
export function pushQuestion(news: readonly CellName[], moves: readonly EndpointMove[]): string {
  const handsOver = moves.map(({ from, to, names }) => `hand ${some(names)} over from ${from} to ${to}`);
  const declares = news.length === 0 ? [] : [`declare the new fleet of ${some(news)}`];
  const [first = '', ...others] = [...declares, ...handsOver];
  return [first.charAt(0).toUpperCase() + first.slice(1), ...others].join(', and ');
}

/** What goes over from one cell to another, and what does not any more. */
export function movesView({
  moves,
  reclaims,
  withdrawals,
  unsettled,
}: Pick<Moves, 'moves' | 'reclaims' | 'withdrawals' | 'unsettled'>): string {
  const over = moves.map(
    ({ from, to, names }) =>
      `${counted(names.length, 'endpoint')} would go over from ${from} to ${to}: ${some(names)}. ${from} answers until ${to} has taken each by one batch, which moves both fences.\n`,
  );
  const back = withdrawals.map(
    ({ from, to, names }) => `${from} would keep ${some(names)}: the offer to ${to} is withdrawn.\n`,
  );
  const again = reclaims.map(
    ({ from, to, names }) =>
      `${to} would take ${some(names)} back, which it gave to ${from}: at once where nothing of ${from} answers there, else when ${from} offers it.\n`,
  );
  return [...over, ...again, ...back, ...unsettled.map((each) => `${unsettledText(each)}\n`)].join('');
}

/** What is not declared yet of a file that takes endpoints back, and what comes next. */
export function unsettledText({ from, to, names }: Withdrawal): string {
  return `${to} may have taken ${some(names)} by now, which ${from} let it have: the fleet of ${to} stays as it is. Push the same file again once "pawl status" shows that neither hands it over.`;
}
