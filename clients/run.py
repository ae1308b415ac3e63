#!/usr/bin/env python3
"""Runs the shared scenario of the clients, and their own checks, against the real binary: `clients/run.py [LANG ...]`.

The binary is PROMISED_BIN, else target/debug/promised. In the scenario the server is killed with SIGKILL in the middle and
started again on the same data and port; it is run in plain text, and again with TLS and a token. Then `clients/LANG/check` runs the client's own tests and its example of every
RPC on a fresh server. Exit code 1 where something fails; a language whose installation fails (exit code 75) is skipped,
and its error is printed.
"""

import json
import os
import pathlib
import shutil
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

    def __init__(self, data, *arguments):
        self.arguments = arguments
        os.makedirs(data, exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.data, self.process = data, None

    def start(self):
        command = [BINARY, "serve", ROOT / "snapshots/tiny", "--data", self.data, "--listen", self.address, *self.arguments]
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


def scenario(language, server, told_to_client):
    """What is wrong with the scenario; None where its installation fails."""
    server.start()
    client = subprocess.Popen([ROOT / "clients" / language / "scenario"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=told_to_client)
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


def secured(language, scratch):
    """What is wrong with the scenario over TLS and with a token."""
    if shutil.which("openssl") is None:
        print("  not tried with TLS: openssl is not installed")
        return []
    if subprocess.run([BINARY, "token", "--help"], capture_output=True).returncode != 0:
        print("  not tried with TLS: this binary has no tokens")
        return []
    subject, names = ["-subj", "/CN=localhost"], ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    files = ["-keyout", f"{scratch}/key.pem", "-out", f"{scratch}/certificate.pem"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", *subject, *names, *files], check=True, capture_output=True)
    tokens = f"{scratch}/tokens.toml"
    token = subprocess.run([BINARY, "token", "new", "--name", "scenario", "--role", "promise", "--tokens", tokens], check=True, capture_output=True, text=True).stdout.strip()
    server = Server(f"{scratch}/secured", "--access-tokens", tokens, "--tls-certificate", f"{scratch}/certificate.pem", "--tls-key", f"{scratch}/key.pem")
    told = {**environment(server), "PROMISED_SERVER": f"https://{server.address}", "PROMISED_CA": f"{scratch}/certificate.pem", "PROMISED_TOKEN": token}
    return [f"with TLS and a token: {fault}" for fault in scenario(language, server, told) or []]


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
        wrong = []
        if (ROOT / "clients" / language / "scenario").exists():
            server = Server(scratch + "/data")
            wrong = scenario(language, server, environment(server))
            if wrong is not None:
                wrong += secured(language, scratch)
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
