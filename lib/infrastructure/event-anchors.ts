import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';

export type EventAnchorsProps = Pick<Deployment, 'anchorDays'> & {
  /** `made`, or the ARN of a bucket that is there. */
  readonly bucket: string;
};

/**
 * The bucket that keeps the hash of every event (docs/adr/0054-anchors-of-the-log.md). One that the stack makes locks
 * each object in compliance mode, so that nobody can take it away before its time, not even the account's root user ("S3
 * Object Lock", S3 User Guide); it stays when the stack is deleted. One of another account has the lock that its owner
 * gives it, and a bucket policy that lets the herald's role in.
 */
export class EventAnchors extends Construct {
  readonly bucket: Pick<IBucket, 'bucketName' | 'bucketArn' | 'arnForObjects'>;
  /** How cdk-nag names the bucket. */
  readonly #named: string;
  /** For people who verify. */
  readonly reader: ManagedPolicy;

  constructor(scope: Construct, id: string, { bucket, anchorDays }: EventAnchorsProps) {
    super(scope, id);
    if (bucket === 'made') {
      const made = lockedBucket(this, anchorDays);
      const resource = made.node.defaultChild;
      this.bucket = made;
      this.#named = `<${resource instanceof CfnBucket ? Stack.of(this).getLogicalId(resource) : ''}.Arn>`;
    } else {
      this.bucket = Bucket.fromBucketArn(this, 'Given', bucket);
      this.#named = bucket;
    }
    this.reader = new ManagedPolicy(this, 'Reader', {
      description: 'Pawl: what "pawl verify" reads of the anchors',
      statements: [this.listing()],
    });
  }

  /** Lets the herald put an object, which takes no other's place, and list. No writer of the ledger may either. */
  letKeep(herald: IFunction): void {
    const resources = [this.bucket.arnForObjects('*')];
    herald.addToRolePolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources }));
    herald.addToRolePolicy(this.listing());
    if (herald.role === undefined) return;
    Validations.of(herald.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${this.#named}/*]`,
      reason: 'Each event has an object of its own, which is named by the hash of the event.',
    });
  }

  private listing(): PolicyStatement {
    return new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
  }
}

function lockedBucket(scope: Construct, days: number): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(days)),
    versioned: true,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'One function writes here, and nobody can change or delete what it wrote.',
  });
  return bucket;
}
