"""Where an implied sum stands."""

from indexcalc.notation.lowering.binding import contracted, groups
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.terms import Contraction, Index, Product, Range, Tensor

N = Range("n")
i, j, k = (Index(letter, N) for letter in "ijk")
c, x, y, u = Tensor("c"), Tensor("x", [i]), Tensor("y", [i]), Tensor("u", [j])
A, v = Tensor("A", [i, j]), Tensor("v", [j])


def test_what_lacks_the_index_stands_outside():
    assert contracted([i], Product(c, x, y)) is Product(c, Contraction([i], Product(x, y)))


def test_indices_that_meet_share_a_sum():
    assert contracted([i, j], Product(x, A, v)) is Contraction([i, j], Product(x, A, v))


def test_indices_that_do_not_meet_have_sums_of_their_own():
    wanted = Product(Contraction([i], Product(x, y)), Contraction([j], Product(u, v)))
    assert contracted([i, j], Product(x, u, y, v)) is wanted


def test_a_single_factor():
    assert contracted([i], x) is Contraction([i], x)
    assert contracted([], x) is x


def test_groups_join_what_a_later_factor_connects():
    loose, *tight = groups([i, j], (x, v, c, A))
    assert loose == (frozenset(), (c,))
    assert [(bound, set(factors)) for bound, factors in tight] == [(frozenset([i, j]), {x, v, A})]


def test_the_reader_binds_so():
    sheet = parse_sheet("s = c*x[i]*y[i]")
    assert read_expression(sheet, "x[i]*c*y[i]").term is sheet.definitions["s"].body
    written = read_expression(sheet, "sum[i](c*x[i]*y[i])").term
    assert isinstance(written, Contraction)  # a sum that is written stays where it is
