"""Who does the work of a run: worker processes of this machine, or a cluster whose address is given."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from workbook.cli.help import FilePath, option
from workbook.cli.language import misuse
from workbook.cli.options import JOBS, is_on_the_line
from workbook.expression import expression

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import click

    from workbook.jobs.cluster import Cluster, ClusterError
    from workbook.jobs.pool import Jobs

_ADDRESS = expression(r"(tcp|tls)://[^/\s]+:\d{1,5}")
_CLUSTER = option(
    "--cluster",
    metavar="ADDRESS",
    help="Let a dask cluster do the work: tcp://HOST:PORT in a network that is trusted, or tls://HOST:PORT.",
)
_CERTIFICATES = option(
    "--certificates",
    metavar="FOLDER",
    type=FilePath(file_okay=False, exists=True),
    help="Folder with ca.pem, cert.pem and key.pem, for tls://.",
)


def with_sharing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``jobs``: the number of processes, or a cluster; tell as misuse why a cluster cannot be used."""

    @wraps(command)
    def shared(*given: Any, jobs: int, cluster: str | None, certificates: Path | None, **more: Any) -> Any:
        if cluster is None:
            if certificates:
                raise misuse("--certificates is for --cluster tls://HOST:PORT")
            return command(*given, jobs=jobs, **more)
        from workbook.jobs.cluster import ClusterError

        try:
            return command(*given, jobs=_cluster(cluster, certificates), **more)
        except ClusterError as error:
            raise _refusal(error, cluster) from error

    for each in (_CERTIFICATES, _CLUSTER, JOBS):
        shared = each(shared)
    return shared


def here(jobs: Jobs, *, resume: bool) -> None:
    """Refuse to go on with files on a cluster, whose workers may not see what stands there."""
    if resume and not isinstance(jobs, int):
        raise misuse("--resume looks at the files that stand there; leave out --cluster, or write one .jsonl")


def _cluster(address: str, certificates: Path | None) -> Cluster:
    """Return the cluster of an address."""
    from workbook.files import shown
    from workbook.jobs.cluster import CA, CERTIFICATE, KEY, Cluster

    if not _ADDRESS.fullmatch(address):
        raise misuse("{address} is no address of a cluster; write tcp://HOST:PORT or tls://HOST:PORT", address=address)
    if is_on_the_line("jobs"):
        raise misuse("--jobs is for this machine; leave it out with --cluster")
    if address.startswith("tls") != (certificates is not None):
        raise misuse("tls:// and --certificates belong together; tcp:// has none")
    for name in (CA, CERTIFICATE, KEY) if certificates else ():
        if not (certificates / name).is_file():  # type: ignore[operator]
            raise misuse("{name} is missing in {folder}", name=name, folder=shown(certificates or ""))
    return Cluster(address, certificates)


def _refusal(error: ClusterError, address: str) -> click.UsageError:
    """Return why a cluster cannot be used, and what to do."""
    from workbook.extras import install
    from workbook.printable import printable

    reason = printable(error.reason)
    match error.kind:
        case "library":
            return misuse(
                "a cluster needs the library distributed here and on every worker: {install}",
                install=install("cluster"),
            )
        case "unreachable":
            return misuse("the cluster {address} cannot be reached: {reason}", address=address, reason=reason)
        case "no_worker":
            return misuse(
                "the cluster {address} has no worker; start one with: dask worker {address} --nthreads 1",
                address=address,
            )
        case "other_kit":
            return misuse(
                "a worker of the cluster {address} has another version of the kit or none; install the same on all",
                address=address,
            )
    return misuse(
        "the cluster {address} broke off; what was told is whole, run again to go on ({reason})",
        address=address,
        reason=reason,
    )
