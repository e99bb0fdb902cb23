"""The one door to the data files: ``schema/``, ``templates/`` and ``examples/``.

In a wheel they lie inside the package, in ``workbook/_files``; in a checkout or an editable install they lie beside it.
"""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """Return the path of a data file, such as ``"schema/2021/form.toml"``.

    Raises:
        FileNotFoundError: the installation lacks the file.
    """
    for root in (_PACKAGE / "_files", _PACKAGE.parent):
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(name)


def template_file(edition: str) -> str:
    """Return the name under which the blank template of an edition is shipped."""
    return f"templates/年报模板-{edition}版.xlsx"


def form_files() -> list[Path]:
    """Return the definitions of all editions of the form, oldest first."""
    return [resource(f"schema/{edition}/form.toml") for edition in editions()]


@cache
def editions() -> tuple[str, ...]:
    """Return the editions of the form that this installation knows, oldest first."""
    return tuple(sorted(path.parent.name for path in resource("schema").glob("*/form.toml")))
