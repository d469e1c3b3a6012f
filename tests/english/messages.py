"""Every string of the house that goes through gettext, found without gettext's tools: `ast` for Python, Django's own
reading of templates for the rest."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("platform", "tenants", "surveys", "committees", "cms")
CHINESE = re.compile(r"[\u3400-\u9fff]")
# function: how many of its leading arguments are messages, and whether the first is a context
CALLS = {
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (1, True),
    "pgettext_lazy": (1, True),
    "npgettext": (2, True),
    "npgettext_lazy": (2, True),
    "say": (1, False),
    "frame": (1, False),
}
# where what says a message comes from: gettext, and for pure code its own sentences
SPEAKERS = {"django.utils.translation": (), "surveys.definition.said": ("say", "frame")}
# sentences of pure code have a context of their own: `合计` in one of them is no heading of a page
PURE_CONTEXT = "said"
# says again in another language what is written out elsewhere
RENDERS = "surveys/catalog/sentences.py"
_TEMPLATE_CALL = re.compile(r"(?<!\w)(gettext|_|ngettext|pgettext|npgettext)(?=\()")


@dataclass(frozen=True)
class Message:
    """One message: its text, the plural beside it ('' for none), its context, and the places that say it."""

    text: str
    plural: str
    context: str
    place: str


class NotAConstant(AssertionError):
    """A message put together at run time: no catalogue can hold it."""


def sources(ending: str) -> list[Path]:
    """The files of the house with this ending; migrations and what is only shown in development left out."""
    found = (path for folder in SOURCES for path in sorted((ROOT / folder).rglob(f"*{ending}")))
    return [path for path in found if "migrations" not in path.parts and "guide" not in path.parts]


def catalogues() -> list[Path]:
    """The English .po files of the house."""
    return [
        path
        for folder in SOURCES
        for path in sorted((ROOT / folder).rglob("locale/en/LC_MESSAGES/django.po"))
    ]


def used() -> Iterator[Message]:
    """Every message of the house's Python files and templates."""
    for path in sources(".py"):
        yield from in_python(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    for ending in (".html", ".txt"):
        for path in sources(ending):
            if "templates" in path.parts:
                yield from in_template(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())


def in_python(source: str, name: str) -> Iterator[Message]:
    """Messages of a Python file. Raises NotAConstant where a message is not written out."""
    tree = ast.parse(source)
    known = dict(_imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = _called(node, known)
            if called in CALLS and not (name == RENDERS and called == "pgettext"):
                yield _message(called, node, f"{name}:{node.lineno}")


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.module in SPEAKERS:
            names = ((alias.asname or alias.name, alias.name) for alias in node.names)
            wanted = SPEAKERS[node.module]
            yield from (pair for pair in names if not wanted or pair[1] in wanted)
        elif node.module == "django.utils":
            yield from (("translation", "") for alias in node.names if alias.name == "translation")


def _called(node: ast.Call, known: dict[str, str]) -> str:
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        return node.func.attr if isinstance(owner, ast.Name) and owner.id in known else ""
    return known.get(node.func.id, "") if isinstance(node.func, ast.Name) else ""


def _message(called: str, node: ast.Call, place: str) -> Message:
    count, has_context = CALLS[called]
    wanted = node.args[: count + has_context]
    texts = [arg.value for arg in wanted if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if len(texts) < count + has_context:
        raise NotAConstant(f"{place}: {called}() needs its message written out")
    context = texts.pop(0) if has_context else PURE_CONTEXT if called in ("say", "frame") else ""
    return Message(texts[0], texts[1] if count == 2 else "", context, place)


def unsaid_in_python(source: str) -> list[str]:
    """Chinese literals of a Python file that go through no gettext; docstrings and comments do not count."""
    tree = ast.parse(source)
    known = dict(_imported(tree))
    aside = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node, known) in CALLS:
            aside |= {id(part) for part in ast.walk(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            aside.add(id(node.value))
    literals = (
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return [node.value for node in literals if id(node) not in aside and CHINESE.search(node.value)]


def sentences_in_vocabulary(source: str) -> list[str]:
    """What looks like a sentence among the Chinese literals of a file of words and patterns: text that ends as
    sentences do, and Chinese put together with values, which only a pattern (`rf"…"`) may be."""
    tree = ast.parse(source)
    put_together = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and any(CHINESE.search(part.value) for part in node.values if isinstance(part, ast.Constant))
    ]
    spoken = [ast.get_source_segment(source, node) for node in put_together]
    found = [text for text in spoken if not text.startswith("rf")]
    return found + [text for text in unsaid_in_python(source) if text.endswith("。")]


def in_template(source: str, name: str) -> Iterator[Message]:
    """Messages of a template: what makemessages would find in it."""
    code = templatize(source, origin=name)
    for match in _TEMPLATE_CALL.finditer(code):
        called = "gettext" if match[1] == "_" else match[1]
        node = ast.parse(match[1] + _arguments(code[match.end() :]), mode="eval").body
        yield _message(called, node, name)


def _arguments(code: str) -> str:
    """The bracketed arguments at the start of the code, strings read as strings."""
    depth, quote, position = 0, "", 0
    while position < len(code):
        character = code[position]
        if quote:
            position += character == "\\"
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        else:
            depth += (character == "(") - (character == ")")
            if depth == 0:
                return code[: position + 1]
        position += 1
    raise AssertionError(f"no end of the arguments: {code[:60]}")


def unsaid(source: str) -> list[str]:
    """Chinese text of a template outside of translation tags: shown to everyone, whatever the language."""
    from django.template.base import Lexer, TokenType

    found, inside = [], 0
    for token in Lexer(_without_comments(source)).tokenize():
        word = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        if word in ("blocktranslate", "blocktrans"):
            inside += 1
        elif word in ("endblocktranslate", "endblocktrans"):
            inside -= 1
        elif not inside and CHINESE.search(token.contents):
            # a comparison shows nothing
            said = word in ("translate", "trans", "if", "elif") or re.search(r"_\([\"']", token.contents)
            if token.token_type != TokenType.COMMENT and not said:
                found.append(token.contents.strip()[:80])
    return found


def _without_comments(source: str) -> str:
    return re.sub(r"{%\s*comment.*?endcomment\s*%}", "", source, flags=re.S)
