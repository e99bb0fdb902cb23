"""Reports at random, for properties."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from cases import EDITIONS, sound, totalled
from hypothesis import settings
from hypothesis import strategies as st

from workbook.report import Body, Report, Value, Waiver, number
from workbook.report.equations import countable_cells, judged

# What XML can hold, and a JSON document too.
LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff\u2028\u2029\x85")
WORDS = st.text(LETTERS, min_size=1, max_size=20).map(str.strip).filter(bool)
MONEY = st.decimals(0, 999_999_999, places=6).map(lambda value: number(float(value)))
PARAGRAPHS = st.lists(st.one_of(WORDS, st.sampled_from(["", "=1+1", "-2", "@a", "_x0041_", "'", "1"])), max_size=5)


FAULTY: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.just(Decimal("12.5")),
    st.sampled_from(["3件", "/", "—", "=1+2", "TRUE", "#N/A", "12", " ", "+5", "@x"]),
    WORDS,
)
"""What people put into number cells."""


QUICK = 10
"""Examples of a property in the quick lane."""


def examples(count: int) -> settings:
    """Return the settings of a property that tries so many examples; in the quick lane no more than others there."""
    return settings(max_examples=min(count, QUICK) if settings.default.max_examples == QUICK else count)


@st.composite
def sound_reports(draw: st.DrawFn, edition: str) -> Report:
    """Draw a report whose numbers all fit: entries at random, totals from them, the carry-over from the balance."""
    base = sound(edition)
    form = base.form
    numbers = st.integers(0, 10_000)
    filled: dict[str, Value] = {
        key: draw(numbers) for key in draw(st.lists(st.sampled_from(sorted(form.cells)), max_size=40))
    }
    report = totalled(base.with_cells({key: value for key, value in filled.items() if key not in form.calculated}))
    change: dict[str, Value] = {}
    for equation in form.equations():
        column = equation.at.key
        if equation.code == "applications.balance" and column != "total":
            received, brought, concluded, carried = (
                f"applications.{row}.{column}"
                for row in ("received", "brought_forward", "concluded", "carried_forward")
            )
            values = [report.cells[key] for key in (brought, concluded, carried)]
            assert all(isinstance(value, int) for value in values)
            due = values[1] + values[2] - values[0]  # type: ignore[operator]
            change |= {received: max(due, 0), carried: values[2] + max(-due, 0)}  # type: ignore[operator]
        elif equation.rule.relation == "<=":
            left, right = judged(equation, countable_cells(report)) or (0, 0)
            stock, sign = equation.right[0]
            assert sign == 1
            change[stock] = report.cells[stock] + max(left - right, 0)  # type: ignore[operator]
    return totalled(report.with_cells(change))


@st.composite
def reports(draw: st.DrawFn, *, faulty: bool) -> Report:
    """Draw a report in which everything varies; ``faulty`` lets numbers, cover and texts be wrong."""
    edition = draw(st.sampled_from(EDITIONS))
    base = draw(sound_reports(edition))
    form = base.form
    if faulty:
        keys = draw(st.lists(st.sampled_from(sorted(form.cells)), max_size=30, unique=True))
        base = base.with_cells({key: draw(FAULTY) for key in keys})
    else:
        base = base.with_cells({key: draw(MONEY) for key, cell in form.cells.items() if cell.kind.decimals})
    body = Body(
        name=draw(st.one_of(st.none(), WORDS)) if faulty else draw(WORDS),
        credit_code=draw(st.sampled_from([None, "91110000600037341L"])),
        division_code=draw(st.sampled_from([None, "330112", "330112001001"])),
        kind=draw(st.sampled_from([None, *form.field("kind").choices])),
    )
    narrative = {key: "\n".join(draw(PARAGRAPHS)).strip() or None for key, _ in form.narratives()}
    waiver = st.builds(Waiver, code=WORDS, at=WORDS, reason=WORDS, by=WORDS, date=st.just("2025-01-20"))
    waivers = tuple(draw(st.lists(waiver, max_size=12)))
    year = draw(st.one_of(st.none(), st.integers(2000, 2099))) if faulty else base.year
    return replace(base, body=body, narrative=narrative, waivers=waivers, year=year)
