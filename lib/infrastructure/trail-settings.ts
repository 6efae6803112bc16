import { z } from 'zod';

/** Where the account's CloudTrail delivers, and how it is held against the ledger (docs/trail.md). */
export interface WatchedTrail {
  /** The ARN of the bucket in which CloudTrail leaves its files. It may be of another account and another Region. */
  readonly bucket: string;
  /**
   * What stands before the year in the names of its files, with the slash at its end: of the Region in which Route 53's
   * events are (us-east-1, us-gov-west-1, cn-northwest-1) and of each account that owns a zone of these cells. At most 5.
   *
   * @default one, `AWSLogs/<the stack's account>/CloudTrail/us-east-1/`
   */
  readonly prefixes?: readonly string[] | undefined;
  /**
   * The ARN of the key of KMS that the files are encrypted with. Its policy must let this account use it.
   *
   * @default none: S3's own encryption
   */
  readonly keyArn?: string | undefined;
  /**
   * Hours of the trail that every pass plays again before what is new, 3 to 48. The rules know of nothing that stood before
   * them: more hours see more, and cost more requests of S3.
   *
   * @default 3
   */
  readonly lookBackHours: number;
  /**
   * Who is Pawl beside the enactors and the janitor of this stack: ARNs of roles or users, user names or access keys, such
   * as those of people who freeze, thaw and rescue. What anybody else sends through the fence is a finding. At most 20.
   *
   * @default whoever goes through the fence as Pawl does
   */
  readonly writers?: readonly string[] | undefined;
}

const PREFIXES_MAX = 5;
const WRITERS_MAX = 20;

/** What the CDK puts where an attribute is known only at the deployment. */
const TO_COME = String.raw`\$\{Token\[[^\]]+\]\}`;

/** What a deployment says of a trail. */
export const watchedTrail = z.strictObject({
  bucket: z
    .string()
    .regex(
      new RegExp(`^(arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|${TO_COME})$`),
      'the ARN of a bucket',
    ),
  // A "*" would be a wildcard in the permissions.
  prefixes: z
    .array(
      z
        .string()
        .max(300)
        .regex(
          /^[A-Za-z0-9!_.()'/-]+\/$/,
          'a prefix up to the year, such as "AWSLogs/123456789012/CloudTrail/us-east-1/"',
        ),
    )
    .min(1)
    .max(PREFIXES_MAX)
    .optional(),
  keyArn: z
    .string()
    .regex(
      new RegExp(String.raw`^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+|${TO_COME})$`),
      'the ARN of a KMS key (not of an alias)',
    )
    .optional(),
  lookBackHours: z.int().min(3).max(48).default(3),
  writers: z.array(z.string().min(1).max(600)).max(WRITERS_MAX).optional(),
});
