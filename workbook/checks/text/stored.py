"""The statements of an edition as JSON holds them: they are made of it in a fraction of the time that parsing takes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbook.checks.text.definitions import Composed, Reading, Statement, Statements
from workbook.definition import Later
from workbook.expression import expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TUPLES = ("counters", "other_counters", "form_sentences")
_MAPPINGS = ("words", "parts", "lengths")
_SETS = ("nouns", "wholes")


def stored(statements: Statements) -> dict[str, Any]:
    """Return statements as JSON holds them."""
    composed = list(dict.fromkeys(one for some in statements.composed.values() for one in some))
    return {
        **{name: getattr(statements, name) for name in (*_TUPLES, *_MAPPINGS, "phrases")},
        **{name: sorted(getattr(statements, name)) for name in _SETS},
        "lists": {word: sorted(names) for word, names in sorted(statements.lists.items())},
        "lengths": dict(sorted(statements.lengths.items())),
        "composed": [[*one.lists, one.pieces, one.core.pattern] for one in composed],
        "beginnings": {first: [composed.index(one) for one in some] for first, some in statements.composed.items()},
        "open": {first: passed.pattern for first, passed in statements.open.items()},
        "closing": statements.closing.pattern,
        "statements": [
            {name: value for name, value in asdict(one).items() if value} for one in statements.by_key.values()
        ],
    }


def restored(data: Mapping[str, Any]) -> Statements:
    """Return statements of what ``stored`` made of them."""
    composed = [Composed(frozenset({name}), pieces, expression(core)) for name, pieces, core in data["composed"]]
    passed = {words: expression(words) for words in data["open"].values()}
    shared: dict[tuple[str, ...], frozenset[str]] = {}
    plain: dict[str, Any] = {name: tuple(data[name]) for name in _TUPLES}
    plain |= {name: {key: tuple(value) for key, value in data[name].items()} for name in _MAPPINGS}
    plain |= {name: frozenset(data[name]) for name in _SETS}
    return Statements(
        **plain,
        lists={word: shared.setdefault(tuple(names), frozenset(names)) for word, names in data["lists"].items()},
        composed={first: tuple(composed[number] for number in some) for first, some in data["beginnings"].items()},
        open={first: passed[words] for first, words in data["open"].items()},
        closing=expression(data["closing"]),
        by_key=Later({one["key"]: one for one in data["statements"]}, lambda one: _statement(**one)),
        phrases=data["phrases"],
    )


def _statement(
    *,
    readings: Iterable[Any] = (),
    whole: Iterable[Any] = (),
    share_of: Iterable[Any] = (),
    after: Iterable[str] = (),
    counters: Iterable[str] = (),
    **said: Any,
) -> Statement:
    return Statement(
        readings=_readings(readings),
        whole=_readings(whole),
        share_of=_readings(share_of),
        after=tuple(after),
        counters=tuple(counters),
        **said,
    )


def _readings(data: Iterable[Mapping[str, Any]]) -> tuple[Reading, ...]:
    return tuple(Reading(tuple((key, sign) for key, sign in one["terms"]), one["words"]) for one in data)
