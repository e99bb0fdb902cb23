"""A new edition of the form is one file, ``schema/<edition>/form.toml``, and no code.

The facts stand in ``inside``, a file a topic, each run in a tree of the kit that has the edition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from trees import ADDED, HERE

if TYPE_CHECKING:
    from pathlib import Path

    from trees import Tree

INSIDE = sorted((HERE / "inside").glob("*_*.py"))


def of(tree: str) -> pytest.MarkDecorator:
    """Give a test each file of facts that is for a tree; its name begins with the tree's."""
    chosen = [path for path in INSIDE if path.stem.startswith(f"{tree}_")]
    assert chosen
    return pytest.mark.parametrize("facts", chosen, ids=lambda path: path.stem)


def holds(tree: Tree, facts: Path) -> None:
    """Fail with the words of the tests inside where one of them fails, or none was run."""
    done = tree.tested(facts, "--tb=short")
    if done.returncode:
        pytest.fail(done.stdout, pytrace=False)
    assert tree.added() == {ADDED}


@of("more")
def test_an_edition_with_more_of_everything(more: Tree, facts: Path) -> None:
    holds(more, facts)


@of("copy")
def test_an_edition_that_is_a_copy(pure_copy: Tree, facts: Path) -> None:
    holds(pure_copy, facts)


@of("deep")
def test_an_edition_with_deeper_groups(deep: Tree, facts: Path) -> None:
    holds(deep, facts)
