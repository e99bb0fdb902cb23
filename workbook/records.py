"""Dataclasses that are made in a quarter of the time: a run that checks one file makes some eighty, and little else.

The decorator of the standard library compiles up to seven functions for each class, one by one; here it is ``__init__``
alone, and that of a class of which many objects are made. What is made is a dataclass all the same: ``fields``,
``replace``, ``asdict`` and type checkers know it as one.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, Field, FrozenInstanceError, field
from functools import partial
from operator import attrgetter
from types import MethodType, SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - to type checkers it is that one
else:

    def dataclass(
        made: type | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True
    ) -> type | Callable[[type], type]:
        """Make a dataclass of a class, as the decorator of the standard library does with these arguments."""
        if made is None:
            return partial(dataclass, frozen=frozen, slots=slots, eq=eq)
        known = _fields(made)
        methods = {
            "__init__": _Initializer(made, known, frozen=frozen),
            "__repr__": _shows(known),
            **(_compares(known, frozen=frozen) if eq else {}),
            **({"__setattr__": _refuse, "__delattr__": _refuse} if frozen else {}),
        }
        for name, method in methods.items():
            if name not in made.__dict__ or (name == "__hash__" and made.__hash__ is None):
                setattr(made, name, method)
        made.__dataclass_fields__ = known
        made.__dataclass_params__ = SimpleNamespace(frozen=frozen)  # which the standard library asks of a base
        made.__match_args__ = tuple(name for name, one in known.items() if one.init)
        return _slotted(made, known, frozen=frozen) if slots else made


_FEW = 16
"""Objects that are made field by field in the time in which the function is compiled that makes them."""


def _fields(made: type) -> dict[str, Field[Any]]:
    """Return the fields of a class, those of the classes that it is made from first; what is said of them is taken."""
    known: dict[str, Field[Any]] = {}
    for base in made.__mro__[:0:-1]:
        known |= getattr(base, "__dataclass_fields__", {})
    for name, kind in made.__annotations__.items():
        if kind.startswith("ClassVar"):
            continue
        given = made.__dict__.get(name, MISSING)
        one = given if isinstance(given, Field) else field(default=given)
        one.name, one.type, one.kw_only = name, kind, False
        one._field_type = dataclasses._FIELD  # type: ignore[union-attr,attr-defined]  # noqa: SLF001 - for ``fields``
        known[name] = one
        if one.default is not MISSING:
            setattr(made, name, one.default)
        elif given is not MISSING:
            delattr(made, name)
    return known


class _Initializer:
    """Stands for ``__init__`` until a class has had a few objects, or somebody looks at it: then the function does."""

    def __init__(self, made: type, known: Mapping[str, Field[Any]], *, frozen: bool) -> None:
        self._make = partial(_initializer, made, known, frozen=frozen)
        self._put = object.__setattr__ if frozen else setattr
        self._known, self._left = known, _FEW

    def __get__(self, one: object, kind: type) -> Any:
        if one is not None and self._left > 0:
            return partial(self._fill, one)
        function = self._compiled(kind)
        return function if one is None else MethodType(function, one)

    def _compiled(self, kind: type) -> Any:
        function = self._make()
        for each in kind.__mro__:
            if each.__dict__.get("__init__") is self:
                each.__init__ = function  # type: ignore[misc]
        return function

    def _fill(self, one: Any, /, *given: Any, **named: Any) -> None:
        self._left -= 1
        values = self._values(given, named)
        if values is None:
            self._compiled(type(one))(one, *given, **named)  # which says what is wrong
            return
        for name, value in values.items():
            self._put(one, name, value)
        if hasattr(one, "__post_init__"):
            one.__post_init__()

    def _values(self, given: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any] | None:
        """Return the value of each field; ``None`` where something is missing, said twice, or no field."""
        taken = [name for name, one in self._known.items() if one.init]
        said = dict(zip(taken, given, strict=False)) | named
        if len(said) < len(given) + len(named) or not said.keys() <= set(taken):
            return None
        values = {}
        for name, one in self._known.items():
            if name in said:
                values[name] = said[name]
            elif one.default_factory is not MISSING:
                values[name] = one.default_factory()
            elif one.default is not MISSING:
                values[name] = one.default
            elif one.init:
                return None
        return values


def _initializer(made: type, known: Mapping[str, Field[Any]], *, frozen: bool) -> Callable[..., None]:
    """Return what sets the fields of a new object."""
    names: dict[str, Any] = {"_set": object.__setattr__, "_unsaid": MISSING}
    parameters, lines = ["self"], []
    for name, one in known.items():
        value, default = name, ""
        if one.default_factory is not MISSING:
            names[f"_make_{name}"], default = one.default_factory, "=_unsaid"
            value = f"_make_{name}() if {name} is _unsaid else {name}" if one.init else f"_make_{name}()"
        elif one.default is not MISSING:
            names[f"_usual_{name}"], default = one.default, f"=_usual_{name}"
            value = name if one.init else f"_usual_{name}"
        elif not one.init:
            continue
        parameters += [name + default] if one.init else []
        lines.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    lines += ["self.__post_init__()"] if hasattr(made, "__post_init__") else []
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"]), names)  # noqa: S102 - names of fields
    made_init: Callable[..., None] = names["__init__"]
    made_init.__qualname__ = f"{made.__qualname__}.__init__"
    made_init.__annotations__ = {name: one.type for name, one in known.items() if one.init} | {"return": None}
    return made_init


def _shows(known: Mapping[str, Field[Any]]) -> Callable[[Any], str]:
    shown = [name for name, one in known.items() if one.repr]

    def __repr__(self: Any) -> str:  # noqa: N807 - it is one
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    return __repr__


def _compares(known: Mapping[str, Field[Any]], *, frozen: bool) -> dict[str, Any]:
    """Return how objects are compared; what can change has no hash."""
    names = [name for name, one in known.items() if one.compare]
    values = attrgetter(*names) if names else lambda _: ()

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807 - it is one
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807 - it is one
        return hash(values(self))

    return {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}


def _refuse(_self: Any, name: str, _value: Any = None) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r}")


def _slotted(made: type, known: Mapping[str, Field[Any]], *, frozen: bool) -> type:
    """Return the class once more, with places for its fields in place of a dictionary."""
    inherited = {name for base in made.__mro__[1:] for name in getattr(base, "__slots__", ())}
    held = {key: value for key, value in made.__dict__.items() if key not in {*known, "__dict__", "__weakref__"}}
    held["__slots__"] = tuple(name for name in known if name not in inherited)
    if frozen:
        held = {"__getstate__": _state, "__setstate__": _restore} | held
    whole: type = type(made)(made.__name__, made.__bases__, held)
    whole.__qualname__ = made.__qualname__
    return whole


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__dataclass_fields__]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__dataclass_fields__, state, strict=True):
        object.__setattr__(self, name, value)
