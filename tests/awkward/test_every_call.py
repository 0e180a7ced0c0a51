"""The calls whose answer was not clear are each tried again, by the file of their topic."""

import csv
import importlib
from pathlib import Path

HERE = Path(__file__).parent
ALLOWED = 5  # calls of which we could not make sure


def test_every_call_is_tried():
    with (HERE / "calls.csv").open(encoding="utf-8", newline="") as file:
        wanted = {row["case"]: row for row in csv.DictReader(file)}
    tried = set()
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(f"awkward.{path.stem}")
        for row in (*getattr(module, "REFUSED", ()), *getattr(module, "DOCUMENTED", ())):
            assert row[0] in wanted or row[0] == "new", f"{path.name}: no case {row[0]}"
            tried.add(row[0])
    missing = sorted(set(wanted) - tried)
    shown = [f"{case} {wanted[case]['function']}: {wanted[case]['input']}" for case in missing]
    assert len(missing) <= ALLOWED, f"{len(missing)} calls are not tried: " + "; ".join(shown[:20])
