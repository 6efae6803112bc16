"""What LocalStack needs to run on this machine without docker: functions on the Node of the tests, DynamoDB beside it.

LocalStack finds it in the entry points of the package beside this file, which is on its PYTHONPATH.
"""

import _thread
import os
import subprocess
import sys
import threading
from functools import partial

from localstack.runtime import hooks
from localstack.services.lambda_.invocation.executor_endpoint import ExecutorEndpoint
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor
from localstack.utils.net import get_free_tcp_port
from localstack.utils.threads import start_thread

HOST = "127.0.0.1"
STOP_S = 5
FUNCTION_RUNNER = os.environ["PAWL_FUNCTION_RUNNER"]
NODE = os.environ["PAWL_NODE"]


class NodeExecutor(RuntimeExecutor):
    """One execution environment: a Node process with the function's bundle, which LocalStack invokes over HTTP."""

    def __init__(self, id, function_version):
        super().__init__(id, function_version)
        self.endpoint = ExecutorEndpoint(id, HOST, get_free_tcp_port())
        self.process = None

    def start(self, env_vars):
        self.endpoint.start()
        code = str(self.function_version.config.code.get_unzipped_code_location())
        # The environment of a function, and nothing of this process: its AWS_* would be other credentials.
        environment = {name: str(value) for name, value in env_vars.items()} | {
            "LAMBDA_TASK_ROOT": code,
            "PATH": os.environ["PATH"],
            "PAWL_INVOKE_PORT": str(self.endpoint.container_port),
        }
        # It ends when its standard input does: with this process, however this one ends.
        self.process = subprocess.Popen([NODE, FUNCTION_RUNNER], cwd=code, env=environment, stdin=subprocess.PIPE)
        self.endpoint.wait_for_startup()

    def stop(self):
        self.endpoint.shutdown()
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def get_address(self):
        return HOST

    def get_endpoint_from_executor(self):
        return HOST

    def get_runtime_endpoint(self):
        port = os.environ["GATEWAY_LISTEN"].rpartition(":")[2]
        return f"http://{HOST}:{port}{self.endpoint.get_endpoint_prefix()}"

    def invoke(self, payload):
        return self.endpoint.invoke(payload)

    def get_logs(self):
        return self.endpoint.logs or ""

    @classmethod
    def prepare_version(cls, function_version):
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        """A version that only has other settings has the same folder of code, which goes with the tests' own folder."""


class NodeExecutorPlugin(RuntimeExecutorPlugin):
    name = "node"

    def load(self, *args, **kwargs):
        return NodeExecutor


@hooks.on_infra_start()
def on_the_loopback():
    """LocalStack's gateway takes an IPv4 address to listen at, and listens on every interface all the same."""
    from twisted.internet import endpoints

    endpoints.TCP4ServerEndpoint = partial(endpoints.TCP4ServerEndpoint, interface=HOST)


def read_packages():
    """LocalStack writes `Lock | None`, which Python reads from 3.13 on: before, threading.Lock is no class."""
    if sys.version_info >= (3, 13):
        return
    lock = threading.Lock
    threading.Lock = type("Lock", (), {"__new__": lambda cls: _thread.allocate_lock()})
    import localstack.packages.api  # noqa: F401

    threading.Lock = lock


@hooks.on_infra_start()
def dynamodb_beside():
    """LocalStack would download DynamoDB Local and a Java of its own. The tests have started it: DYNAMODB_LOCAL_PORT."""
    read_packages()
    from localstack.services.dynamodb.server import DynamodbServer

    DynamodbServer.do_start_thread = lambda self: start_thread(lambda *_: self._stopped.wait())
