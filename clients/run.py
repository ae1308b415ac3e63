#!/usr/bin/env python3
"""Runs the shared scenario of the clients, and their own checks, against the real binary: `clients/run.py [LANG ...]`.

The binary is PROMISED_BIN, else target/debug/promised. In the scenario the server is killed with SIGKILL in the middle and
started again on the same data and port. Then `clients/LANG/check` runs the client's own tests and its example of every
RPC on a fresh server. Exit code 1 where something fails; a language whose installation fails (exit code 75) is skipped,
and its error is printed.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("PROMISED_BIN") or pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/promised")
STEPS = ["check", "hold", "confirm", "amend", "repeat", "kill", "again", "list", "watch", "done"]
SKIPPED = 75
# Seconds for everything of a language, its build included: generous, speed is not what is tried here.
LIMIT = 900


class Server:
    """The real binary on a port and data of its own."""

    def __init__(self, data):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.data, self.process = data, None

    def start(self):
        command = [BINARY, "serve", ROOT / "snapshots/tiny", "--data", self.data, "--listen", self.address]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=open(self.data + ".log", "ab"))
        host, port = self.address.split(":")
        for _ in range(600):
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended: {open(self.data + '.log').read()}")
            try:
                socket.create_connection((host, int(port)), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the server does not listen")

    def kill(self):
        self.process.kill()
        self.process.wait()


def steps(client, server):
    """Reads the steps, and kills the server where the scenario asks for it."""
    told = []
    for text in client.stdout:
        print("  " + text.strip(), flush=True)
        told.append(json.loads(text))
        if told[-1]["step"] == "kill":
            server.kill()
            client.stdin.write("\n")
            client.stdin.flush()
            # The client meets a closed port first.
            time.sleep(1)
            server.start()
    return told


def faults(told):
    """What is wrong with the steps that a scenario told."""
    by = {one["step"]: one for one in told}
    if [one["step"] for one in told] != STEPS:
        yield f"steps: {[one['step'] for one in told]}, expected {STEPS}"
        return
    ids = {step: by[step].get("promise_id") for step in ("hold", "confirm", "repeat", "again")}
    if not ids["hold"] or len(set(ids.values())) != 1:
        yield f"one promise has several ids: {ids}"
    if not by["amend"].get("promise_id"):
        yield "amend: no promise_id"
    if not by["list"].get("n"):
        yield "list: nothing in it"


def environment(server):
    """What a client is told: where the server is, and the binary for servers of its own."""
    return {**os.environ, "PROMISED_SERVER": f"http://{server.address}", "PROMISED_BIN": str(BINARY)}


def scenario(language, scratch):
    """What is wrong with the scenario; None where its installation fails."""
    server = Server(scratch + "/data")
    server.start()
    client = subprocess.Popen([ROOT / "clients" / language / "scenario"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(server))
    clock = threading.Timer(LIMIT, client.kill)
    clock.start()
    try:
        told = steps(client, server)
        code = client.wait()
    finally:
        clock.cancel()
        client.kill()
        server.kill()
    if code == SKIPPED and not told:
        return None
    return list(faults(told)) if code == 0 else [f"the scenario ends with {code}"]


def check(language, scratch):
    """What is wrong with the client's own tests and its example of every RPC; None where its installation fails."""
    server = Server(scratch + "/check")
    server.start()
    try:
        code = subprocess.run([ROOT / "clients" / language / "check"], env=environment(server), timeout=LIMIT).returncode
    finally:
        server.kill()
    return None if code == SKIPPED else [f"its check ends with {code}"] if code else []


def run(language):
    """True where all passes, None where it was skipped."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        wrong = scenario(language, scratch) if (ROOT / "clients" / language / "scenario").exists() else []
        if wrong is not None and (ROOT / "clients" / language / "check").exists():
            more = check(language, scratch)
            wrong = None if more is None else wrong + more
    verdict = "skipped: its installation fails, see above" if wrong is None else "; ".join(wrong) or "passes"
    print(f"{language}: {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
    return None if wrong is None else not wrong


def main():
    there = sorted({path.parent.name for what in ("scenario", "check") for path in ROOT.glob(f"clients/*/{what}")})
    results = [run(language) for language in sys.argv[1:] or there]
    sys.exit(1 if False in results else 0)


if __name__ == "__main__":
    main()
