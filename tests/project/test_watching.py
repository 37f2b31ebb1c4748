"""Which documents have changed since they were read."""

import os

from indexcalc.project.watching import changes, marks_of


def test_changed_new_and_removed_files(tmp_path):
    first, second, third = (tmp_path / name for name in ("a.md", "b.md", "c.md"))
    first.write_text("one")
    second.write_text("two")
    steps = iter(
        [
            lambda: None,
            lambda: first.write_text("longer"),
            lambda: third.write_text("new"),
            lambda: os.utime(second, ns=(1, 1)),
            second.unlink,
        ]
    )

    def names():
        return sorted(map(str, tmp_path.glob("*.md")))

    seen = changes(names, marks_of(names()), lambda _: next(steps)())
    assert [next(seen) for _ in range(4)] == [[str(first)], [str(third)], [str(second)], []]


def test_what_changed_while_it_was_read(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("one")
    before = marks_of([str(path)])
    path.write_text("another")
    assert next(changes(lambda: [str(path)], before, lambda _: None)) == [str(path)]


def test_files_that_are_not_there(tmp_path):
    assert marks_of([str(tmp_path / "nothing"), "a\0b"]) == {}
