"""``python -m tests.bench [--quick] [--only Q3,Q4]``: measure, print one JSON object, exit 1 when one is missed."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from tests.bench.figures import Figure, machine
from tests.bench.g3 import g3
from tests.bench.q1_q2 import q1_and_q2
from tests.bench.q3_q4 import q3, q4
from tests.bench.q5 import q5
from tests.bench.q6 import q6
from tests.bench.q7 import q7
from tests.bench.town import FULL, QUICK, make_town

RULES = ("Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "G3")


def main() -> int:
    """Measure what was asked for; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small town and few rounds: to see that it runs")
    parser.add_argument("--only", default=",".join(RULES), help="the rules to measure, for instance Q3,Q4")
    options = parser.parse_args()
    wanted = {rule.strip().upper() for rule in options.only.split(",")}
    if not wanted or wanted - set(RULES):
        parser.error(f"--only takes some of {', '.join(RULES)}")
    size, measured_on = QUICK if options.quick else FULL, machine()
    with tempfile.TemporaryDirectory(prefix="skranke-bench-") as folder:
        scratch = Path(folder)
        start = time.monotonic()
        make_town(scratch / "home", size)
        made = time.monotonic() - start
        figures = [figure for figure in measure(scratch, wanted, quick=options.quick) if figure.about in wanted]
    passed = not any(figure.missed for figure in figures)
    told = {
        "machine": measured_on,
        "town": {**asdict(size), "made_in_seconds": round(made, 1)},
        "quick": options.quick,
        "figures": {
            rule: [figure.as_json() for figure in figures if figure.about == rule] for rule in RULES if rule in wanted
        },
        "passed": passed,
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return 0 if passed else 1


def measure(scratch: Path, wanted: set[str], *, quick: bool) -> list[Figure]:
    """Measure rule by rule, the commands first while nothing else runs."""
    home, figures = scratch / "home", []
    if "Q3" in wanted:
        figures += _told("Q3", q3(home, scratch, 60 if quick else 500))
    if "Q4" in wanted:
        figures += _told("Q4", q4(home, scratch, 60 if quick else 300))
    if "Q6" in wanted:
        figures += _told("Q6", q6(home, 40 if quick else 300))
    if "Q7" in wanted:
        figures += _told("Q7", q7(home, scratch, 4_000 if quick else 100_000, 40 if quick else 200))
    if "G3" in wanted:
        figures += _told("G3", g3(home, scratch, 40 if quick else 200))
    if wanted & {"Q1", "Q2"}:
        figures += _told("Q1, Q2", q1_and_q2(home, 60 if quick else 200))
    if "Q5" in wanted:
        figures += _told("Q5", q5(home, scratch, 300 if quick else 10_000))
    return figures


def _told(rules: str, figures: list[Figure]) -> list[Figure]:
    sys.stderr.write(f"{rules} measured\n")
    return figures


if __name__ == "__main__":
    sys.exit(main())
