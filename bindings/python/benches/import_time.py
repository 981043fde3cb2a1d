"""What `import flowseal` costs over a bare interpreter.

    target/python/venv/bin/python bindings/python/benches/import_time.py [RUNS]

A bare interpreter and one that imports are started in turn, and the medians are compared. Importing waits
for nothing, so the processor's time is what a machine that does nothing else would take; what passes on
the wall is beside it.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time


def main(runs: int) -> None:
    pairs = [(cost("pass"), cost("import flowseal")) for _ in range(runs)]
    for place, name in enumerate(("processor", "wall")):
        bare = statistics.median(bare[place] for bare, _ in pairs)
        importing = statistics.median(importing[place] for _, importing in pairs)
        over = f"{importing - bare:.1f} ms over a bare interpreter"
        print(f"{name:9} bare {bare:5.1f} ms, importing {importing:5.1f} ms: {over}")


def cost(program: str) -> tuple[float, float]:
    """Milliseconds of the processor, and on the wall."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    # Isolated: the environment's own start-up files are nobody's import.
    subprocess.run([sys.executable, "-I", "-c", program], check=True)
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1000 * busy, 1000 * (end - start)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 41)
