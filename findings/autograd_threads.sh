#!/usr/bin/env bash
# autograd 1.8.0 (numpy 2.2.6): second derivatives are silently wrong while another thread differentiates.
#
# autograd tells an inner derivative from an outer one by a number that counts the derivatives under way in the whole
# process (autograd.tracer.trace_stack), not in the thread. A thread that began second and goes on when the first one has
# ended gives its inner derivative the number of its own outer one. The derivative by x of x * d/dy (x*y) = x^2 at x = 3 is
# 6; the program below, in which two threads take turns at fixed points, prints
#
#   alone: 6.0
#   beside another thread: 2.0
#
# Exit status 1 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check autograd==1.8.0 numpy==2.2.6
"$folder/venv/bin/python" - <<'PROGRAM'
import sys
from threading import Event, Thread

from autograd import grad

first_began, second_began, first_ended = Event(), Event(), Event()


def first():
    def f(x):
        first_began.set()
        second_began.wait(10)
        return x * x

    grad(f)(1.0)
    first_ended.set()


def derivative(wait):
    def outer(x):
        if wait:
            second_began.set()
            first_ended.wait(10)
        return x * grad(lambda y: x * y)(2.0)

    return grad(outer)(3.0)


alone = derivative(False)
other = Thread(target=first)
other.start()
first_began.wait(10)
try:
    beside = derivative(True)
except Exception as error:
    beside = f"{type(error).__name__}: {error}"
other.join()
print("alone:", alone)
print("beside another thread:", beside)
sys.exit(not (alone == 6.0 and beside == 2.0))
PROGRAM
