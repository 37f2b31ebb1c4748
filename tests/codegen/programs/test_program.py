"""The program between terms and code: what is one value, and what order values come in."""

from indexcalc.codegen import schedule
from indexcalc.codegen.programs.program import Assemble, Einsum, Leaf, Map, Normal
from tests.codegen.elementwise import read


def program(sheet, text, axes, compressed=False):
    reading = read(sheet, text, axes)
    return schedule({"result": (reading.term, reading.axes)}, reading.sheet, compressed=compressed)


def kinds(made):
    return [type(value.op) for value in made.values if not value.is_free]


def test_values_come_after_those_that_they_are_made_of():
    made = program("u[i] = A[i,j]*x[j]\nh[i] = tanh(u[i])", "h[i]*u[j]", "ij")
    place = {value: number for number, value in enumerate(made.values)}
    assert all(place[use.value] < place[value] for value in made.values for use in value.operands)
    assert set(made.names.values()) == {"u", "h"}


def test_one_value_under_all_names_of_its_indices():
    assert kinds(program("", "exp(z[p,q]) + exp(z[p,r])*exp(z[s,q])", "pqrs")).count(Map) == 2  # exp, add
    assert kinds(program("", "sum[k](A[i,k]*B[k,j]) + sum[l](B[l,i]*A[j,l])", "ij")).count(Einsum) == 1


def test_the_same_array_read_in_two_ways_is_two_values():
    assert kinds(program("", "sum[k](A[i,k]*A[k,j]) + sum[k](A[i,k]*A[j,k])", "ij")).count(Einsum) == 2


def test_a_softmax_is_one_value():
    made = program("a[i] = exp(x[i])/sum[k](exp(x[k]))", "sum[i](y[i]*log(a[i])*a[i])", "")
    assert [value.op.kind for value in made.values if isinstance(value.op, Normal)] == ["log_softmax", "softmax"]


def test_definitions_that_are_not_needed_are_left_out():
    made = program("u[i] = exp(x[i])\nv[i] = exp(y[i])", "u[i]", "i")
    assert [leaf.name for leaf in made.leaves] == ["x"]


def test_compressed_results_leave_common_deltas_out():
    (result,) = program("", "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])", "pqrs", compressed=True).results
    assert [index.name for index in result.pattern] == ["p", "q", "p", "s"]
    assert isinstance(result.use.value.op, Assemble)
    (result,) = program("", "G[j,l]*delta[i,k]", "ijkl", compressed=True).results
    assert [index.name for index in result.pattern] == ["i", "j", "i", "l"]
    assert isinstance(result.use.value.op, Leaf)
