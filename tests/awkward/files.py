"""Small files for awkward calls of the readers."""

import tempfile
from pathlib import Path

_FOLDER = tempfile.TemporaryDirectory(prefix="awkward")  # gone with the run


def file(name, content, encoding="utf-8"):
    """Write a file, text or bytes, into a folder of this run and return its path."""
    path = Path(_FOLDER.name) / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path
