/** The Python of .ci/requirements.txt: never looked for, so that no test can pass by not running. */
export function pythonOfClients(): string {
  const python = process.env['PAWL_BOTO3_PYTHON'];
  if (python !== undefined && python !== '') return python;
  throw new Error(
    'Set PAWL_BOTO3_PYTHON to a Python with what .ci/requirements.txt names: python3 -m venv .venv && .venv/bin/pip install -r .ci/requirements.txt.',
  );
}
