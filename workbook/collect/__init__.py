"""Many units: who is expected, what came, what was decided about it, and what follows from that.

    from workbook import collect

    collection = collect.Collection.find(Path("收报2025"))
    for standing in collection.standings():
        print(standing.unit.name, standing.state.word(), standing.days_late)
    with collect.changing(collection.folder, collect.Hand("张三", "已电话核实")) as change:
        standing = collection.standing("U12")
        change.accept(standing.last, (standing.unit.id, standing.year))

``make`` and ``make_from`` make a collection, ``read_register`` reads a register. What may not be decided raises
``RefusalError``, a second writer ``BusyError``; ``NoCollectionError`` and ``ForeignStoreError`` say what is not there.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "BusyError": "lock",
    "Collection": "collection",
    "ForeignStoreError": "store",
    "Hand": "hand",
    "NoCollectionError": "store",
    "RefusalError": "decisions",
    "Standing": "standing",
    "State": "standing",
    "Version": "standing",
    "changing": "change",
    "make": "making",
    "make_from": "making",
    "read_register": "register_file",
}


def __getattr__(name: str) -> Any:
    """Return a public name from its module, which is loaded when one is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(_HOMES)
