"""The cache away: the site reads what it needs from the database, the limits of the sign-in do not pretend."""

import time

import pytest
from django.core.cache import caches
from redis.exceptions import ConnectionError as RedisConnectionError

from tenants.cache import REST_SECONDS, HouseCache

NOBODY = "unix:///tmp/nobody-listens-here.sock"


@pytest.fixture
def away(monkeypatch):
    """The settings' own cache at an address where nothing listens."""
    monkeypatch.setattr(HouseCache, "_asked_again_at", 0.0)
    return HouseCache(NOBODY, {})


def test_what_the_site_keeps_is_missing_while_the_cache_is_away(away):
    assert (away.get("wagtail_site_root_paths"), away.get("wagtail_x", "none")) == (None, "none")
    away.set("wagtail_site_root_paths", ["/"], 60)
    assert away.get_many(["wagtail-rendition-1", "wagtail-rendition-2"]) == {}
    assert away.set_many({"wagtail-rendition-1": 1}) == []


@pytest.mark.parametrize("ask", [
    lambda cache: cache.get("allauth:rl"),
    lambda cache: cache.set("allauth:rl", 1),
    lambda cache: cache.add("allauth:rl", 1),
    lambda cache: cache.get_many(["wagtail_x", "allauth:rl"]),
    lambda cache: cache.delete("wagtail_site_root_paths"),
])  # fmt: skip
def test_what_is_counted_or_has_to_go_fails_aloud(away, ask):
    with pytest.raises(RedisConnectionError):
        ask(away)


def test_cache_that_was_away_is_not_asked_at_every_page(away, monkeypatch):
    there = caches["default"]
    there.set("wagtail_test", "kept", 30)
    away.get("wagtail_x")
    assert 0 < HouseCache._asked_again_at - time.monotonic() <= REST_SECONDS
    assert there.get("wagtail_test") is None
    monkeypatch.setattr(HouseCache, "_asked_again_at", time.monotonic())
    assert there.get("wagtail_test") == "kept"


def test_cache_that_is_there_keeps_what_the_site_gives_it(monkeypatch):
    monkeypatch.setattr(HouseCache, "_asked_again_at", 0.0)
    cache = caches["default"]
    assert isinstance(cache, HouseCache)
    cache.set_many({"wagtail_test_a": 1, "wagtail_test_b": 2}, 30)
    assert cache.get_many(["wagtail_test_a", "wagtail_test_b"]) == {"wagtail_test_a": 1, "wagtail_test_b": 2}
