"""The cloud on one machine: MiniStack, the template that goes to AWS, and a front server for the page."""

import sys
from pathlib import Path

# `build_support` is there.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "infra"))
