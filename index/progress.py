"""How long work reports that it goes on, without knowing who watches."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext

Step = Callable[[int], None]
"""Called with how many more are done."""

Progress = Callable[[str, int], AbstractContextManager[Step]]
"""Called with what is done and how many there are; the step is valid inside the context."""


def silent(_what: str, _total: int) -> AbstractContextManager[Step]:
    """Watch nothing."""
    return nullcontext(lambda _more: None)


def counted(progress: Progress, what: str) -> Callable[[int, int], None]:
    """Return a callback of (done, total) that shows as one piece of work on `progress`."""
    shown = ExitStack()
    step: list[Step] = []
    before = [0]

    def report(done: int, total: int) -> None:
        if not step:
            step.append(shown.enter_context(progress(what, total)))
        step[0](done - before[0])
        before[0] = done
        if done >= total:
            shown.close()
            step.clear()
            before[0] = 0

    return report
