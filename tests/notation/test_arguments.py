"""Functions of all elements that are written with one of them."""

import pytest

from indexcalc.notation.arguments import functions_of_all, with_arguments
from indexcalc.notation.tex.parser import parse


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        ("S(z_i)", r"\frac{e^{z_i}}{\sum_j e^{z_j}}", {"S"}),
        ("S(z_i^{(l)})", r"\frac{e^{z_i^{(l)}}}{\sum_j e^{z_j^{(l)}}}", {"S"}),
        (r"\text{softmax}(z_{ij})", r"\frac{e^{z_{ij}}}{\sum_k e^{z_{ik}}}", {"softmax"}),
        (r"\text{softmax}(z_i)", r"\frac{e^{z_i}}{\sum_j e^{z_j}}", set()),  # the table knows it
        ("S(z_i)", "z_i^2", set()),
        ("S(z_i)", r"\sum_j w_{ij} z_i", set()),
        ("S(z)", r"\sum_j z_j", set()),
        ("S_i", r"\frac{e^{z_i}}{\sum_j e^{z_j}}", set()),
        ("S(z_{ii})", r"\sum_j z_{ij}", set()),
    ],
)
def test_functions_of_all(left, right, found):
    assert functions_of_all([(parse(left), parse(right))]) == found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2 S(z_k)", "2 S_k(z)"),
        (r"S(z_k^{(l)})", "S_k(z^{(l)})"),
        (r"\frac{\partial S(z_i)}{\partial z_k}", r"\frac{\partial S_i(z)}{\partial z_k}"),
        ("S(z)", "S(z)"),
        ("S(z_k + 1)", "S(z_k + 1)"),
        ("R(z_k)", "R(z_k)"),
    ],
)
def test_with_arguments(written, meant):
    assert with_arguments(parse(written), frozenset("S")) == parse(meant)
