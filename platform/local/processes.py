"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import subprocess
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def start(
    command: list[str],
    *,
    log: Path,
    environment: dict[str, str] | None = None,
    death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen:
    """Starts `command` with its output appended to `log`. The kernel sends it `death` when this process dies, by
    whatever signal; it does not see the terminal's Ctrl-C, so that the parent can stop things in order."""
    log.parent.mkdir(parents=True, exist_ok=True)
    parent = os.getpid()
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: _die_with(parent, death),
        )


def _die_with(parent: int, death: signal.Signals) -> None:
    _libc.prctl(PR_SET_PDEATHSIG, death)
    if os.getppid() != parent:
        os._exit(1)


def stop(process: subprocess.Popen, *, seconds: float = 10, how: signal.Signals = signal.SIGTERM) -> None:
    """Asks the process to end, waits, then kills its whole group."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            kill(process)


def kill(process: subprocess.Popen) -> None:
    """Kills the process and its children at once."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def is_alive(pid: int) -> bool:
    """True when the process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
