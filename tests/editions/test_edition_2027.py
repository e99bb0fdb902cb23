"""A new edition of the form is one file, ``schema/<edition>/form.toml``, and no code.

The facts stand in ``inside``, files whose names begin with that of the tree of the kit in which they are run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from trees import ADDED, EDITION, HERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from trees import Tree

GENERATED = {
    f"schema/{EDITION}/report.schema.json",
    f"schema/{EDITION}/report-1.schema.json",
    f"schema/{EDITION}/finding.schema.json",
    f"schema/compiled/{EDITION}-form.json",
    f"schema/compiled/{EDITION}-statements.json",
    f"templates/年报模板-{EDITION}版.xlsx",
}
ALL_EDITIONS = {
    "docs/reference/codes.md",
    "docs/reference/glossary.md",
    "docs/reference/json.md",
    "docs/reference/keys.md",
    "docs/reference/rules.md",
    "docs/reference/store.md",
    "docs/使用手册.md",
    "docs/校验说明.md",
    "examples/linan-2020.json",
    "examples/linan-2020.xlsx",
    "schema/2019/finding.schema.json",
    "schema/2021/finding.schema.json",
    "schema/compiled/2019-statements.json",
    "schema/compiled/2021-statements.json",
    "schema/compiled/catalogue.json",
    "schema/compiled/copied.json",
    "schema/compiled/plausible.json",
    "schema/compiled/variants.json",
    "templates/nianbao.xlam",
    "templates/手册/使用手册.html",
    "templates/手册/校验说明.html",
    "templates/年报模板-2019版.xlsx",
    "templates/年报模板-2021版.xlsx",
}
"""Generated files that speak of all editions."""


def holds(tree: Tree, name: str, *options: str) -> None:
    """Fail with the words of the tests inside where one of them fails, or none was run."""
    inside = sorted((HERE / "inside").glob(f"{name}_*.py"))
    done = tree.tested("--tb=short", "--hypothesis-profile=quick", *options, *inside)
    if done.returncode:
        pytest.fail(done.stdout, pytrace=False)


def test_an_edition_with_more_of_everything(planted: Callable[[str], Tree]) -> None:
    tree = planted("more")
    assert tree.changed() == {ADDED}
    tree.generate()
    changed = tree.changed()
    assert changed >= GENERATED | {ADDED}
    assert changed - GENERATED - {ADDED} <= ALL_EDITIONS
    holds(tree, "more", "-n", "2", "--dist", "loadfile")
    assert tree.changed() == changed


@pytest.mark.parametrize("name", ["copy", "deep", "twin"])
def test_another_edition(name: str, planted: Callable[[str], Tree]) -> None:
    tree = planted(name)
    holds(tree, name)
    assert tree.changed() == {ADDED}
