"""One command, one table: DL4J as it comes, DL4J accelerated, PyTorch; alternating runs, medians.

Usage: compare.py PYTHON-WITH-TORCH [ROUNDS [SECONDS [WARM-UP]]]   after   mvn -q package
"""
import collections
import os
import pathlib
import statistics
import subprocess
import sys

here = pathlib.Path(__file__).parent
torch = sys.argv[1]
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
seconds = sys.argv[3] if len(sys.argv) > 3 else "8"
warm_up = sys.argv[4] if len(sys.argv) > 4 else "30"
shapes = ["1x16", "3x32"]
classpath = os.environ.get("CLASSPATH") or f"{here}/target/classes:" + (here / "target/classpath").read_text().strip()
rates = collections.defaultdict(lambda: collections.defaultdict(list))

for _ in range(rounds):
    for threads in (1, 2):
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
        java = ["java", "-Xmx3g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classpath, "io.github.horkd.examples.benchmarkstraining.TrainingSpeed"]
        for command in (java + ["plain", warm_up, seconds] + shapes, java + ["fast", warm_up, seconds] + shapes,
                        [torch, str(here / "torch_speed.py"), warm_up, seconds, str(threads)] + shapes):
            text = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
            for line in text.splitlines():
                words = line.split()
                if words and words[0] in ("plain", "fast", "torch"):
                    who, what, shape, batch, count, median, best = words
                    rates[what, shape, int(batch), int(count)][who].append((float(median), float(best)))

print("| images/s, median (best) | threads | DL4J as it comes | accelerated | PyTorch | accelerated / PyTorch |\n|---|---|---|---|---|---|")
for (what, shape, batch, count), sides in sorted(rates.items()):
    cell, value = {}, {}
    for who, pairs in sides.items():
        value[who] = statistics.median(m for m, _ in pairs)
        cell[who] = f"{value[who]:.0f} ({max(b for _, b in pairs):.0f})"
    print(f"| {what} {shape} B={batch} | {count} | {cell['plain']} | {cell['fast']} | {cell['torch']} | {value['fast'] / value['torch']:.2f} |")
