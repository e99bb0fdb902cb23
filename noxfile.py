"""What CI runs and what a developer runs: the same sessions. ``nox --no-venv`` uses the environment at hand."""

import nox

nox.options.sessions = ["tests", "lint", "types", "artefacts"]
nox.options.reuse_existing_virtualenvs = True


def _prepare(session: nox.Session) -> None:
    if session.virtualenv.is_sandboxed:
        session.install("-e", ".[dev]")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; arguments go to pytest."""
    _prepare(session)
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def quick(session: nox.Session) -> None:
    """Run the tests that stay in their own process; arguments go to pytest.

    Without LibreOffice, browser, builds, workers, the installed command, what measures time, and what reads with
    openpyxl or prints a PDF; with few examples of each property and few cases of what has many. Which tests these are
    is told from what they reach (``tests/support/slow.py``).
    """
    _prepare(session)
    session.run(
        "python", "-m", "pytest", "-n", "auto", "-m", "not slow", "--hypothesis-profile=quick", *session.posargs
    )


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format."""
    _prepare(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    _prepare(session)
    session.run("mypy")


@nox.session
def artefacts(session: nox.Session) -> None:
    """Make the generated files anew; ``-- --check`` only compares."""
    _prepare(session)
    session.run("python", "docs/build/all.py", *session.posargs)


@nox.session
def pictures(session: nox.Session) -> None:
    """Draw the pictures of the manual anew; needs LibreOffice, poppler-utils and ImageMagick."""
    _prepare(session)
    session.run("python", "docs/build/pictures.py")


@nox.session
def recall(session: nox.Session) -> None:
    """Print how many contradictions of the corpus of sentences are found, and the false warnings."""
    _prepare(session)
    session.run("python", "tests/support/recall.py")


@nox.session
def bench(session: nox.Session) -> None:
    """Print the speed as ratios."""
    _prepare(session)
    session.run("python", "bench/convert.py")
    session.run("python", "bench/publish.py")
