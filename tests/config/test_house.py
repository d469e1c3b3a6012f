"""The shape of the house: the source root, the settings, the headers."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

import config

ROOT = Path(__file__).resolve().parents[2]


def test_platform_stays_pythons_own_module():
    assert platform.system() in {"Linux", "Darwin"}
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_no_loose_modules_lie_in_the_source_root():
    assert sorted((ROOT / "platform").glob("*.py")) == []


def test_config_comes_from_this_repository():
    assert Path(config.__file__).resolve().parent == ROOT / "platform" / "config"


@pytest.mark.promise("configuration")
def test_production_without_a_secret_key_does_not_start():
    code = "import django; django.setup()"
    environment = {"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "config.settings"}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].endswith("Set the HOUQIN_SECRET_KEY environment variable")


@pytest.mark.promise("configuration")
def test_style_guide_and_demo_media_exist_in_no_production_urlconf():
    code = "import django; django.setup(); from django.urls import resolve; print(resolve('/ui/').route)"
    environment = {
        "PATH": "/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HOUQIN_SECRET_KEY": "x" * 50,
        "HOUQIN_HOSTS": "houqin.example.org",
    }
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    # Wagtail's catch-all, which answers 404 for a page that does not exist
    assert result.stdout.strip() != "ui/", result.stderr


@pytest.mark.promise("configuration")
def test_pages_carry_the_strict_policy(client, db):
    response = client.get("/account/login/")
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_language_is_chinese_whatever_the_browser_prefers(client, db):
    response = client.get("/account/login/", headers={"accept-language": "en-US"})
    assert response.headers["Content-Language"] == "zh-hans"


def test_language_switch_turns_the_pages_english(client, db):
    client.post("/i18n/setlang/", {"language": "en", "next": "/account/login/"})
    assert client.get("/account/login/").headers["Content-Language"] == "en"


def test_health_answers_without_the_database(client):
    assert client.get("/healthz").content == b"ok"


def test_readiness_names_database_and_cache(client, db):
    assert client.get("/readyz").json() == {"database": True, "cache": True}
