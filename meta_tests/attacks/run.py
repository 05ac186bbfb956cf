"""Grade the corpus of attacks among honest students, and print what the attackers got: nothing.

Run as `make attack`, or `python meta_tests/attacks/run.py --level B --only network/`.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # see numgrade.cli
    from meta_tests.attacks.harness import main

    sys.exit(main())
