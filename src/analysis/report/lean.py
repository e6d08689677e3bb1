"""The notebook libraries, imported without a part that no report needs and that takes a second.

`jsonschema`, below `nbformat`, looks for `rfc3987_syntax` to check addresses by their grammar.
JupyterLab brings it along; building that grammar takes longer than all other imports together.
"""

from __future__ import annotations

import sys

_UNUSED = "rfc3987_syntax"
_is_known = _UNUSED in sys.modules
if not _is_known:
    sys.modules[_UNUSED] = None  # type: ignore[assignment]  # importing it is an ImportError
try:
    import nbconvert.exporters
    import nbformat
    import papermill
finally:
    if not _is_known:
        del sys.modules[_UNUSED]

__all__ = ["nbconvert", "nbformat", "papermill"]
