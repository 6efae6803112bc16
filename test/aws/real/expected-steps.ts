/** What a run in a real account does, makes and costs, as `--dry-run` prints it. Nothing is called for it. */
interface ExpectedStep {
  readonly does: string;
  readonly makes: string;
  /** At the list prices that docs/operations.md has by the month; a month is 730 hours. */
  readonly dollars: number;
}

const ZONE_PRICE =
  'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/troubleshooting-billed-twice.html';
const MONTH_HOURS = 730;
/** Metrics, alarms with composite ones, and the dashboard of one cell, a month ("What it costs" in docs/operations.md). */
const WATCHING_A_MONTH = 14.7 + 6 + 3;

export const EXPECTED_STEPS: readonly ExpectedStep[] = [
  {
    does: 'makes a public hosted zone pawl-RANDOM.example, to which nobody delegates',
    makes: '1 hosted zone',
    // Not billed when it is deleted within 12 hours (Route 53 Developer Guide, "I was billed twice for the same hosted zone").
    dollars: 0,
  },
  {
    does: 'runs pawl doctor on it: about 180 requests, with records below one name, which it removes',
    makes: 'records',
    dollars: 0,
  },
  {
    does: 'deploys a stack pawl-real-RANDOM with plain cdk, for about an hour (without --doctor-only)',
    makes: '1 stack: 7 functions, two tables, schedules, alarms, a dashboard, a topic, queues, roles',
    dollars: WATCHING_A_MONTH / MONTH_HOURS,
  },
  {
    does: "does a day's work with the command line: pushes, drains, freezes, tampers, rolls back, deploys again",
    makes: 'records, events, log lines, at most an hour of runs',
    dollars: 0.1,
  },
  {
    does: 'deletes the stack, its tables, its log groups, every record and the zone',
    makes: 'nothing; what cdk has put into the bucket of its bootstrap stays there',
    dollars: 0,
  },
];

export function expectedText(steps: readonly ExpectedStep[] = EXPECTED_STEPS): string {
  const lines = steps.map(
    ({ does, makes, dollars }, index) =>
      `${index + 1}. ${does}\n   makes: ${makes}; costs about ${dollars.toFixed(2)} dollars`,
  );
  const sum = steps.reduce((all, { dollars }) => all + dollars, 0);
  return [
    'A run in the account of your credentials:',
    ...lines,
    `Together about ${sum.toFixed(2)} dollars. AWS charges 0.50 dollars for the hosted zone unless it is deleted within 12 hours (${ZONE_PRICE}).`,
    '',
  ].join('\n');
}
