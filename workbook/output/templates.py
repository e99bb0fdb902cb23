"""Pages from templates: what is in them is printable and escaped, their style is inside, nothing comes from outside."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.intake.results import RESULT
from workbook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
_BASE = "base.css"


def filled_in(template: Path, styles: tuple[str, ...], words: Mapping[str, Any], about: Mapping[str, Any]) -> bytes:
    """Return a page: a template, which extends ``frame.html``, filled in.

    Args:
        template: its file; other templates are found beside it and here.
        styles: style sheets beside it that follow the one of all pages.
        words: what the page says in the language of the run, ``w`` in the template.
        about: what else the template names; ``made`` is the line at the foot.
    """
    style, policy = _style(template.parent, styles)
    found = _templates(template.parent).get_template(template.name)
    text: str = found.render(**about, w=words, policy=policy, style=style, generator=RESULT)
    return text.encode("utf-8", "replace")


@cache
def _style(folder: Path, names: tuple[str, ...]) -> tuple[str, str]:
    """Return the style of a page, and the policy that lets a browser take this style and nothing else."""
    files = [FOLDER / _BASE, *(folder / name for name in names)]
    style = "\n".join(file.read_text(encoding="utf-8") for file in files)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return style, f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _finalized(value: Any) -> Any:
    """Return what a template may print: of a text of others what can be printed, our own markup as it is."""
    return printable(value, keep="\n") if type(value) is str else value


@cache
def _templates(folder: Path) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader([folder, FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["own"] = Markup
    return made
