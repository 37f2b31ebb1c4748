"""Functions with arguments that may be left out: defined tensors that are computed where they are not given."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any


def with_choice(
    compiled: Callable[[tuple[str, ...]], Callable[..., Any]], given: tuple[str, ...], inputs: Collection[str]
) -> Callable[..., Any]:
    """The function that takes these defined tensors; those among them that are no inputs may be left out."""
    optional = tuple(name for name in given if name not in inputs)
    return _Optional(compiled, given, optional) if optional else compiled(given)


class _Optional:
    """A function for each choice of the optional arguments that a caller gives; each made when first needed."""

    def __init__(
        self, make: Callable[[tuple[str, ...]], Callable[..., Any]], given: tuple[str, ...], optional: tuple[str, ...]
    ) -> None:
        self.make, self.given, self.optional = make, given, optional
        self.known: dict[tuple[str, ...], Callable[..., Any]] = {}
        self.by_keywords: dict[tuple[str, ...], Callable[..., Any]] = {}

    def __call__(self, /, **arrays: Any) -> Any:
        keywords = tuple(arrays)
        function = self.by_keywords.get(keywords)
        if function is None:
            names = tuple(name for name in self.given if name in arrays or name not in self.optional)
            function = self.by_keywords[keywords] = self._taking(names)
        return function(**arrays)

    def _taking(self, names: tuple[str, ...]) -> Callable[..., Any]:
        if names not in self.known:
            self.known[names] = self.make(names)
        return self.known[names]

    def __getattr__(self, name: str) -> Any:
        """What is said of the function that takes all of them: its arguments, its source, its axes."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._taking(self.given), name)
