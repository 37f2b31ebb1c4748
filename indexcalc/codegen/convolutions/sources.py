"""Convolutions by torch and by jax, as source.

A library's own modes ("same", "full") centre even kernels differently, so padding is always written out.
"""

OF_TORCH = '''
def convolved(x, w, *windows):
    """y[b,o,i] = sum[c,k](w[o,c,k]*x[b,c,(start + step*i + jump*k)/apart]), x being 0 where it has no place.

    windows: for each axis behind the first two: start, how many i, step, jump, apart (1 unless steps are 1, jumps < 0).
    """
    starts, sizes, steps, jumps, gaps = (list(each) for each in zip(*windows))
    if 0 in (*x.shape, *w.shape, *sizes):
        return x.new_zeros((x.shape[0], w.shape[0], *sizes))
    axes, plain = len(windows), torch.nn.functional
    if all(jump < 0 for jump in jumps) and set(steps) == {1}:
        turned = (plain.conv_transpose1d, plain.conv_transpose2d, plain.conv_transpose3d)[axes - 1]
        back = [-jump for jump in jumps]
        if math.prod(w.shape[2:]) > math.prod(x.shape[2:]):  # the longer one is what goes in
            y = turned(w, x.transpose(0, 1), stride=back, dilation=gaps).transpose(0, 1)
        else:
            y = turned(x, w.transpose(0, 1), stride=gaps, dilation=back)
        return plain.pad(y, ends(y, starts, [start + size for start, size in zip(starts, sizes)]))
    for axis, (jump, taps) in enumerate(zip(jumps, w.shape[2:])):
        if jump < 0:
            w = w.flip(axis + 2)
            starts[axis], jumps[axis] = starts[axis] + jump * (taps - 1), -jump
    lasts = [step * (size - 1) + jump * (taps - 1) for size, step, jump, taps in zip(sizes, steps, jumps, w.shape[2:])]
    x = plain.pad(x, ends(x, starts, [start + last + 1 for start, last in zip(starts, lasts)]))
    if math.prod(w.shape[2:]) > math.prod(sizes):  # as the gradient by a kernel is
        shape = (w.shape[0], x.shape[0], *sizes)
        weight = (torch.nn.grad.conv1d_weight, torch.nn.grad.conv2d_weight, torch.nn.grad.conv3d_weight)[axes - 1]
        return weight(x.transpose(0, 1), shape, w.transpose(0, 1), stride=jumps, dilation=steps).transpose(0, 1)
    return (plain.conv1d, plain.conv2d, plain.conv3d)[axes - 1](x, w, stride=steps, dilation=jumps)


def ends(x, starts, stops):
    """What is added before and behind each axis, as torch's pad takes it: the last axis first; below 0 is cut."""
    pairs = [(-start, stop - size) for start, stop, size in zip(starts, stops, x.shape[2:])]
    return [number for pair in reversed(pairs) for number in pair]
'''

# Measured with jax 0.10 on a CPU: XLA's convolution of float64 along one axis takes five times as long as a product
# with slices where there are channels, and a hundredth of it where there are none.
OF_JAX = '''
def convolved(x, w, *windows):
    """y[b,o,i] = sum[c,k](w[o,c,k]*x[b,c,(start + step*i + jump*k)/apart]), x being 0 where it has no place.

    windows: for each axis behind the first two: start, how many i, step, jump, apart.
    """
    starts, sizes, steps, jumps, gaps = (list(each) for each in zip(*windows))
    if 0 in (*x.shape, *w.shape, *sizes):
        return jnp.zeros((x.shape[0], w.shape[0], *sizes), x.dtype)
    if len(windows) == 1 and gaps == [1] and x.shape[1] > 4 and x.dtype == jnp.float64:
        view = at(x, 2, starts[0], (sizes[0], steps[0]), (w.shape[2], jumps[0]))
        return jnp.einsum("ock,bcik->boi", w, view)
    for axis, (jump, taps) in enumerate(zip(jumps, w.shape[2:])):
        if jump < 0:
            w = jnp.flip(w, axis + 2)
            starts[axis], jumps[axis] = starts[axis] + jump * (taps - 1), -jump
    lasts = [step * (size - 1) + jump * (taps - 1) for size, step, jump, taps in zip(sizes, steps, jumps, w.shape[2:])]
    lengths = [(size - 1) * gap + 1 for size, gap in zip(x.shape[2:], gaps)]
    widths = [(-start, start + last + 1 - length) for start, last, length in zip(starts, lasts, lengths)]
    return jax.lax.conv_general_dilated(x, w, steps, widths, gaps, jumps)
'''
