"""The newest version of each chain: what the next one is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.collect.standing import live
from workbook.collect.versions import chains

if TYPE_CHECKING:
    from workbook.collect.reading import Content
    from workbook.collect.store import Store
    from workbook.collect.versions import Key


@dataclass(frozen=True)
class Newest:
    """The newest version of a chain: what tells whether the next one is the same again."""

    submission: int
    file: str
    delivery: int
    cells: str
    rest: tuple[str, str]
    published: bool

    def is_same(self, content: Content) -> bool:
        """Say whether a report is the same again; what was published has other line breaks."""
        cells, texts, body = content.digests
        inexact = self.published or content.published
        return self.cells == cells and (inexact or self.rest == (texts, body))


def newest_versions(store: Store) -> dict[Key, Newest]:
    """Return the newest version of each chain that was not withdrawn."""
    found: dict[Key, int] = {}
    for key, chain in chains(store).by_key.items():
        known = live(chain)
        if known and key[0]:
            found[key] = known[-1].submission
    query = """SELECT submission.id, submission.file, received.delivery, submission.cells, submission.texts,
                      submission.body, submission.published
               FROM submission JOIN received ON received.id = submission.received"""
    rows = {row["id"]: row for row in store.rows(query)}
    return {
        key: Newest(
            number, row["file"], row["delivery"], row["cells"], (row["texts"], row["body"]), bool(row["published"])
        )
        for key, number in found.items()
        if (row := rows[number])
    }
