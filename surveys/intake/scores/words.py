"""The vocabulary of an evaluation at work: what a header, a label or an answer says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from surveys.definition import Criterion, Definition, Evaluation
from surveys.definition.evaluation import SCORE
from surveys.intake.places import clean_name
from surveys.intake.scores.codes import Codes
from surveys.intake.scores.names import Names
from surveys.intake.units import fold

# roles a header may have; where two words are equally long the earlier role counts
ROLES = ("other_score", "aside", "veto_answer", "veto", "note", "evidence", "criterion", "deduct", "weight", "rating",
         "points", SCORE, "level", "facility", "university", "group", "code", "name")  # fmt: skip
LABELS = ("code", "name", "criterion", "group")
SCORE_ROLE = SCORE
VALUES = (SCORE_ROLE, "deduct", "rating")
# 分数 is what was given as often as what could be
EITHER = "either"
LONGEST_HEAD, LONGEST_TOTAL, LONGEST_PLACE = 24, 14, 20
_BRACKETED = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_NUMBERING = re.compile(r"^(?:[a-z]?\d{1,2}(?:\.\d{1,2})?|[一二三四五六七八九十]{1,3})?[、.:)]*")


class Words:
    """Reads the labels of score sheets with the words of one definition and, first, what a university confirmed."""

    def __init__(self, definition: Definition, mapping: dict | None = None, places: tuple[str, ...] = ()):
        self.definition = definition
        self.evaluation = definition.evaluation
        self.codes = Codes(self.evaluation)
        self.names = Names(item for group in self.evaluation.groups for item in group.items)
        self.vetoes = Names(self.evaluation.vetoes)
        self.groups = Names(_as_items(self.evaluation))
        self.remembered = (mapping or {}).get("headers", {})
        self.register = {fold(name) for name in places if name}
        self.heads = self._heads()
        self.long = [word for word in self.heads if len(word) > 1]
        self.scan = re.compile("|".join(map(re.escape, self.long)) or "(?!)")
        self.endings = tuple(map(fold, definition.words("facility_endings")))
        self.yes, self.no = ({fold(w) for w in definition.words(role)} for role in ("veto_yes", "veto_no"))
        self.totals = tuple(map(fold, definition.words("subtotal")))
        self.footers = tuple(map(fold, definition.words("footer")))
        self.seen: dict[str, str] = {}

    def _heads(self) -> dict[str, set[str]]:
        words: dict[str, set[str]] = {}
        for role in ROLES:
            for word in self.definition.words(role):
                words.setdefault(fold(word), set()).add(role)
        for word in self.definition.measure(SCORE).words:
            words.setdefault(fold(word), set()).add(SCORE)
        return words

    def role(self, value: object) -> str:
        """The role of a header text, or ''."""
        text = str(value)
        if text not in self.seen:
            self.seen[text] = self._role(text)
        return self.seen[text]

    def _role(self, text: str) -> str:
        folded = fold(text)
        clean = _BRACKETED.sub("", folded) or folded.strip("()[]【】")
        clean = clean.strip(":：*")
        if not clean or len(clean) > LONGEST_HEAD:
            return ""
        if clean in self.heads:
            return self._first(self.heads[clean])
        inside = [(len(word), word) for word in self.long if word in clean] if self.scan.search(clean) else []
        if any("other_score" in self.heads[word] for _, word in inside):
            return "other_score"
        if not inside or len(clean) > 3 * max(inside)[0] + 4:
            return ""
        longest = max(inside)[0]
        role = self._first(set().union(*(self.heads[word] for size, word in inside if size == longest)))
        # 学苑食堂 is one, 食堂名称 is the head of a column of them
        return "" if role == "facility" and self.is_place(text) else role

    def _first(self, roles: set[str]) -> str:
        if {"points", SCORE} <= roles:
            return EITHER
        return next(role for role in ROLES if role in roles)

    def is_answer(self, value: object) -> bool:
        """Whether a text is an answer to a veto: 是, 否."""
        return fold(value) in self.yes | self.no

    def both_answers(self, values: Iterable[object]) -> bool:
        """Whether both answers stand among some texts: a header 是 | 否 under which one is ticked."""
        said = {fold(value) for value in values}
        return bool(said & self.yes and said & self.no)

    def is_total(self, value: object) -> bool:
        """Whether a text names a sum: 小计, 合计（100分）, 组织领导与制度小计, 自评总分."""
        text = _NUMBERING.sub("", _BRACKETED.sub("", fold(value))).rstrip(":：")
        if not text or len(text) > LONGEST_TOTAL + 10:
            return False
        short = len(text) <= LONGEST_TOTAL
        return text in self.totals or text.endswith(self.totals) or (short and text.startswith(self.totals))

    def is_place(self, value: object) -> bool:
        """Whether a text names a facility: one of the register, or with an ending facilities have."""
        if not isinstance(value, str):
            return False
        text = fold(value)
        if text in self.register:
            return True
        if not 2 <= len(text) <= LONGEST_PLACE or text in self.heads or self.is_total(value):
            return False
        return text.endswith(self.endings) and not re.search(r"[:：。；;？]", text)

    def is_footer(self, value: object) -> bool:
        """Whether a text is of those who filled in and signed, or a remark below a table."""
        text = fold(value)
        return any(re.match(rf".{{0,12}}?{re.escape(w)}[^:：]{{0,6}}[:：]", text) for w in self.footers)

    def stated(self, text: object, role: str) -> str:
        """What follows a label of this role in one cell (申报楼栋：梅园3号楼), or ''."""
        plain = unicodedata.normalize("NFKC", str(text))
        words = "|".join(sorted(map(re.escape, self.definition.words(role)), key=len, reverse=True)) or "(?!)"
        match = re.search(
            rf"(?:^|[\s、,;(])[^\s:]{{0,4}}?(?:{words})[^\s:]{{0,4}}?(?:\([^()]*\))?\s*:\s*(.+)", plain, re.S
        )
        if not match:
            return ""
        value = re.split(r"\s{2,}|\n|\s(?=[^\s:]{2,8}:)|[;]", match.group(1).strip())[0]
        return clean_name(value.strip(" 　()_"))


def _as_items(evaluation: Evaluation) -> list[Criterion]:
    return [Criterion(group.key, group.name, group.points, "") for group in evaluation.groups]
