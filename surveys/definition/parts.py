"""From the plain data of a definition to its typed parts, section by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from surveys.definition import evaluation
from surveys.definition.model import (
    Boundary,
    Calibre,
    Check,
    Definition,
    Denominator,
    FacilityType,
    FactorSet,
    GridFactor,
    Indicator,
    Item,
    Measure,
    ReferenceValue,
    Standard,
    decimal,
)


def read(body: Mapping[str, Any]) -> Definition:
    """A Definition (not yet validated) from JSON-like data; KeyError or TypeError where a part is missing."""
    confidence = body.get("confidence", {})
    judged = evaluation.read(body["evaluation"], decimal) if "evaluation" in body else None
    return Definition(
        code=body["code"],
        version=int(body.get("version", 1)),
        kind=body["kind"],
        title=body["title"],
        filing_unit=body["filing_unit"],
        period_kind=body.get("period_kind", "month"),
        body=body,
        measures=tuple(_measure(m) for m in body.get("measures", ())),
        items=(*(_item(i) for i in body.get("items", ())), *(_scored(judged) if judged else ())),
        units={key: tuple(map(str, words)) for key, words in body.get("units", {}).items()},
        unit_prefixes=dict(body.get("unit_prefixes", {})),
        pack_words=_texts(body.get("packs", {}), "words"),
        seasons={key: tuple(s["months"]) for key, s in body.get("season", {}).items()},
        vocabulary={role: tuple(map(str, words)) for role, words in body.get("vocabulary", {}).items()},
        denominators=tuple(_denominator(d) for d in body.get("denominators", ())),
        boundaries=tuple(_boundary(b) for b in body.get("boundaries", ())),
        facility_types=tuple(_type(t) for t in body.get("facility_types", {}).get("types", ())),
        factor_sets=tuple(_factor_set(f) for f in body.get("factor_sets", ())),
        co2=_decimals(body.get("co2_factors", {}).get("values", {})),
        grid=tuple(_grid(g) for g in body.get("grid_factors", {}).get("years", ())),
        grid_order=tuple(body.get("grid_factors", {}).get("order", ("local", "region", "national"))),
        indicators=tuple(_indicator(i) for i in body.get("indicators", ())),
        reference_values=tuple(_reference(r) for r in body.get("reference_values", ())),
        plausible={
            k: (decimal(low), decimal(high))
            for k, (low, high) in body.get("plausible_ranges", {}).get("values", {}).items()
        },
        checks=tuple(_check(c) for c in body.get("checks", ())),
        confidence_accept=float(confidence.get("accept", 0.85)),
        confidence_ask=float(confidence.get("ask", 0.5)),
        basis_default=body.get("basis_default", ""),
        billing_month=str(body.get("billing_month", "end")),
        committee=str(body.get("committee", "")),
        facility_kind=str(body.get("facility_kind", "")),
        evaluation=judged,
        standards=tuple(_standard(s) for s in body.get("standards", ())),
        rules=tuple(body.get("rules", ())),
        sources={**(judged.sources if judged else {}), **body.get("sources", {})},
        english={str(said): str(text) for said, text in body.get("english", {}).items()},
    )


def _scored(found: evaluation.Evaluation) -> Iterator[Item]:
    """The items of an evaluation as lines of the form: each is filed as points."""
    for group in found.groups:
        for item in group.items:
            yield Item(
                item.key, item.key, item.name, evaluation.POINT, {evaluation.POINT: "1"}, (item.name,),
                unverified=item.unverified, source=item.source,
            )  # fmt: skip


def _measure(m: Mapping[str, Any]) -> Measure:
    return Measure(
        m["key"],
        m["name"],
        m.get("unit", ""),
        m.get("unit_from", ""),
        dict(m.get("accept", {})),
        _texts(m, "words"),
    )


def _item(i: Mapping[str, Any]) -> Item:
    return Item(
        key=i["key"],
        code=str(i.get("code", i["key"])),
        name=i["name"],
        unit=i["unit"],
        accept={unit: str(decimal(factor)) for unit, factor in i["accept"].items()},
        words=_texts(i, "words"),
        parts=_texts(i, "parts"),
        apart=_texts(i, "apart"),
        seasonal=i.get("seasonal", ""),
        lumpy=bool(i.get("lumpy")),
        ask_unit=bool(i.get("ask_unit", False)),
        bills=i.get("bills", ""),
        unverified=bool(i.get("unverified")),
        note=i.get("note", ""),
        source=i.get("source", ""),
    )


def _denominator(d: Mapping[str, Any]) -> Denominator:
    calibres = tuple(Calibre(c["key"], c["name"], c.get("note", "")) for c in d.get("calibres", ()))
    return Denominator(
        d["key"],
        d["name"],
        d["unit"],
        _texts(d, "words"),
        calibres,
        bool(d.get("by_months", False)),
        bool(d.get("unverified")),
        d.get("source", ""),
    )


def _boundary(b: Mapping[str, Any]) -> Boundary:
    return Boundary(
        b["key"],
        b["name"],
        _texts(b, "words"),
        _texts(b, "items"),
        bool(b.get("unverified")),
        b.get("note", ""),
        b.get("source", ""),
    )


def _type(t: Mapping[str, Any]) -> FacilityType:
    return FacilityType(
        t["code"],
        t["name"],
        _texts(t, "words"),
        tuple(decimal(x) for x in t.get("kwh", ())),
        bool(t.get("per_head")),
        t.get("mohurd", ""),
    )


def _factor_set(f: Mapping[str, Any]) -> FactorSet:
    return FactorSet(
        f["key"],
        f["basis"],
        f["name"],
        f["version"],
        int(f["year"]),
        f.get("source", ""),
        _decimals(f["kgce"]),
        _texts(f, "unverified"),
    )


def _grid(g: Mapping[str, Any]) -> GridFactor:
    values = [None if g.get(k) is None else decimal(g[k]) for k in ("local", "region", "national")]
    return GridFactor(int(g["year"]), *values, g.get("notice", ""), g.get("source", ""))


def _indicator(i: Mapping[str, Any]) -> Indicator:
    return Indicator(
        i["key"],
        i["name"],
        i["unit"],
        i["function"],
        i["formula"],
        i.get("basis", ""),
        i.get("denominator"),
        i.get("item", ""),
        _texts(i, "exclude"),
        i.get("source", ""),
    )


def _reference(r: Mapping[str, Any]) -> ReferenceValue:
    return ReferenceValue(
        r["scope"],
        int(r["year"]),
        _decimals(r["values"]),
        r.get("source", ""),
        r.get("note", ""),
        bool(r.get("national")),
    )


def _standard(s: Mapping[str, Any]) -> Standard:
    return Standard(str(s["number"]), s["name"], s.get("note", ""), s.get("source", ""))


def _check(c: Mapping[str, Any]) -> Check:
    return Check(
        c["id"],
        c["function"],
        c["tier"],
        c["title"],
        c["remedy"],
        dict(c.get("parameters", {})),
        bool(c.get("unverified")),
        c.get("source", ""),
    )


def _texts(part: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(str(word) for word in part.get(key, ()))


def _decimals(values: Mapping[str, Any]) -> dict:
    return {key: decimal(value) for key, value in values.items()}
