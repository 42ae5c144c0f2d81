"""Runs plainchart as a person and as an assistant would: commands, and a conversation over stdio."""

import json
import os
import subprocess
import threading
from base64 import b64encode
from pathlib import Path

# Calls that one process answers before it slows an assistant down.
CALLS_MAX = 50
SECONDS_MAX = 120


class Plainchart:
    """The program with one store of its own."""

    def __init__(self, binary: str, home: Path) -> None:
        self.binary = binary
        self.home = home
        key = b64encode(os.urandom(32)).decode()
        self.environment = {**os.environ, "PLAINCHART_KEY": key, "RUST_BACKTRACE": "1"}
        self.said = ""

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [self.binary, "--home", str(self.home), *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=SECONDS_MAX, check=False)
        self.said += done.stderr
        return done

    def imported(self, path: Path, *options: str) -> tuple[int, dict]:
        """Imports with `--json`: the exit code, and the report or refusal."""
        done = self.run("import", str(path), "--json", *options)
        try:
            return done.returncode, json.loads(done.stdout)
        except ValueError:
            return done.returncode, {"error": done.stderr.strip() or done.stdout.strip()}


class Conversation:
    """An assistant that calls tools over stdio. It starts the server anew before that slows it down."""

    def __init__(self, program: Plainchart) -> None:
        self.program = program
        self.process = None
        self.calls = 0

    def __enter__(self) -> "Conversation":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        if self.process:
            self.process.stdin.close()
            self.program.said += self.process.stderr.read()
            self.process.wait(timeout=SECONDS_MAX)
            self.process.stdout.close()
            self.process.stderr.close()
            self.process = None

    def start(self) -> None:
        command = [self.program.binary, "--home", str(self.program.home), "serve"]
        self.process = subprocess.Popen(command, env=self.program.environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.calls = 0
        client = {"name": "corpus", "version": "1"}
        self.ask("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client})
        self.send({"method": "notifications/initialized"})

    def send(self, message: dict) -> None:
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()

    def ask(self, method: str, parameters: dict) -> dict:
        self.calls += 1
        self.send({"id": self.calls, "method": method, "params": parameters})
        watch = threading.Timer(SECONDS_MAX, self.process.kill)
        watch.start()
        try:
            while line := self.process.stdout.readline():
                message = json.loads(line)
                if message.get("id") == self.calls:
                    return message
        finally:
            watch.cancel()
        raise SystemExit(f"no answer to {method}: {self.process.stderr.read()}")

    def call(self, tool: str, arguments: dict) -> dict:
        """The result of a tool; a protocol error counts as a refusal."""
        if self.process is None or self.calls >= CALLS_MAX:
            self.end()
            self.start()
        message = self.ask("tools/call", {"name": tool, "arguments": arguments})
        return message.get("result") or {"isError": True, "content": [{"text": str(message.get("error"))}]}


def text_of(result: dict) -> str:
    return "".join(block.get("text", "") for block in result["content"])
