"""A draft that is whole: twelve months of electricity, denominators, reasons for what the checks ask."""

from surveys.filings import operations, queries
from surveys.filings.boundary import undecided
from surveys.filings.readiness import readiness

from .conftest import NOW


def fill(filing, round_, actor, months=range(1, 13), amount=100000) -> None:
    """Writes the values and everything readiness asks for."""
    values = [
        {
            "item": item,
            "measure": measure,
            "period": f"2024-{month:02d}",
            "value": str(number * (10 + month % 3)),
        }
        for month in months
        for item, measure, number in (
            ("electricity", "quantity", amount),
            ("electricity", "cost", amount * 6 // 10),
        )
    ]
    filing.refresh_from_db()
    operations.set_values(filing=filing, values=values, revision=filing.revision, actor=actor, now=NOW)
    complete(filing, round_, actor)


def complete(filing, round_, actor) -> None:
    """Denominators, boundaries and reasons."""
    definition = queries.definition_of(round_)
    numbers = {
        "headcount": "22000",
        "standard_headcount": "21000",
        "floor_area": "812460",
        "heated_area": "700000",
    }
    given = {d.key: (numbers[d.key], d.calibres[0].key) for d in definition.denominators}
    operations.set_denominators(filing=filing, values=given, actor=actor, now=NOW)
    filing.refresh_from_db()
    if undecided(filing, definition):
        nobody = {each.key: {"choice": "none"} for each in definition.boundaries}
        operations.set_boundary(filing=filing, answers=nobody, actor=actor, now=NOW)
    filing.refresh_from_db()
    found = readiness(filing, round_, actor.university_code, NOW)
    for finding in found.findings:
        if finding.open:
            operations.explain(
                filing=filing, rule=finding.rule, cells=finding.open, text="已核对", actor=actor, now=NOW
            )
    for gap in found.gaps:
        cells = [
            {"facility": gap.facility, "item": gap.item, "measure": gap.measure, "period": p}
            for p in gap.periods or ("",)
        ]
        operations.explain(filing=filing, rule="blank", cells=cells, text="未抄表", actor=actor, now=NOW)
    filing.refresh_from_db()
