"""Deltas on summed indices vanish; those on free indices stay, one for each further index of a class."""

import pytest

from tests.agreement import assert_right

CONTRACTED = [
    ("sum[j](delta[i,j]*x[j])", "x[i]"),
    ("delta[i,j]*delta[j,k]*x[k]", "x[i]"),
    ("delta[i,j]*x[i]*y[j]", "x[i]*y[i]"),
    # Into functions, powers, choices and sums, but no further than to their arguments.
    ("sum[j](delta[i,j]*exp(x[j]*c))", "exp(c*x[i])"),
    ("sum[j](delta[i,j]*sum[k](A[j,k]*x[k])^3)", "sum[j](A[i,j]*x[j])^3"),
    ("sum[j](delta[i,j]*(a[j] + b[j]))", "a[i] + b[i]"),
    ("sum[j](delta[i,j]/(a[j] + b[j]))", "1/(a[i] + b[i])"),
    ("sum[j](delta[i,j]*where(x[j] > 1, a[j], b[j]))", "where(x[i] > 1, a[i], b[i])"),
    ("sum[j](delta[i,j]*max[k](A[j,k]))", "max[k](A[i,k])"),
    # In one addend only.
    ("sum[j](delta[i,j]*a[j] + b[j])", "a[i] + sum[j](b[j])"),
    ("sum[j](c[j]*(delta[i,j] + b[j]))", "c[i] + sum[j](c[j]*b[j])"),
    # Idle indices multiply by their size; an unsummed delta[i,i] is 1.
    ("delta[i,i]*m", "m^2"),
    ("sum[i](delta[1,i]*x[i])", "x[1]"),
    ("sum[i](delta[1,i]*delta[2,i]*x[i])", "0"),
    ("sum[j](delta[i,j]^2*x[j])", "x[i]"),
    ("sum[j](1[i == j]*x[j])", "x[i]"),
    ("where(i == j, 3, 1)*x[j]", "2*x[i] + sum[j](x[j])"),
    # Several free indices in a class: a star around the first.
    ("diff(x[i]^3, x[j], x[k])", "6*x[i]*delta[i,j]*delta[i,k]"),
    ("diff(x[i]*x[j], x[k])", "x[i]*delta[j,k] + x[j]*delta[i,k]"),
    ("diff(B[i,j], B[i,k])", "delta[j,k]"),
    ("diff(B[i,j], B[i,j])", "1"),
]


@pytest.mark.parametrize(("target", "short"), CONTRACTED)
def test_contracted(target, short):
    assert str(assert_right("index i, j, k : m", target)) == short


STAYS = [
    ("exp(delta[i,j]*x[j])*y[j]", "y[j]*exp(x[i]*delta[i,j])"),
    ("sum[j](2^delta[i,j]*x[j])", "sum[j](x[j]*2^delta[i,j])"),
    ("sum[j](delta[i,j]^x[j]*y[j])", "sum[j](y[j]*delta[i,j]^x[j])"),
    ("sum[j](x[j]/(1 + delta[i,j]))", "sum[j](x[j]/(1 + delta[i,j]))"),
    ("max[j](delta[i,j]*x[j])", "max[j](x[i]*delta[i,j])"),
    ("c[j]*(delta[i,j] + b[j])^2", "c[j]*(b[j] + delta[i,j])^2"),
    ("sum[j](1[i < j]*x[j])", "sum[j](x[j]*1[i < j])"),
]


@pytest.mark.parametrize(("target", "same"), STAYS)
def test_a_delta_that_is_no_factor_stays(target, same):
    assert str(assert_right("index i, j, k : m", target)) == same


def test_an_equal_delta_twice_is_one():
    assert str(assert_right("", "x[i]*delta[i,j]*delta[i,k]*delta[j,k]*y[j]*z[k]")) == "x[i]*y[i]*z[i]"
