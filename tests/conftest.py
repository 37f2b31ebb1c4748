"""What all tests share: random cases that are the same in every run."""

from hypothesis import HealthCheck, settings

# No deadline: no test is timed. Derandomised: a run that fails can be repeated, and CI says the same each time.
settings.register_profile("indexcalc", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("indexcalc")
