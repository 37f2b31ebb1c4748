"""One thread for BLAS while dask's threads run: chunks are computed side by side, and two pools fight for the cores.

This is for the scheduler of threads in this process, and only where threadpoolctl is installed; the workers of a
cluster see to it themselves.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import Any

_ASKING = Lock()


def share_the_cores() -> bool:
    """From now on limit BLAS while dask computes on threads; whether that can be done."""
    with _ASKING:  # two that limit it would each take the limit of the other for the usual number of threads
        return _sharing()


@cache
def _sharing() -> bool:
    if not find_spec("threadpoolctl"):
        return False
    from dask.callbacks import Callback
    from threadpoolctl import ThreadpoolController

    limits = _Limits(ThreadpoolController())
    Callback(start=limits.enter, finish=limits.leave).register()
    return True


class _Limits:
    """Limits BLAS as long as at least one computation runs."""

    def __init__(self, controller: Any) -> None:
        self.controller, self.lock = controller, Lock()
        self.running = 0
        self.limit: Any = None

    def enter(self, graph: Any) -> None:
        """A computation begins."""
        with self.lock:
            if not self.running:
                self.limit = self.controller.limit(limits=1, user_api="blas")
            self.running += 1

    def leave(self, graph: Any, state: Any, failed: bool) -> None:
        """A computation ends."""
        with self.lock:
            self.running -= 1
            if not self.running and self.limit is not None:
                self.limit.restore_original_limits()
                self.limit = None
