"""From trees to sheets and terms: the summation rule, ranges, what is refused."""
