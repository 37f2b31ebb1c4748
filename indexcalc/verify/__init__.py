"""Numbers: samples, the reference evaluator, and the witnesses that a result is compared with."""
