"""Whether anybody can be asked for advisories: `python deploy/advisories.py ADDRESS`.

For `make audit`: exit status 0 where somebody answers; else 1, and a sentence that says so.
"""

from __future__ import annotations

import json
import sys
from urllib.request import Request, urlopen

TIMEOUT_S = 10


def main(address: str) -> str | None:
    """Ask for a package that has no advisory; return what went wrong, or None."""
    asked = {"package": {"ecosystem": "PyPI", "name": "isnad"}, "version": "0"}
    headers = {"content-type": "application/json"}
    request = Request(address, json.dumps(asked).encode(), headers)  # noqa: S310  the operator's
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            json.load(answer)
    except (OSError, ValueError) as error:  # no network, a refusal, or somebody else's page
        return f"not audited: {address} cannot be asked for advisories ({error})"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
