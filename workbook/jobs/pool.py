"""Shares tasks among worker processes, which end with their parent; it knows nothing of what the tasks are.

A task that raises, or whose process dies, harms no other. Tasks write nothing: when the parent is interrupted, what was
not yet handed on is dropped, and the processes are gone before the interruption goes on.
"""

from __future__ import annotations

import atexit
import os
import signal
import threading
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import field
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

from workbook.exits import STOPPING, held
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from multiprocessing.connection import Connection

    from workbook.jobs.cluster import Cluster

    Jobs: TypeAlias = int | Cluster
    """Who does the tasks: so many worker processes (0 chooses), or a cluster."""

T = TypeVar("T")
R = TypeVar("R")

CHUNK = 50
"""Tasks that a worker process is given at a time."""

_MOST_WORKERS = 61  # what Windows can wait for
_AHEAD = 2  # chunks a worker that may be begun before the first is through: so memory does not grow
_GRACE = 5.0  # seconds that tasks under way are given to finish when all is to stop: they may have started programs


def workers_for(tasks: int, jobs: int = 0) -> int:
    """Return how many processes share some tasks; where ``jobs`` is 0, by the number of tasks and processors."""
    return min(jobs or min(os.cpu_count() or 1, -(-tasks // CHUNK)), tasks, _MOST_WORKERS)


class Executor(Protocol):
    """Who does the tasks: worker processes of this machine, or a cluster."""

    def shared(
        self, work: Callable[[Any], R], tasks: Sequence[Any], excuse: Callable[[Any, BaseException | None], R]
    ) -> Generator[R]:
        """Yield the result of each task, in order."""


@dataclass(frozen=True)
class Processes:
    """Worker processes of this machine; their number, or 0: by that of tasks and processors."""

    jobs: int = 0

    def shared(
        self, work: Callable[[T], R], tasks: Sequence[T], excuse: Callable[[T, BaseException | None], R]
    ) -> Generator[R]:
        """Yield the result of each task, in order."""
        return shared(work, tasks, excuse, workers_for(len(tasks), self.jobs))


def pool(jobs: Jobs) -> Executor:
    """Return who does the tasks."""
    return Processes(jobs) if isinstance(jobs, int) else jobs


def shared(
    work: Callable[[T], R], tasks: Sequence[T], excuse: Callable[[T, BaseException | None], R], workers: int
) -> Generator[R]:
    """Yield the result of each task, in order.

    Args:
        work: what is done with a task; it, the tasks and the results can be pickled.
        tasks: the tasks.
        excuse: makes the result of a task for which ``work`` raised, or whose process died twice (``None``).
        workers: the number of processes; one works here.
    """
    if workers <= 1:
        yield from (done(work, excuse, task) for task in tasks)
        return
    size = max(1, min(CHUNK, -(-len(tasks) // workers)))
    chunks = deque(_Chunk[T, R](deque(tasks[start : start + size])) for start in range(0, len(tasks), size))
    team = _Team(work, excuse, workers)
    try:
        while chunks and team.begin(list(islice(chunks, _AHEAD * workers))):
            for fallen in team.take():
                fallen.fall(excuse)
            yield from _ready(chunks)
        for chunk in chunks:  # the system gives not a single process
            yield from (done(work, excuse, task) for task in chunk.tasks)
    finally:
        team.end()


def done(work: Callable[[T], R], excuse: Callable[[T, BaseException | None], R], task: T) -> R:
    """Return the result of a task, or what it is excused with where it raises."""
    try:
        return work(task)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it is, a panic in Rust too, it is this task's alone
        return excuse(task, error)


@dataclass(eq=False)
class _Chunk(Generic[T, R]):
    """The tasks of a chunk that are to be done, in order, and the results of those before them.

    ``fallen`` is how many there were when a process died of the first of them.
    """

    tasks: deque[T]
    results: deque[R] = field(default_factory=deque)
    busy: bool = False
    fallen: int = -1

    def put(self, result: R) -> None:
        """Take the result of the first task."""
        self.results.append(result)
        self.tasks.popleft()
        self.busy = bool(self.tasks)

    def fall(self, excuse: Callable[[T, BaseException | None], R]) -> None:
        """Retry the first task, of which a process died; after a second death give it up."""
        if self.fallen == len(self.tasks):
            self.put(excuse(self.tasks[0], None))
        else:
            self.fallen = len(self.tasks)
        self.busy = False


def _ready(chunks: deque[_Chunk[T, R]]) -> Iterator[R]:
    """Yield the results that are there in order, and drop the chunks that are through."""
    while chunks:
        while chunks[0].results:
            yield chunks[0].results.popleft()
        if chunks[0].tasks:
            return
        chunks.popleft()


class _Team(Generic[T, R]):
    """The worker processes, each with the chunk that it is at."""

    def __init__(self, work: Callable[[T], R], excuse: Callable[[T, BaseException | None], R], most: int) -> None:
        import multiprocessing.util  # noqa: F401 - whose own wait for the workers at exit must be registered before

        self._duty, self._most = (work, excuse), most
        self._workers: list[_Worker[T, R]] = []
        # Else the interpreter waits for idle workers where the results are not consumed.
        atexit.register(self.end)

    def begin(self, chunks: Sequence[_Chunk[T, R]]) -> bool:
        """Assign pending chunks to idle workers, in order; return whether any worker is left."""
        with held():  # a worker that is started and not yet known would be waited for at exit, for ever
            for chunk in chunks:
                if chunk.tasks and not chunk.busy:
                    worker = self._idle()
                    if worker is None:
                        break
                    worker.give(chunk)
        return bool(self._workers)

    def _idle(self) -> _Worker[T, R] | None:
        worker = next((worker for worker in self._workers if not worker.busy), None)
        if worker is None and len(self._workers) < self._most:
            try:
                worker = _Worker(self._duty)
            except OSError:
                self._most = len(self._workers)
            else:
                self._workers.append(worker)
        return worker

    def take(self, seconds: float | None = None) -> list[_Chunk[T, R]]:
        """Wait for what comes from the workers, and put it where it belongs; return the chunks of those that died."""
        from multiprocessing.connection import wait

        busy = {worker.connection: worker for worker in self._workers if worker.busy}
        ready = [busy[channel] for channel in wait(list(busy), seconds)]  # type: ignore[index]
        with held():
            died = [worker for worker in ready if not worker.take()]
            for worker in died:
                self._workers.remove(worker)
                worker.leave(_GRACE)
        return [worker.chunk for worker in died if worker.chunk]

    def end(self) -> None:
        """Let the workers finish the tasks under way, and wait until they are gone; those that take long are ended."""
        until = time.monotonic() + _GRACE
        with held():
            for worker in self._workers:
                worker.dismiss()
            while any(worker.busy for worker in self._workers) and time.monotonic() < until:
                self.take(until - time.monotonic())
            for worker in self._workers:
                worker.leave(until - time.monotonic())
            self._workers.clear()
        atexit.unregister(self.end)


class _Worker(Generic[T, R]):
    """A process, as its parent sees it."""

    def __init__(self, duty: tuple[Any, Any]) -> None:
        import multiprocessing

        self.connection, channel = multiprocessing.Pipe()
        self.chunk: _Chunk[T, R] | None = None
        self._process = multiprocessing.Process(target=_serve, args=(channel, *duty), daemon=True)
        with channel, _no_stop():
            self._process.start()

    @property
    def busy(self) -> bool:
        """Whether it is at work."""
        return self.chunk is not None and self.chunk.busy

    def give(self, chunk: _Chunk[T, R]) -> None:
        """Give it a chunk to do."""
        self.chunk, chunk.busy = chunk, True
        with suppress(OSError):  # it died; that is seen when something is to be taken from it
            self.connection.send(list(chunk.tasks))

    def take(self) -> bool:
        """Take a result, and return whether the process lives."""
        try:
            result = self.connection.recv()
        except (EOFError, OSError):
            return False
        if self.chunk:
            self.chunk.put(result)
        return True

    def dismiss(self) -> None:
        """Dismiss it after its current task."""
        with suppress(OSError):
            self.connection.send([])

    def leave(self, seconds: float) -> None:
        """Wait until the process is gone, and end it after some seconds."""
        self._process.join(max(0.0, seconds))
        self._process.kill()
        self._process.join()
        self.connection.close()


@contextmanager
def _no_stop() -> Iterator[None]:
    """Block the stop signals while a process starts: it inherits the handlers, and ignores the signals at once."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(channel: Connection, work: Callable[[T], R], excuse: Callable[[T, BaseException | None], R]) -> None:
    """Work in the process: take tasks and send back their results until there are no more."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)  # a terminal and some programs tell the workers as well as the parent
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):  # the parent is gone
        while tasks := channel.recv():
            for task in tasks:
                if channel.poll():
                    return
                channel.send_bytes(packed(work, excuse, task))


def packed(work: Callable[[T], R], excuse: Callable[[T, BaseException | None], R], task: T) -> bytes:
    """Return the result of a task ready to be sent, which may fail too."""
    import pickle

    try:
        return pickle.dumps(done(work, excuse, task))
    except BaseException as error:  # noqa: BLE001 - as above
        return pickle.dumps(excuse(task, error))


def _end_with_parent() -> None:
    """Wait for the parent to end, for whatever reason, and end at once; this works on all systems."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
