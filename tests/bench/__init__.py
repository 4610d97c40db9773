"""The figures Q1–Q5, measured: ``python -m tests.bench``. Comparisons are made in the same run."""
