"""What is installed only where it is wanted, and the command for it.

The command names the file that the kit was installed from, never the bare name: on a public index that could be
anybody's.
"""

from __future__ import annotations

from workbook import __version__


def install(extra: str) -> str:
    """Return the command that installs an extra of ``pyproject.toml``, in the folder of the kit's wheel.

    >>> install("pdf")
    'pip install "./nianbao-0.1.0-py3-none-any.whl[pdf]"'
    """
    return f'pip install "./nianbao-{__version__}-py3-none-any.whl[{extra}]"'
