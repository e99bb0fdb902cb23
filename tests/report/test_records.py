"""The kit's dataclasses are those of the standard library, made faster."""

from __future__ import annotations

import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, field
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from workbook import records

if TYPE_CHECKING:
    from collections.abc import Callable


def _classes(make: Callable[..., Any]) -> dict[str, Any]:
    """Return classes of all sorts, made by a decorator."""

    class Plain:
        kind: ClassVar[str] = "plain"
        name: str
        more: list[int] = field(default_factory=list)
        hidden: str = field(default="x", repr=False, compare=False)

    class Frozen:
        name: str
        size: int = 3
        made: str = field(init=False, default="made")

    class Checked:
        size: int

        def __post_init__(self) -> None:
            if self.size < 0:
                raise ValueError

        def __repr__(self) -> str:
            return "its own"

    class Slots:
        a: int
        b: int = 2

    class Empty:
        pass

    class Alone:
        name: str

    frozen = make(Frozen, frozen=True)

    class Heir(frozen):  # type: ignore[misc]
        last: tuple[int, ...] = ()

    return {
        "Plain": make(Plain),
        "Frozen": frozen,
        "Checked": make(Checked, frozen=True, slots=True),
        "Empty": make(Empty, frozen=True),
        "Alone": make(Alone, frozen=True, eq=False),
        "Heir": make(Heir, frozen=True),
        "Slots": make(
            type("Slots", (), {"__annotations__": {"a": "int", "b": "int"}, "b": 2}), frozen=True, slots=True
        ),
    }


OURS, THEIRS = (_classes(lambda cls, make=make, **options: make(**options)(cls) if options else make(cls))
                for make in (records.dataclass, dataclasses.dataclass))  # fmt: skip
GIVEN: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Plain", ("a",), {}), ("Plain", ("a", [1]), {"hidden": "y"}), ("Plain", (), {"name": "b", "more": [2]}),
    ("Frozen", ("a",), {}), ("Frozen", ("a",), {"size": 4}), ("Checked", (1,), {}), ("Empty", (), {}),
    ("Alone", ("a",), {}),    ("Heir", ("a", 1, (2,)), {}), ("Slots", (1,), {}), ("Slots", (1, 3), {}),
]  # fmt: skip


def vars_of(one: Any) -> dict[str, Any]:
    """Return the values of all fields, those too that are not shown."""
    return {each.name: getattr(one, each.name) for each in dataclasses.fields(one)}


def _told(cls: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> list[Any]:
    """Return all that can be seen of an object."""
    one, other = cls(*arguments, **named), cls(*arguments, **named)
    changed = {each.name: "other" for each in dataclasses.fields(one) if each.name in {"name", "b"}}
    told: list[Any] = [repr(one).replace("_classes.<locals>.", ""), one == other, one == 1, dataclasses.asdict(one)]
    told += [(each.name, each.type, each.init, each.repr) for each in dataclasses.fields(cls)]
    told += [dataclasses.asdict(dataclasses.replace(one, **changed)), cls.__match_args__, hasattr(one, "__dict__")]
    told.append(hash(one) == hash(other) if cls.__hash__ else None)
    try:
        one.name = "other"
    except FrozenInstanceError as error:
        return [*told, str(error).replace("assign to", "change")]
    except (AttributeError, TypeError):  # a class of slots has no such name; the standard library says so otherwise
        return [*told, "refused"]
    return [*told, dataclasses.asdict(one)]


@pytest.mark.parametrize(("name", "arguments", "named"), GIVEN)
def test_they_are_those_of_the_standard_library(name: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    ours, theirs = (_told(classes[name], arguments, named) for classes in (OURS, THEIRS))
    if name in {"Slots", "Checked"}:
        ours, theirs = ours[:-1], theirs[:-1]
    assert ours == theirs


def test_what_is_wrong_is_refused_alike() -> None:
    for name, arguments in (("Checked", (-1,)), ("Plain", ()), ("Frozen", ("a", 1, 2))):
        for classes in (OURS, THEIRS):
            with pytest.raises((ValueError, TypeError)):
                classes[name](*arguments)
    with pytest.raises(FrozenInstanceError):
        OURS["Slots"](1).a = 2
    with pytest.raises(FrozenInstanceError):
        del OURS["Frozen"]("a").name


def test_the_first_objects_and_those_that_follow_are_alike() -> None:
    for name, arguments, named in GIVEN:
        made = [OURS[name](*arguments, **named) for _ in range(2 * records._FEW)]
        assert isinstance(OURS[name].__init__, FunctionType)
        assert all(repr(one) == repr(made[0]) and vars_of(one) == vars_of(made[0]) for one in made)


def test_what_a_class_takes_is_known_before_it_has_an_object() -> None:
    for name, ours in _classes(lambda cls, **options: records.dataclass(**options)(cls)).items():
        mine, right = (inspect.signature(made).parameters.values() for made in (ours, THEIRS[name]))
        assert [str(each).partition("=")[:2] for each in mine] == [str(each).partition("=")[:2] for each in right]


WRONG: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Plain", (), {}), ("Plain", ("a",), {"name": "b"}), ("Plain", ("a",), {"other": 1}), ("Frozen", ("a", 1, 2), {}),
    ("Frozen", (), {"made": "x", "name": "a"}), ("Empty", (1,), {}), ("Heir", (), {"last": ()}), ("Checked", (-1,), {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "named"), WRONG)
def test_what_is_wrong_is_refused_with_the_words_of_the_language(
    name: str, arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    told = []
    for made in (_classes(lambda cls, **options: records.dataclass(**options)(cls)), THEIRS):
        with pytest.raises((TypeError, ValueError)) as refused:
            made[name](*arguments, **named)
        told.append(str(refused.value).replace("_classes.<locals>.", ""))
    assert told[0] == told[1]


def test_objects_of_the_kit_reach_another_process() -> None:
    from workbook.report import Body, CellValue, Place

    for one in (Body("示例"), CellValue("a.b.c", "甲", 1, Place("一", "A1"))):
        again = pickle.loads(pickle.dumps(one))  # noqa: S301 - it was made just now
        assert again == one
        assert repr(again) == repr(one)


def test_a_dataclass_of_the_standard_library_may_be_made_from_one() -> None:
    class Heir(OURS["Frozen"]):  # type: ignore[misc]
        last: int = 9

    heir = dataclasses.dataclass(frozen=True)(Heir)
    assert heir("a", 4, 5) == dataclasses.replace(heir("a"), size=4, last=5)
    assert [each.name for each in dataclasses.fields(heir)] == ["name", "size", "made", "last"]
    with pytest.raises(TypeError):
        dataclasses.dataclass(Heir)  # what can change is not made from what cannot
