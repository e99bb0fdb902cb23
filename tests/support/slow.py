"""Which tests are slow is told from what they reach: other programs, the browser, builds; it is written at none.

A test reaches what its own code names, what the functions of the tests that it calls name, and what its fixtures name.
Of one test over many cases most are slow too: a few of them are quick.
"""

from __future__ import annotations

import inspect
from collections import Counter
from functools import cache
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

TESTS = Path(__file__).resolve().parent.parent
SLOW = {
    "subprocess": "starts processes: the command, Python, LibreOffice",
    "CliRunner": "runs the command",
    "sync_playwright": "starts a browser",
    "artefacts": "makes all generated files",
    "venv": "makes an environment",
    "shared": "starts workers",
    "run_isolated": "reads in a process of its own",
    "build": "builds the add-in",
    "monotonic": "measures how long large or hostile input takes",
    "process_time": "measures how long large or hostile input takes",
    "perf_counter": "measures how long large or hostile input takes",
    "Desk": "runs the command many times",
    "Mailbag": "makes a city, and reads it",
    "nation": "makes a nation of a thousand units, and collects from it",
    "clusters": "starts the workers of a cluster",
    "_slips": "tries every slip in every cell",
    "combinations": "tries all pairs of cells",
    "load_workbook": "has openpyxl read a workbook, which takes a quarter of a second",
    "write_pdf": "prints and reads a PDF, which takes half a second",
    "testmod": "runs all examples of docstrings",
    "api": "asks a type checker",
    "cases_of": "takes the whole corpus through something",
    "ENDINGS": "publishes in every form",
    "handed_up": "hands collections up, office by office",
    "one_pass": "reads all corpora, and mutants of them",
    "limits": "makes files as large as are read",
}
"""Names of modules and functions, and why who reaches them is slow."""

IN = {"libreoffice": "runs in LibreOffice", "pdf": "prints and reads a PDF"}
"""What tests have as a parameter, and why those that have are slow."""

MANY, EACH = 6, 12
"""Of a test that has more cases than so many, every twelfth is quick."""

WHOLE = "test_a_case_gives_its_findings_and_no_other"
"""The test over the whole corpus, which takes a second and is never cut."""


def slow(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield the tests that are slow."""
    counts = Counter(_test(item) for item in items)
    seen: Counter[str] = Counter()
    for item in items:
        test = _test(item)
        seen[test] += 1
        many = counts[test] > MANY and not test.endswith(WHOLE)
        if (many and seen[test] % EACH) or (hasattr(item, "obj") and reasons(item)):
            yield item


def _test(item: pytest.Item) -> str:
    """Return the name of a test without that of its case."""
    return item.nodeid.partition("[")[0]


def reasons(item: Any) -> list[str]:
    """Return why a test is slow; nothing where it is quick."""
    fixtures = item._fixtureinfo.name2fixturedefs
    functions = [item.obj, *(defs[-1].func for name, defs in fixtures.items() if name in item.fixturenames)]
    names = frozenset().union(*(_reached(_plain(each)) for each in functions))
    params = item.callspec.params.values() if hasattr(item, "callspec") else ()
    own = [IN[param] for param in params if isinstance(param, str) and param in IN]
    return [*own, *(reason for name, reason in SLOW.items() if name in names)]


@cache
def _reached(function: Any) -> frozenset[str]:
    """Return all names that a function and the functions of the tests that it reaches name."""
    seen: dict[int, frozenset[str]] = {}
    left = [function]
    while left:
        one = _plain(left.pop())
        if id(one) not in seen and inspect.isfunction(one):
            seen[id(one)], called = _named(one)
            left += called
    return frozenset().union(*seen.values())


@cache
def _named(function: Any) -> tuple[frozenset[str], list[Any]]:
    """Return the names that a function names itself, and what of the tests it calls."""
    names = frozenset(name for code in _codes(function.__code__) for name in code.co_names)
    called: list[Any] = []
    for each in map(function.__globals__.get, names):
        if inspect.isclass(each):
            called += [_plain(item) for item in vars(each).values() if _is_ours(_plain(item))]
        elif _is_ours(each):
            called.append(each)
    return names, called


def _plain(item: Any) -> Any:
    """Return the function behind a method, a fixture or a property."""
    one = inspect.unwrap(getattr(item, "__func__", item))
    return getattr(getattr(one, "hypothesis", None), "inner_test", one)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _is_ours(item: Any) -> bool:
    function = inspect.unwrap(item) if callable(item) else None
    return inspect.isfunction(function) and Path(function.__code__.co_filename).is_relative_to(TESTS)
