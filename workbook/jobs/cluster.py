"""Shares tasks among the machines of a dask cluster, for more files than one machine reads in time.

The same jobs as those of the worker processes, in chunks; files are read by path where a worker sees the very file, and
sent as bytes where it does not. Results come in order, few chunks ahead of what is asked for. A chunk whose worker died
again and again is done file by file, so one file takes no other with it.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import threading
import time
import warnings
from asyncio import CancelledError
from collections import deque
from contextlib import contextmanager, suppress
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from workbook.exits import held
from workbook.jobs.pool import CHUNK, packed
from workbook.records import dataclass
from workbook.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

CA, CERTIFICATE, KEY = "ca.pem", "cert.pem", "key.pem"
"""The files of a folder of certificates: whom to trust, who this is, and its key."""
_AHEAD = 2
"""Chunks a worker that may be under way: so memory does not grow."""
_HEAVY = 8 * 2**20
"""Bytes of files that are sent at a time."""
_ANSWER = 5.0
"""Seconds until a cluster must answer."""


class ClusterError(RuntimeError):
    """A cluster cannot be used.

    Args:
        kind: ``library`` (distributed is not installed here), ``unreachable``, ``no_worker``, ``other_kit`` (a worker
            has none, or one that would judge otherwise) or ``gone``.
        reason: what the system says.
    """

    def __init__(self, kind: str, reason: str = "") -> None:
        super().__init__(kind, reason)
        self.kind, self.reason = kind, reason


class Portable(Protocol):
    """A task that a cluster can be given."""

    @property
    def file(self) -> Path | None:
        """The file that it is read from; ``None`` where nothing is to be read."""

    def loaded(self) -> Any:
        """Return the task with the bytes of its file, or with why they cannot be read."""


T = TypeVar("T", bound=Portable)
R = TypeVar("R")


@dataclass(frozen=True)
class Cluster:
    """A cluster of dask.

    Args:
        address: ``tcp://HOST:PORT`` or ``tls://HOST:PORT``.
        certificates: the folder of certificates for the latter.
        patience: the seconds for which it may be without a worker.
    """

    address: str
    certificates: Path | None = None
    patience: float = 15.0

    def shared(
        self, work: Callable[[Any], R], tasks: Sequence[Any], excuse: Callable[[Any, BaseException | None], R]
    ) -> Generator[R]:
        """Yield the result of each task, in order.

        Args:
            work: what is done with a task; it, the tasks and the results can be pickled.
            tasks: the tasks, which are ``Portable``.
            excuse: makes the result of a task for which ``work`` raised, or of which workers died (``None``).

        Raises:
            ClusterError: the cluster cannot be reached, is gone, or is another kit's.
        """
        with _connected(self) as client:
            spread = _Spread[Any, R](client, work, excuse, self.patience)
            try:
                yield from spread.results(_chunks(tasks))
            finally:
                with held():
                    spread.end()


def _chunks(tasks: Sequence[T]) -> Iterator[list[T]]:
    """Yield tasks in chunks: so many, or so many bytes."""
    chunk: list[T] = []
    heavy = 0
    for task in tasks:
        size = _size(task)
        if chunk and (len(chunk) == CHUNK or heavy + size > _HEAVY):
            yield chunk
            chunk, heavy = [], 0
        chunk.append(task)
        heavy += size
    if chunk:
        yield chunk


def _size(task: Portable) -> int:
    about = _about(task.file)
    return about[0] if about else 0


def _about(path: Path | None) -> tuple[int, int] | None:
    """Return what tells a file from another of its name: its size, and when it was changed."""
    if path is None:
        return None
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns


# ---- here -----------------------------------------------------------------------------------------------------------


@contextmanager
def _connected(cluster: Cluster) -> Iterator[Any]:
    """Hand out a client of a cluster that has a worker."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError("library", str(error)) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is raised, and told once
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other versions of its own parts; what counts is the kit's
            client = Client(cluster.address, security=_security(cluster), timeout=_ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise ClusterError("unreachable", str(error) or type(error).__name__) from error
    try:
        client.wait_for_workers(1, timeout=cluster.patience)
    except (TimeoutError, OSError) as error:
        _closed(client)
        raise ClusterError("no_worker") from error
    try:
        yield client
    finally:
        with held():
            _closed(client)


def _closed(client: Any) -> None:
    with suppress(Exception):  # it may be gone
        client.close(timeout=5)


def _security(cluster: Cluster) -> Any:
    from distributed.security import Security

    if cluster.certificates is None:
        return None
    at = cluster.certificates
    return Security(
        tls_ca_file=str(at / CA),
        tls_client_cert=str(at / CERTIFICATE),
        tls_client_key=str(at / KEY),
        require_encryption=True,
    )


@dataclass(eq=False)
class _Sent(Generic[T]):
    """A chunk under way: its tasks, and the future of their results."""

    tasks: list[T]
    future: Any


class _Spread(Generic[T, R]):
    """What is under way on a cluster."""

    def __init__(
        self,
        client: Any,
        work: Callable[[T], R],
        excuse: Callable[[T, BaseException | None], R],
        patience: float,
    ) -> None:
        self._client, self._excuse, self._patience = client, excuse, patience
        self._as_bytes = False
        # Not scattered: what is scattered is lost with its worker, what was submitted is made again.
        self._duty = self._submit(pickle.loads, pickle.dumps((work, excuse)))
        self._sent: deque[_Sent[T]] = deque()

    def results(self, chunks: Iterator[list[T]]) -> Generator[R]:
        """Yield the results of chunks, in order."""
        more = True
        while more or self._sent:
            while more and len(self._sent) < _AHEAD * max(1, len(self._workers())):
                chunk = next(chunks, None)
                more = chunk is not None
                if chunk is not None:
                    self._sent.append(_Sent(chunk, self._send(chunk)))
            if self._sent:
                first = self._sent.popleft()
                yield from self._result(first)

    def end(self) -> None:
        """Give up what is under way."""
        with suppress(Exception):  # the cluster may be gone
            self._client.cancel([sent.future for sent in self._sent], force=True)
        self._sent.clear()

    def _workers(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client.scheduler_info(n_workers=-1).get("workers", {})
        return found

    def _submit(self, function: Callable[..., Any], *given: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that much is sent is meant
            return self._client.submit(function, *given, pure=False)

    def _send(self, tasks: list[T]) -> Any:
        """Send a chunk: by path, or where a worker did not see one with the bytes."""
        if self._as_bytes:
            return self._submit(_serve, self._duty, _kit(), [task.loaded() for task in tasks], None)
        return self._submit(_serve, self._duty, _kit(), tasks, [_about(task.file) for task in tasks])

    def _result(self, sent: _Sent[T]) -> Iterator[R]:
        """Yield the results of a chunk."""
        answer = self._answer(sent.future)
        if answer is _Answer.UNSEEN:
            self._as_bytes = True
            answer = self._answer(self._send(sent.tasks))
        if isinstance(answer, list):
            yield from map(pickle.loads, answer)
        elif len(sent.tasks) > 1:
            for task in sent.tasks:
                yield from self._result(_Sent([task], self._send([task])))
        else:
            yield self._excuse(sent.tasks[0], None)

    def _answer(self, future: Any) -> Any:
        """Return what came of a chunk; ``None`` where its workers died of it.

        Raises:
            ClusterError: the cluster is gone, has had no worker for some time, or is another kit's.
        """
        from distributed import KilledWorker

        self._wait(future)
        try:
            answer = future.result(timeout=self._patience)
        except KilledWorker:
            return None
        except ImportError as error:
            raise ClusterError("other_kit", str(error)) from error
        except (Exception, CancelledError) as error:
            # Jobs do not raise, so it is the cluster that failed.
            raise ClusterError("gone", f"{type(error).__name__}: {error}") from error
        if answer is _Answer.OTHER_KIT:
            raise ClusterError("other_kit")
        return answer

    def _wait(self, future: Any) -> None:
        from distributed import wait

        until = time.monotonic() + self._patience
        while True:
            try:
                wait([future], timeout=1)
            except TimeoutError:
                if self._client.status != "running":
                    raise ClusterError("gone") from None
                if self._workers():
                    until = time.monotonic() + self._patience
                elif time.monotonic() > until:
                    raise ClusterError("no_worker") from None
            except (Exception, CancelledError):  # noqa: BLE001 - whatever it is
                return  # the result says what it is
            else:
                return


# ---- on a worker ----------------------------------------------------------------------------------------------------


class _Answer(Enum):
    """What a worker says that did nothing."""

    UNSEEN = "it does not see the files as they are here"
    OTHER_KIT = "its kit is another"


_one_at_a_time = threading.Lock()
"""A worker may have several threads; what reads files has caches that are one thread's."""


def _serve(
    duty: tuple[Callable[[T], R], Callable[[T, BaseException | None], R]],
    kit: str,
    tasks: list[T],
    about: list[tuple[int, int] | None] | None,
) -> list[bytes] | _Answer:
    """Do the tasks of a chunk.

    Args:
        duty: what is done with a task, and what makes the result where that raises.
        kit: the kit of whoever sends.
        tasks: the tasks.
        about: what is known of their files where they were sent; ``None`` where the tasks have their bytes.
    """
    if kit != _kit():
        return _Answer.OTHER_KIT
    if about is not None and any(_about(task.file) != known for task, known in zip(tasks, about, strict=True)):
        return _Answer.UNSEEN
    with _one_at_a_time:
        return [packed(*duty, task) for task in tasks]


@cache
def _kit() -> str:
    """Return what tells this kit from another: the digest of its code and its definitions."""
    digest = hashlib.sha256()
    here = resource("schema")
    for root, pattern in ((Path(__file__).parents[1], "*.py"), (here, "*.toml")):
        for path in sorted(root.rglob(pattern), key=lambda path: path.relative_to(root).as_posix()):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
