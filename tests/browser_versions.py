"""Every notebook with the versions that a browser's Python has, without a browser.

``python tests/browser_versions.py [notebook …]``, by default all. What fails in a browser because a
package is older there fails here, in a tenth of the time and without Pyodide: the versions are those
that ``site/lite.py`` names. They are installed once, into ``build/browser_versions``.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "site"))

import lite  # noqa: E402

FOLDER = ROOT / "notebooks"
PLACE = ROOT / "build" / "browser_versions"
#: Run in that Python: the cells of each notebook one after the other, in a copy of its folder.
RUN = """
import json, os, shutil, sys, tempfile, time, traceback
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

shell, failed = InteractiveShell.instance(), False
for name in sys.argv[1:]:
    book = json.loads(Path(name).read_text(encoding="utf-8"))
    shell.reset()
    start, error = time.perf_counter(), None
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nowhere:
        shutil.copytree(Path(name).parent, folder, dirs_exist_ok=True)
        os.chdir(folder)
        kept, sys.stdout = sys.stdout, nowhere
        for cell in book["cells"]:
            if cell["cell_type"] == "code" and not error:
                ran = shell.run_cell("".join(cell["source"]))
                error = ran.error_in_exec or ran.error_before_exec
        sys.stdout = kept
        os.chdir("/")
    failed |= bool(error)
    said = f"{type(error).__name__}: {error}" if error else ""
    if error:
        said += f" ({traceback.extract_tb(error.__traceback__)[-1].line})"
    print(f"{'/'.join(Path(name).parts[-2:]):58} {time.perf_counter() - start:6.1f} s", said, flush=True)
sys.exit(failed)
"""


def made() -> Path:
    """Return the Python with those versions, installed where it is not there yet."""
    python, done = PLACE / "bin" / "python", PLACE / "made"
    if not done.exists():
        served = lite.needed("clusterlab")
        pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        pins = [pin for pin in pins if pin.split("==")[0] in served]
        pins += [f"{name}=={version}" for name, version in lite.BROUGHT.items()]
        file = PLACE / "pins.txt"
        new = ["uv", "venv", "--quiet", "--clear", f"--python={sys.executable}", PLACE]
        subprocess.run(new, check=True)
        file.write_text("\n".join(pins), encoding="utf-8")
        into = ["uv", "pip", "install", "--quiet", f"--python={python}", f"--constraint={file}"]
        subprocess.run([*into, f"--editable={ROOT}"], check=True)
        done.touch()
    return python


def main(names: list[str]) -> int:
    """Run notebooks; return 1 where a cell of one failed."""
    files = [FOLDER / name for name in names] or sorted(FOLDER.rglob("*.ipynb"))
    command = [made(), "-W", "ignore", "-c", RUN, *files]
    return subprocess.run(command, env={"MPLBACKEND": "agg", "PATH": ""}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
