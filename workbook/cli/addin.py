"""The commands about the add-in for Excel, the only ones that open the plugin."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook.cli.help import FilePath, Group, argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import FORCE, HOME, TO_FILE, TO_START, Output, ends_in
from workbook.cli.runner import save
from workbook.cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _refusals() -> Iterator[None]:
    """Tell what the installer refuses as misuse."""
    from xlplugin.addin.install import InstallError

    try:
        yield
    except InstallError as error:
        raise misuse("{reason}", reason=error) from error


def _tell(report: str) -> None:
    for line in report.split("\n"):
        say(line, err=False)


@command()
@TO_START
@HOME
def doctor(to: Path | None, home: Path | None) -> None:
    """Check that everything is ready here, and say what to do about what is not."""
    from xlplugin.addin import diagnose, machine
    from xlplugin.addin.install import places

    at = places(to, home)
    registry = machine.registry()
    inside_excel = sys.platform == "win32" or at.addin.exists() or at.configuration.exists()
    facts = diagnose.packages() + diagnose.publication() + (diagnose.installed(at) if inside_excel else [])
    facts += machine.facts(at, registry) if registry else []
    _tell(diagnose.report(facts))
    sys.exit(0 if all(fact.good for fact in facts) else 1)


@click.group(cls=Group)
def addin() -> None:
    """Build, install and remove the Excel add-in, nianbao.xlam."""


@addin.command("build")
@TO_FILE
@FORCE
def addin_build(output: Path | None, *, force: bool) -> None:
    """Build the add-in from the installed xlwings, without Excel."""
    from xlplugin.addin.build import build
    from xlplugin.addin.vba import BuildError

    ends_in(output, ".xlam")
    try:
        data = build()
    except BuildError as error:
        raise misuse("{reason}", reason=error) from error
    save(output or Path("nianbao.xlam"), data, force=force)


@addin.command("install")
@TO_START
@HOME
def addin_install(to: Path | None, home: Path | None) -> None:
    """Install the add-in for this user and tell it the Python in use. Close Excel before."""
    from xlplugin.addin.install import install, places

    at = places(to, home)
    with _refusals():
        install(at)
    for line in (f"已安装 {at.addin}", f"已写入 {at.configuration}", "请重新打开 Excel。"):
        say(line)


@addin.command("remove")
@TO_START
@HOME
def addin_remove(to: Path | None, home: Path | None) -> None:
    """Remove the add-in of this user. Close Excel before."""
    from xlplugin.addin.install import places, remove

    at = places(to, home)
    with _refusals():
        found = remove(at)
    say(f"已删除 {at.addin}" if found else f"没有安装（{at.addin}）")


@addin.command("status")
@TO_START
@HOME
def addin_status(to: Path | None, home: Path | None) -> None:
    """Say whether the add-in is installed, and whether it fits this package."""
    from xlplugin.addin import diagnose
    from xlplugin.addin.install import places

    at = places(to, home)
    facts = diagnose.installed(at)
    _tell(diagnose.report(facts, at))
    sys.exit(0 if all(fact.good for fact in facts) else 1)


@addin.command("bundle")
@argument("folder", metavar="FOLDER", type=Output(file_okay=False))
@option(
    "--python",
    type=FilePath(dir_okay=False),
    help="NuGet package python (.nupkg, 64-bit) to bring along, for machines without Python.",
)
@FORCE
def addin_bundle(folder: Path, python: Path | None, *, force: bool) -> None:
    """Make the folder that staff install from: installer, list of packages, scripts that fetch them."""
    from workbook.files import shown
    from xlplugin.addin.bundle import bundle

    try:
        with _refusals():
            files = bundle(folder, python=python, force=force)
    except FileExistsError as error:
        raise misuse("{name} exists; choose another folder or give --force", name=shown(error.args[0])) from error
    except OSError as error:
        raise misuse(
            "{name} cannot be written: {reason}", name=shown(folder), reason=error.strerror or error
        ) from error
    for path in files:
        say(f"已写出 {shown(path)}")
