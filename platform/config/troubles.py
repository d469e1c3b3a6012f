"""What a person reads when the server could not: which part is away, and what to do. Neither database nor session is
used, and the page says it in both languages: nobody knows whose it is.
"""

import errno
import sys
from dataclasses import dataclass

from django.conf import settings
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

CHUNK = 64 * 1024
# EFBIG is what a quota of the process says
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class Trouble:
    """The status, the finding, and what to do."""

    status: int
    heading: Promise
    text: Promise


DATABASE = Trouble(
    503,
    _("数据库暂时没有答复，这一步没有写入"),
    _("已保存的数据不受影响，没有写入一半的数。要传的文件还在你的电脑上，过一分钟再做一次。"),
)
DISK = Trouble(
    507,
    _("服务器的存储空间满了，文件没有收下"),
    _("草稿和已收下的文件不受影响。告诉秘书处，腾出空间以后再传一次。"),
)
# the limits of the sign-in are counted there: without it nobody new comes in, and whoever is in goes on working
CACHE = Trouble(
    503,
    _("服务器的缓存暂时没有答复，这一步没有做成"),
    _("已登录的人可以继续填报；登录和导入要等它恢复。已保存的数据不受影响，过一分钟再试。"),
)
FAULT = Trouble(
    500,
    _("这一步没有做成，是系统的问题"),
    _(
        "已保存的数据不受影响，没有写入一半的数。错误已经记下；过几分钟再试，仍不行请告诉秘书处出错的时间和地址。"
    ),
)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of exceptions that nothing else handled. A script gets JSON with title and text."""
    trouble = trouble_of(sys.exc_info()[1])
    _take_the_rest(request)
    if request.headers.get("Accept", "").startswith("application/json"):
        said = {"title": str(trouble.heading), "text": str(trouble.text)}
        response: HttpResponse = JsonResponse(said, status=trouble.status)
    else:
        response = HttpResponse(_page(trouble), status=trouble.status)
    if trouble.status == 503:
        response["Retry-After"] = "60"
    return response


def _page(trouble: Trouble) -> str:
    words = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            words[language] = {"heading": str(trouble.heading), "text": str(trouble.text)}
    context = {"status": trouble.status, "chinese": words["zh-hans"], "english": words["en"]}
    return render_to_string("ui/states/500.html", context)


def _take_the_rest(request: HttpRequest) -> None:
    """Reads what is still being sent: a browser that is cut off in mid-upload never sees the answer."""
    try:
        while request.read(CHUNK):
            pass
    except Exception:  # read to its end, closed, or broken: the answer is the same
        return


def trouble_of(error: BaseException | None) -> Trouble:
    """Which trouble an exception is, by itself or by what caused it."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return DATABASE
        if isinstance(error, OSError) and error.errno in FULL:
            return DISK
        if isinstance(error, RedisConnectionError | RedisTimeoutError):
            return CACHE
        error = error.__cause__ or error.__context__
    return FAULT
