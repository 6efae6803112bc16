// One execution environment of a function in LocalStack: loads the bundle that lies in LAMBDA_TASK_ROOT, takes
// invocations at POST /invoke, and reports each with its log lines to LocalStack's endpoints, as its own init does in
// a container. JavaScript, because it runs in the place of Lambda's runtime and with a function's environment.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { env } = process;
const LOCALSTACK = env.LOCALSTACK_RUNTIME_ENDPOINT;
const TIMEOUT_MS = Number(env.AWS_LAMBDA_FUNCTION_TIMEOUT) * 1000;

/** What the function printed in the invocation that runs: there is one at a time. */
let lines = '';
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (text, ...rest) => {
  lines += text;
  return write(text, ...rest);
};

async function report(path, body) {
  const answer = await fetch(`${LOCALSTACK}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body) ?? 'null',
  });
  if (!answer.ok) throw new Error(`LocalStack answered ${answer.status} to ${path}`);
}

function failure(error) {
  return { errorType: error.name, errorMessage: error.message, stackTrace: (error.stack ?? '').split('\n') };
}

async function loadHandler() {
  const [file, name] = env._HANDLER.split('.');
  const bundle = await import(pathToFileURL(join(env.LAMBDA_TASK_ROOT, `${file}.mjs`)).href);
  return bundle[name];
}

async function perform(handler, invocation) {
  const id = invocation['invoke-id'];
  const ends = Date.now() + TIMEOUT_MS;
  const context = {
    awsRequestId: id,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: invocation['invoked-function-arn'],
    getRemainingTimeInMillis: () => ends - Date.now(),
  };
  lines = '';
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`Task timed out after ${TIMEOUT_MS / 1000} seconds`)),
      TIMEOUT_MS,
    );
  });
  let outcome;
  try {
    const answer = await Promise.race([handler(JSON.parse(invocation.payload), context), late]);
    outcome = ['response', answer ?? null];
  } catch (error) {
    outcome = ['error', failure(error)];
  }
  clearTimeout(timer);
  await report(`invocations/${id}/logs`, { logs: lines });
  await report(`invocations/${id}/${outcome[0]}`, outcome[1]);
}

async function body(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return JSON.parse(text);
}

// LocalStack holds the other end of the standard input: when it is gone, nobody wants this process.
process.stdin.resume().once('end', () => process.exit());

const executor = LOCALSTACK.split('/').at(-1);
try {
  const handler = await loadHandler();
  const server = createServer(async (request, response) => {
    const invocation = await body(request);
    response.end();
    await perform(handler, invocation);
  });
  server.listen(Number(env.PAWL_INVOKE_PORT), '127.0.0.1', () => report(`status/${executor}/ready`, {}));
} catch (error) {
  await report(`status/${executor}/error`, failure(error));
  process.exitCode = 1;
}
