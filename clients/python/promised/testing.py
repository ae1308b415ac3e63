"""A server for tests: the real binary on a free port, gone at the end."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
from typing import Any

from .client import Client


class Server:
    """`with Server("snapshots/tiny") as server: Client(server.address)`.

    The binary is `binary`, else PROMISED_BIN, else `promised` on the PATH. It keeps its journal in `data`, else in a
    directory that goes with it; `restart()` starts it again on the same data and port, `kill()` is SIGKILL.
    """

    def __init__(self, snapshot: str, *arguments: str, binary: str | None = None, data: str | None = None) -> None:
        self.binary = binary or os.environ.get("PROMISED_BIN") or shutil.which("promised") or ""
        if not self.binary:
            raise FileNotFoundError("no promised: name the binary in PROMISED_BIN, or put it on the PATH")
        self._scratch = tempfile.mkdtemp(prefix="promised-")
        self._command = [self.binary, "serve", snapshot, "--data", data or f"{self._scratch}/data", *arguments]
        self.address, self.process, self.log = "127.0.0.1:0", None, []  # type: str, subprocess.Popen[str] | None, list[str]
        self.start()

    def start(self) -> None:
        """Starts it and waits until it serves."""
        self.process = subprocess.Popen([*self._command, "--listen", self.address], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        output = self.process.stdout
        for text in iter(output.readline, ""):  # type: ignore[union-attr]
            self.log.append(text)
            found = re.match(r"serving \S+ on (\S+:\d+)", text)
            if found:
                self.address = found[1]
                # What it says later must not fill the pipe.
                threading.Thread(target=lambda: self.log.extend(output), daemon=True).start()  # type: ignore[arg-type]
                return
        raise RuntimeError(f"the server ended: {''.join(self.log)}")

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """Kills it and starts it again on its data."""
        self.kill()
        self.start()

    def client(self, **options: Any) -> Client:
        """A client of it."""
        return Client(self.address, **options)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: Any) -> None:
        self.kill()
        shutil.rmtree(self._scratch, ignore_errors=True)
