"""What `import flowseal` costs over a bare interpreter.

    target/python/venv/bin/python bindings/python/benches/import_time.py [RUNS]

A bare interpreter and one that imports are started in turn; the medians are compared, so that whatever
else the machine does falls on both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time


def main(runs: int) -> None:
    bare, importing = [], []
    for _ in range(runs):
        bare.append(seconds("pass"))
        importing.append(seconds("import flowseal"))
    over = statistics.median(importing) - statistics.median(bare)
    print(f"bare {milliseconds(bare)}, with flowseal {milliseconds(importing)}: {1000 * over:.1f} ms")


def seconds(program: str) -> float:
    # Isolated: the environment's own start-up files are nobody's import.
    start = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", program], check=True)
    return time.perf_counter() - start


def milliseconds(times: list[float]) -> str:
    return f"{1000 * statistics.median(times):.1f} ms"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 41)
