"""How long it takes from a change at the controls to a new picture, warm.

Run it as `python benchmarks/explore_speed.py [STUDY]`. Each of 20 choices is made for the first
time, so none comes from the cache of what was drawn. The way to the browser and back is not in it.
"""

from __future__ import annotations

import statistics
import sys
import time

from analysis import open_explorer

CHANGES = 20
ALLOWED = 0.3
WARM_UP = 2


def main() -> None:
    """Print the median, and the slowest."""
    started = time.perf_counter()
    explorer = open_explorer(sys.argv[1] if len(sys.argv) > 1 else "")
    opened = time.perf_counter() - started
    names = [value for _, value in explorer.indicator.options if value != explorer.choice.indicator]
    methods = [value for _, value in explorer.method.options]
    changes = [(name, method) for method in methods for name in names][: CHANGES + WARM_UP]
    seconds, busy = [], []
    for name, method in changes:
        before = explorer.seen.value
        started, work = time.perf_counter(), time.process_time()
        explorer.indicator.value = name
        explorer.method.value = method
        seconds.append(time.perf_counter() - started)
        busy.append(time.process_time() - work)
        assert explorer.seen.value != before
    measured = seconds[WARM_UP:]
    median = statistics.median(measured)
    print(f"opened in {opened:.2f} s, with imports of what was not loaded yet")
    print(f"work of the processor for a change: {1000 * statistics.median(busy[WARM_UP:]):.0f} ms")
    print(
        f"a new picture after a change, median of {len(measured)}: {1000 * median:.0f} ms "
        f"(slowest {1000 * max(measured):.0f} ms, allowed {1000 * ALLOWED:.0f} ms)"
    )
    if median > ALLOWED:
        sys.exit("too slow")


if __name__ == "__main__":
    main()
