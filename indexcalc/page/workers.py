"""Processes that work out answers, each with a time and a memory that it may take: a hard question stops no other."""

from __future__ import annotations

import multiprocessing
import queue
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

LONGEST = 2.0  # seconds of an answer
SLOWEST = 60.0  # seconds until a process is ready
MOST_MEMORY = 2 << 30  # bytes of a process
Answer = dict[str, Any]


def _work(connection: Connection) -> None:
    """Answer questions until the other end is closed."""
    _limit()
    from indexcalc.page.answers import answer
    from indexcalc.terminal import fault

    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        answer("derive", {"sheet": "y = x^2", "target": "diff(y, x)"})  # what is loaded once is loaded
        connection.send({})
        while True:
            kind, question = connection.recv()
            try:
                found = answer(kind, question)
            except Exception as error:  # the page says so, as the command would
                found = {"error": fault(error), "where": "", "places": []}
            connection.send(found)


def _limit() -> None:
    """Let a process take no more memory than it may."""
    with suppress(ImportError, ValueError, OSError):  # there are no limits on this system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


class Worker:
    """A process that answers one question at a time."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=_work, args=(other,), daemon=True)
        self.process.start()
        other.close()
        self.ready = False

    def ask(self, kind: str, question: Mapping[str, Any], longest: float) -> Answer | None:
        """The answer; None if it takes too long or the process is lost."""
        try:
            if not self.ready:
                if not self.connection.poll(SLOWEST):
                    return None
                self.connection.recv()
                self.ready = True
            self.connection.send((kind, dict(question)))
            found: Answer | None = self.connection.recv() if self.connection.poll(longest) else None
        except (EOFError, OSError):
            return None
        return found

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()
        self.connection.close()


class Workers:
    """Some processes; one that does not answer in time is replaced."""

    def __init__(self, number: int = 2, longest: float = LONGEST) -> None:
        self.longest = longest
        self.free: queue.Queue[Worker] = queue.Queue()
        for _ in range(number):
            self.free.put(Worker())

    def ask(self, kind: str, question: Mapping[str, Any]) -> Answer:
        """The answer to a question, or what keeps it from being answered."""
        try:
            worker = self.free.get(timeout=SLOWEST)
        except queue.Empty:
            return _error("everything is busy. Try again in a moment.")
        found = worker.ask(kind, question, self.longest)
        if found is None:
            worker.end()
            worker = Worker()
        self.free.put(worker)
        if found is None:
            return _error(
                f"this takes more than {self.longest:g} s or too much memory. The command has no such limit: "
                "indexcalc derive."
            )
        return found

    def end(self) -> None:
        """End all processes."""
        while not self.free.empty():
            self.free.get().end()


def _error(words: str) -> Answer:
    return {"error": words, "where": "", "places": []}
