import type { DnsName } from '../plan/names.ts';
import type { StackPrecondition } from './precondition.ts';
import { later, met, unmet } from './precondition.ts';
import { reservedConcurrency } from './reserved-concurrency.ts';
import type { AccountSurvey, StackFacts, Surveys } from './survey.ts';
import { NotAsked } from './survey.ts';

/** What `cdk bootstrap` makes, unless it is told another name. */
const BOOTSTRAP_STACK = 'CDKToolkit';
/** The oldest bootstrap that the CDK's default synthesizer deploys with (AWS CDK v2 Developer Guide, bootstrapping). */
const BOOTSTRAP_MIN = 6;
const QUALIFIER = 'hnb659fds';
/** Lambda leaves so much to functions that reserve nothing (Lambda Developer Guide, reserved concurrency). */
const UNRESERVED_MIN = 100;
/** States from which CloudFormation takes no update (CloudFormation User Guide, stack status codes). */
const STUCK = /^(?!REVIEW_).*_IN_PROGRESS$|^DELETE_FAILED$|^UPDATE_ROLLBACK_FAILED$/;
/** States of a stack that never was whole: the CDK deletes it before it makes it again. */
const NEVER_WHOLE = /^ROLLBACK_(COMPLETE|FAILED)$/;
const CELL_OUTPUT = /^Cell\d+$/;
const LOAD_BALANCER = /\.([a-z0-9-]+)\.elb\.amazonaws\.com$|\.elb\.([a-z0-9-]+)\.amazonaws\.com$/;

const stackState: StackPrecondition = {
  id: 'stack',
  asserts: 'CloudFormation can make the stack, or change it.',
  weight: 'blocks',
  unmetMeans: 'CloudFormation refuses the deployment before it changes anything.',
  look: async ({ account }, { deployment }) => {
    const stack = await account.stack(deployment.stack);
    if (stack === undefined) return met(`there is no stack ${deployment.stack} yet`);
    if (STUCK.test(stack.status))
      return unmet(`${deployment.stack} is ${stack.status}: wait until that has ended, or end it`);
    if (NEVER_WHOLE.test(stack.status))
      return met(`${stack.status}: its first deployment failed, and the CDK deletes it first`);
    return met(stack.status);
  },
};

const bootstrap: StackPrecondition = {
  id: 'bootstrap',
  asserts: 'The account and Region are bootstrapped for the CDK.',
  weight: 'blocks',
  unmetMeans: 'The CDK has no place for the code of the functions: it stops before it begins.',
  look: async ({ account }) => {
    const { outputs } = await bootstrapped(account);
    const version = Number(outputs.get('BootstrapVersion') ?? '0');
    if (version >= BOOTSTRAP_MIN) return met(`version ${version}`);
    return unmet(
      version === 0
        ? `there is no stack ${BOOTSTRAP_STACK}: run "npx cdk bootstrap"`
        : `version ${version}, below ${BOOTSTRAP_MIN}: run "npx cdk bootstrap" again`,
    );
  },
};

const deployer: StackPrecondition = {
  id: 'deployer',
  asserts: "The caller may act as the CDK's deploying role.",
  weight: 'advises',
  unmetMeans: "The CDK goes on with the caller's own permissions, which then have to suffice.",
  look: async ({ account }) => {
    const stack = await bootstrapped(account);
    if (stack.account === '') throw new NotAsked('the account is not bootstrapped');
    const role = `arn:aws:iam::${stack.account}:role/cdk-${QUALIFIER}-deploy-role-${stack.account}-${stack.region}`;
    return (await account.mayAssume(role)) ? met(role) : unmet(`${role} cannot be assumed`);
  },
};

const concurrency: StackPrecondition = {
  id: 'concurrency',
  asserts: 'The account has the concurrency that the functions reserve.',
  weight: 'blocks',
  unmetMeans: 'Lambda refuses the first function that is over it, and the deployment rolls back.',
  look: async ({ account }, { deployment }) => {
    if (deployment.concurrency === 'shared') return met('shared: nothing is reserved');
    const stack = await account.stack(deployment.stack);
    const { limit, unreserved } = await account.concurrency();
    const { enactors, notify } = deployment;
    const reserved = (cells: number): number => reservedConcurrency(cells, enactors, notify.webhooks.length);
    const has = stack === undefined ? 0 : reserved(cellsOf(stack));
    // A stack that shares the account's concurrency has reserved none of it yet.
    const before = Math.min(has, limit - unreserved);
    const needed = reserved(Object.keys(deployment.cells).length) - before;
    const detail = `${needed} of ${Math.max(0, unreserved - UNRESERVED_MIN)} that can be reserved (limit ${limit}, ${unreserved} unreserved, of which ${UNRESERVED_MIN} stay)`;
    return needed <= Math.max(0, unreserved - UNRESERVED_MIN) ? met(detail) : unmet(detail);
  },
};

const topic: StackPrecondition = {
  id: 'alarm-topic',
  asserts: 'Somebody has confirmed to get the alarms.',
  weight: 'advises',
  unmetMeans: 'Alarms ring, and nobody hears them.',
  look: async ({ account }, { deployment }) => {
    const arn = (await account.stack(deployment.stack))?.outputs.get('AlarmTopicArn');
    if (arn === undefined)
      return later(
        deployment.alarmMail.length > 0
          ? `${deployment.alarmMail.length} addresses will be asked to confirm`
          : 'no address in alarmMail: subscribe to the topic once it is there',
      );
    const { confirmed, pending } = await account.subscriptions(arn);
    const detail = `${confirmed} confirmed, ${pending} not yet`;
    return confirmed > 0 ? met(detail) : unmet(detail);
  },
};

const aliasTargets: StackPrecondition = {
  id: 'alias-targets',
  asserts: 'What the aliases of the fleet file point at exists.',
  weight: 'blocks',
  unmetMeans: 'Route 53 refuses the alias of a target that it does not find: the endpoint is refused.',
  look: async (surveys, { aliases }) => {
    if (aliases === undefined) return later('the deployment names no fleet file: give it with --fleet');
    const gone: DnsName[] = [];
    for (const name of aliases) if (!(await isThere(surveys, name))) gone.push(name);
    return gone.length === 0 ? met(`${aliases.length} targets`) : unmet(`not found: ${gone.join(', ')}`);
  },
};

/** What the stack needs, in the order in which a deployment would meet it. */
export const STACK_PRECONDITIONS: readonly StackPrecondition[] = [
  stackState,
  bootstrap,
  deployer,
  concurrency,
  aliasTargets,
  topic,
];

async function bootstrapped(account: AccountSurvey): Promise<StackFacts> {
  const stack = await account.stack(BOOTSTRAP_STACK);
  return stack ?? { status: '', outputs: new Map(), account: '', region: '' };
}

function cellsOf({ outputs }: StackFacts): number {
  return [...outputs.keys()].filter((key) => CELL_OUTPUT.test(key)).length;
}

/**
 * A load balancer of this account is known before its name is in every resolver. One of another account, and whatever
 * is no load balancer, is known by its name alone.
 */
async function isThere({ account, names }: Surveys, name: DnsName): Promise<boolean> {
  const [, application, network] = LOAD_BALANCER.exec(name) ?? [];
  const region = application ?? network;
  if (region !== undefined && (await knownThere(account, region, name))) return true;
  return names.resolves(name);
}

async function knownThere(account: AccountSurvey, region: string, name: DnsName): Promise<boolean> {
  try {
    return (await account.loadBalancers(region)).has(name);
  } catch (error) {
    // Its name still says whether it is there.
    if (error instanceof NotAsked) return false;
    throw error;
  }
}
