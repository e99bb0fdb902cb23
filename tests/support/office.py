"""LibreOffice, headless, as the spreadsheet that recalculates the template's own formulas."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

MUST_RUN = os.environ.get("NIANBAO_NO_SKIP") == "1"
"""The switch of .ci/run: what cannot run fails instead of being skipped."""

_SYSTEM_PACKAGES = "/usr/lib/python3/dist-packages"


def need(reason: str) -> None:
    """Skip the test that needs something that is missing, or fail it where skipping is forbidden."""
    if MUST_RUN:
        pytest.fail(f"{reason}, and skipping is forbidden")
    pytest.skip(reason)


_numbers = itertools.count()


@contextlib.contextmanager
def office(profile: Path, fonts: Path | None = None) -> Iterator[Office]:
    """Start LibreOffice on a private profile and a pipe; stop it afterwards.

    ``fonts`` is a configuration of fontconfig to use in place of the system's.
    """
    program = shutil.which("soffice")
    if program is None:
        need("LibreOffice is not installed")
    sys.path.append(_SYSTEM_PACKAGES)
    try:
        import uno
    except ImportError:
        need("python3-uno is not installed or is made for another Python")
    finally:
        sys.path.remove(_SYSTEM_PACKAGES)
    pipe = f"nianbao{os.getpid()}x{next(_numbers)}"  # one of its own: what stops it must stop no other
    command = [str(program), "--headless", "--norestore", "--nologo", "--nodefault", f"--accept=pipe,name={pipe};urp;"]
    process = subprocess.Popen(
        [*command, f"-env:UserInstallation={profile.as_uri()}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | ({"FONTCONFIG_FILE": str(fonts)} if fonts else {}),
    )
    try:
        yield Office(_connect(uno, pipe))
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        subprocess.run(["pkill", "-f", f"name={pipe};"], check=False)  # noqa: S607 - where soffice is, pkill is


def _connect(uno: Any, pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception as error:
            if "NoConnect" not in type(error).__name__:
                raise
            time.sleep(0.1)
    raise TimeoutError("LibreOffice did not answer")


class Office:
    """A running LibreOffice."""

    def __init__(self, desktop: Any) -> None:
        self._desktop = desktop
        self._printed: dict[bytes, bytes] = {}

    @contextlib.contextmanager
    def open(self, path: Path, **options: Any) -> Iterator[Any]:
        """Open a spreadsheet, hidden; close it afterwards without saving."""
        document = self._desktop.loadComponentFromURL(
            path.resolve().as_uri(), "_blank", 0, _properties(Hidden=True, **options)
        )
        assert document is not None, path
        try:
            yield document
        finally:
            document.close(True)  # noqa: FBT003

    def export(self, source: Path, target: Path, filter_name: str) -> None:
        """Save a spreadsheet in another format."""
        with self.open(source) as document:
            document.storeToURL(target.resolve().as_uri(), _properties(FilterName=filter_name))

    def printed(self, document: bytes) -> bytes:
        """Return the PDF that a Word document is printed to; the same document is printed once."""
        if document not in self._printed:
            with tempfile.TemporaryDirectory() as name:
                source, target = Path(name, "a.docx"), Path(name, "a.pdf")
                source.write_bytes(document)
                self.export(source, target, "writer_pdf_Export")
                self._printed[document] = target.read_bytes()
        return self._printed[document]


def _properties(**values: Any) -> tuple[Any, ...]:
    from com.sun.star.beans import PropertyValue  # what `import uno` makes importable

    properties = []
    for name, value in values.items():
        item = PropertyValue()
        item.Name, item.Value = name, value
        properties.append(item)
    return tuple(properties)
