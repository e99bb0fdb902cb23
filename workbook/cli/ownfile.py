"""Files that a user writes for the kit, TOML or JSON; refused with file and line where they are neither."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.cli.language import misuse
from workbook.expression import expression

if TYPE_CHECKING:
    from pathlib import Path

_LINE = expression(r"line (\d+)")


def text_of(path: Path) -> str:
    """Return the text of a file.

    Raises:
        click.UsageError: it cannot be read, has too much in it, or is not UTF-8.
    """
    from workbook.files import shown
    from workbook.intake.limits import FILE_LIMIT
    from workbook.intake.regular import NotRegularError, vet_open

    try:
        vet_open(path)
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
        if len(data) > FILE_LIMIT:
            raise misuse("{file} has more than {limit} bytes", file=shown(path), limit=FILE_LIMIT)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise misuse("{file} is not UTF-8; save it as UTF-8", file=shown(path)) from error
    except NotRegularError as error:
        raise misuse("{name} is no ordinary file; name another", name=shown(path)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise misuse("{file} cannot be read: {reason}", file=shown(path), reason=reason) from error


def parsed(text: str, path: Path, *, or_json: bool = False) -> Any:
    """Return what the text of a file says: a table, or with ``or_json`` anything where its name says that it is JSON.

    Raises:
        click.UsageError: it is not what its name says that it is.
    """
    import json
    import tomllib

    from workbook.files import shown

    try:
        return json.loads(text) if or_json and path.suffix.lower() == ".json" else tomllib.loads(text)
    except json.JSONDecodeError as error:
        raise misuse("{file}, line {line}: this is not JSON", file=shown(path), line=error.lineno) from error
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        raise misuse(
            '{file}, line {line}: this is not TOML; a line is such as lang = "zh" or year = 2024',
            file=shown(path),
            line=found[1] if found else text.rstrip("\n").count("\n") + 1,
        ) from error
    except RecursionError as error:
        raise misuse("{file}: too many brackets within brackets", file=shown(path)) from error
