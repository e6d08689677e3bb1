"""Lets tests import what they share: the modules of this folder that are not tests themselves."""

import sys
from pathlib import Path

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.append(HERE)
