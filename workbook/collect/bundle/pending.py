"""What is being handed up: noted before the file gets its name, settled after; a kill between loses nothing.

That something was handed up is true exactly when the file stands: whoever writes next looks whether it does.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.collect.hand import Hand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook.collect.bundle.scope import Scope
    from workbook.collect.store import Store

_KEY = "export"


def begin(store: Store, path: Path, digest: str, wanted: Scope, submissions: Iterable[int], hand: Hand) -> None:
    """Note what is about to be handed up as a file."""
    said = {
        "path": str(path.resolve()),
        "digest": digest,
        "unit": wanted.sender.unit,
        "year": wanted.year,
        "submissions": list(submissions),
        "by": hand.by,
        "reason": hand.reason,
    }
    with store.transaction():
        store.db.execute("DELETE FROM setting WHERE key = ?", [_KEY])
        store.insert("setting", {"key": _KEY, "value": json.dumps(said, ensure_ascii=False)})


def settle(store: Store) -> None:
    """Note what was handed up, where the file stands; forget it where it does not."""
    row = store.row("SELECT value FROM setting WHERE key = ?", [_KEY])
    if row is None:
        return
    said = json.loads(row["value"])
    path = Path(said["path"])
    with store.transaction():
        if _stands(path, said["digest"]):
            _note(store, said, path.name)
        store.db.execute("DELETE FROM setting WHERE key = ?", [_KEY])


def _note(store: Store, said: dict[str, object], to: str) -> None:
    hand = Hand(str(said["by"]), str(said["reason"]))
    known = {row["submission"] for row in store.rows("SELECT submission FROM event WHERE kind = 'exported'")}
    places = {row["submission"]: row for row in store.rows("SELECT * FROM assigned")}
    store.event("exported", hand, unit=said["unit"], year=said["year"], to=to, digest=said["digest"])  # type: ignore[arg-type]
    for number in said["submissions"]:  # type: ignore[attr-defined]
        if number not in known:
            unit, year = places[number]["unit"], places[number]["year"]
            store.event("exported", hand, unit=unit, year=year, submission=number, to=to)


def _stands(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False
