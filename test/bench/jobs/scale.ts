import { failedZoneWork } from '../../support/scale-cell.ts';
import { looksAtScale } from '../../support/scale-cells.ts';
import { atRest, playBurst } from '../../support/scale-model.ts';
import { report } from '../report.ts';

/**
 * A cloud of 100 accounts that loses an availability zone, and what `pawl status` asks of so many cells, as docs/scale.md
 * has it: `scale.ts CELLS`. Times of the model are exact; `status_s` is of this machine, without a network.
 */
const ACCOUNTS = 100;
const cells = Number(process.argv[2] ?? 100);
const perAccount = Math.max(1, cells / ACCOUNTS);

const work = await failedZoneWork();
const burst = playBurst(perAccount, work);
const rest = atRest(perAccount);
const looked = await looksAtScale(cells);
report(`scale of ${cells} cells`, {
  cells_an_account: perAccount,
  changes_a_cell: burst.changes / perAccount,
  requests_a_cell: burst.requests / perAccount,
  // Absent where the account has no request left for it.
  ...(burst.end === undefined
    ? {}
    : { last_flip_s: burst.end.lastFlipS, last_answer_s: burst.end.lastAnswerS }),
  requests_a_second_at_rest: rest.requestsASecond,
  reserved_concurrency_an_account: rest.reserved,
  schedules_an_account: rest.schedules,
  status_head_reads: looked.calls['head'] ?? 0,
  status_body_reads: looked.calls['getBody'] ?? 0,
  status_route53_requests: looked.route53,
  status_s: looked.seconds,
});
