"""The environment that makes itself, and the one that does not."""

import sys

import pytest

from local import bootstrap


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose lock is not the one the environment was made of; building it would be noticed."""
    (tmp_path / "requirements.txt").write_text("django==0\n")
    built = []
    monkeypatch.setattr(bootstrap, "_build", lambda *places: built.append(places))
    return tmp_path, built


def test_a_server_installs_nothing_by_itself(checkout, monkeypatch):
    root, built = checkout
    (root / ".venv").symlink_to(sys.prefix)
    monkeypatch.setenv("HOUQIN_STAGE", "production")
    bootstrap.ensure_environment(root)
    assert (built, sorted(path.name for path in root.iterdir())) == ([], [".venv", "requirements.txt"])


def test_a_server_without_its_environment_says_who_makes_it(checkout, monkeypatch):
    root, built = checkout
    monkeypatch.setenv("HOUQIN_STAGE", "production")
    with pytest.raises(bootstrap.BootstrapError) as refused:
        bootstrap.ensure_environment(root)
    assert str(refused.value) == f"\nhouqin: {root}/.venv 还没有建立。怎样建立，见 deploy/README.md。"
    assert built == []


def test_a_desk_builds_what_its_lock_asks_for(checkout, monkeypatch):
    root, built = checkout
    (root / ".venv").mkdir()
    monkeypatch.delenv("HOUQIN_STAGE", raising=False)
    monkeypatch.setattr("os.execv", lambda *_command: None)
    bootstrap.ensure_environment(root)
    assert built == [(root, root / ".venv", root / ".venv/bin/python")]
