import { z } from 'zod';
import type { SourceReference } from '../../plan/fleet-model.ts';
import type { ReportMistake } from '../mistakes.ts';
import { pattern, strictMap } from '../shapes.ts';
import type { Path } from '../wording.ts';
import { subject } from '../wording.ts';
import type { SourceKind } from './source-kind.ts';

const TARGET_GROUP =
  /^arn:[a-z0-9-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[A-Za-z0-9-]+\/[A-Za-z0-9]+$/;
const LOAD_BALANCER = /^arn:[a-z0-9-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/[A-Za-z0-9/-]+$/;

const schema = strictMap(
  {
    target_group: pattern(TARGET_GROUP, 'the ARN of a target group').optional(),
    load_balancer: pattern(
      LOAD_BALANCER,
      'the ARN of an Application, Network or Gateway Load Balancer',
    ).optional(),
  },
  'a map with target_group or load_balancer, one of them',
);

/** The ARN of what is behind a target in Elastic Load Balancing: a target group, or a load balancer with all of its groups. */
const reference = z.strictObject({
  kind: z.enum(['target-group', 'load-balancer']),
  arn: z.string().min(1),
});

export type Elbv2Reference = z.infer<typeof reference>;

/** Elastic Load Balancing (version 2: Application, Network and Gateway Load Balancers). Asked by elbv2-source.ts. */
export const elbv2 = {
  name: 'elbv2',
  schema,
  reference,
  read,
  write,
  place: 'at its load balancer',
  // Service Authorization Reference, Elastic Load Balancing V2.
  permission: {
    actions: [
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
    reason: 'the Describe actions of Elastic Load Balancing take no resource',
  },
} as const satisfies SourceKind;

function read(given: unknown, path: Path, report: ReportMistake): SourceReference | undefined {
  const { target_group, load_balancer } = schema.parse(given);
  if (target_group !== undefined && load_balancer === undefined)
    return { kind: 'target-group', arn: target_group };
  if (load_balancer !== undefined && target_group === undefined) {
    return { kind: 'load-balancer', arn: load_balancer };
  }
  const said = target_group === undefined ? 'neither' : 'both';
  report(path, `${subject(path)} names ${said} of target_group and load_balancer: name one of them.`);
  return undefined;
}

function write(given: SourceReference): z.infer<typeof schema> {
  const { kind, arn } = reference.parse(given);
  return kind === 'target-group' ? { target_group: arn } : { load_balancer: arn };
}
