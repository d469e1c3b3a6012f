"""Cache keys never cross a wall, and the site's pages stand without the cache."""

import time

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from tenants.context import current_university

GLOBAL_PREFIX = "global:"
# what the site keeps there stands in the database too; the limits of the sign-in stand nowhere else
MAY_BE_MISSING = "wagtail"
AWAY = (RedisConnectionError, RedisTimeoutError)
# a cache that hangs costs seconds: it is asked once in this time, not at every page
REST_SECONDS = 10


def make_key(key: str, key_prefix: str, version: int) -> str:
    """Puts the university into the key. A key that starts with `global:` is everyone's on purpose."""
    place = "*" if key.startswith(GLOBAL_PREFIX) else (current_university() or "public")
    return f"{key_prefix}:{place}:{version}:{key}"


class HouseCache(RedisCache):
    """Redis. While it is away, what may be missing is missing and is not kept; all else raises."""

    # of the process: Django makes a cache for each thread
    _asked_again_at = 0.0

    def get(self, key, default=None, version=None):
        return self._without([key], default, super().get, key, default, version)

    def get_many(self, keys, version=None):
        keys = list(keys)
        return self._without(keys, {}, super().get_many, keys, version)

    def set(self, key, value, *arguments, **named):
        return self._without([key], None, super().set, key, value, *arguments, **named)

    def set_many(self, data, *arguments, **named):
        return self._without(data, [], super().set_many, data, *arguments, **named)

    def _without(self, keys, otherwise, ask, *arguments, **named):
        """What `ask` answers; `otherwise` for keys that may be missing while the cache is away."""
        if not all(str(key).startswith(MAY_BE_MISSING) for key in keys):
            return ask(*arguments, **named)
        if time.monotonic() < HouseCache._asked_again_at:
            return otherwise
        try:
            return ask(*arguments, **named)
        except AWAY:
            HouseCache._asked_again_at = time.monotonic() + REST_SECONDS
            return otherwise
