"""Print recipes by tables: edits told and needed, seconds, stops, what is said without an edit.

``python -m tests.recipes [recipe …]`` runs on the real tables (`CLUSTERLAB_REALDATA`, or the folder
beside the checkout).
"""

import os
import sys
import tempfile
from pathlib import Path

from tests.recipes import running, test_official_files, test_panels, test_tables
from tests.recipes.tables_tried import LACKING, main

data = os.environ.get("CLUSTERLAB_REALDATA", Path(__file__).parents[3] / "shared" / "data")
with tempfile.TemporaryDirectory() as place:
    folder = Path(place)
    cases = [each.placed(data=data, here=folder) for each in test_tables.CASES + test_panels.CASES]
    cases += [
        test_official_files.real(table, Path(data), folder)[0] for table in test_official_files.REAL
    ]
    wanted = sys.argv[1:] or {path.stem for path in running.FOLDER.glob("*.ipynb")}
    main([case for case in cases if case.recipe in wanted], folder)
    for recipe, why in LACKING.items():
        print(f"{recipe}: {why}.")
