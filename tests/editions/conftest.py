"""The trees in which an edition more is tested."""

from __future__ import annotations

import pytest
import trees
from trees import Tree


@pytest.fixture(scope="session")
def more(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The kit with the made-up edition 2027, and all that is generated made anew."""
    tree = Tree.make(tmp_path_factory.mktemp("more") / "kit", trees.more())
    tree.generate()
    return tree


@pytest.fixture(scope="session")
def pure_copy(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The kit with edition 2021 a second time, under the name of 2027."""
    return Tree.make(tmp_path_factory.mktemp("copy") / "kit", trees.pure_copy())


@pytest.fixture(scope="session")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The kit with an edition whose groups are deeper than those of any other."""
    return Tree.make(tmp_path_factory.mktemp("deep") / "kit", trees.deep())
