"""Write environment.yml, for conda and Binder, from requirements.lock.

Run it as `python tools/make_environment.py`.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PYTHON = "3.12"

HEADER = f"""\
# The environment for conda and Binder users:
#
#     conda env create -f environment.yml
#     conda activate thb-survey-report
#
# Generated from requirements.lock by `make lock`; do not edit. conda brings Python and pip, and pip
# installs the versions of the lock file, without its hashes: pip cannot install a folder (-e .)
# beside hashed requirements. The pip section was tested with pip on Python {PYTHON};
# conda itself was not run by the maintainers.
name: thb-survey-report
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python={PYTHON}
  - pip
  - pip:
"""


def pins(lock: str) -> list[str]:
    """Every ``name==version ; marker`` of a lock file, in its order."""
    return re.findall(r"^([^\s#]\S*==.+?) \\$", lock, flags=re.MULTILINE)


def environment(lock: str) -> str:
    """The text of environment.yml for the text of a lock file."""
    return HEADER + "".join(f"      - {pin}\n" for pin in [*pins(lock), "-e ."])


if __name__ == "__main__":
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    (ROOT / "environment.yml").write_text(environment(lock), encoding="utf-8", newline="\n")
