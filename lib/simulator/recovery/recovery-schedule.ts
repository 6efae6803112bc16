/** What is away. store: nobody reaches the database. network: the holders reach nothing, and everybody else does. */
export interface Fault {
  readonly what: 'store' | 'network';
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** What people do to the reference's manager in the hope that it recovers. */
export interface PeoplesHelp {
  readonly atMinute: number;
  /** Its queue is lost. */
  readonly restart: boolean;
  /** From then on it turns away whatever it could not do before its caller goes. */
  readonly throttle: boolean;
}

/** Minutes count from the fault's beginning. */
export interface RecoverySchedule {
  readonly beginsMinute: number;
  readonly endsMinute: number;
  readonly fault: Fault;
}

/**
 * 20 October 2025, as its owner told it (https://aws.amazon.com/message/101925/, times in PDT). At 23:48 the database
 * could not be reached any more, and at 02:25 it was back. The replay goes on until 24 hours after the beginning.
 */
export const THAT_DAY: RecoverySchedule = {
  beginsMinute: -10,
  endsMinute: 1_440,
  fault: { what: 'store', fromMinute: 0, toMinute: 157 },
};

/** At 04:14 people throttled what came in, and restarted the managers, which cleared their queues (the same source). */
export const PEOPLE: PeoplesHelp = { atMinute: 266, restart: true, throttle: true };
/** At 05:28 all leases were there again: the same source. */
export const PEOPLE_DONE_MINUTE = 340;

/** The minutes that a timeline tells: where something changes, and then ever more seldom. */
export const TOLD_MINUTES: readonly number[] = [
  ...[-1, 0, 1, 2, 3, 60, 156, 157, 158, 159, 160, 180, 240, 265],
  ...[266, 267, 268, 269, 270, 340, 480, 720, 1_080, 1_439],
];
