"""The trees in which an edition more is tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from trees import DEFINITIONS, Tree

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Tree]:
    """What makes a tree of the kit with one of the definitions."""
    return lambda name: Tree.make(tmp_path_factory.mktemp(name) / "kit", DEFINITIONS[name]())
