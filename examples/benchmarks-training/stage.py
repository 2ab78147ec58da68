"""One command, one table: a distillation stage from end to end, this library and the PyTorch recipes; the sides take turns, medians.

Usage: stage.py PYTHON-WITH-TORCH [ROUNDS [IMAGES EPOCHS]]   after   mvn -q package
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
images, epochs = sys.argv[3:5] if len(sys.argv) > 4 else ("4138", "10")
classpath = os.environ.get("CLASSPATH") or f"{here}/target/classes:" + (here / "target/classpath").read_text().strip()
seconds = collections.defaultdict(lambda: collections.defaultdict(list))

for _ in range(rounds):
    for threads in ("1", "2"):
        environment = dict(os.environ, OMP_NUM_THREADS=threads)
        script = [torch, str(here / "torch_stage.py")]
        for side, command in {
            "horkd": ["java", "-Xmx2g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classpath, "io.github.horkd.examples.benchmarkstraining.StageSpeed", images, epochs],
            "cached": script + ["cached", images, epochs, threads],
            "cached, channels last": script + ["cached", images, epochs, threads, "channels_last"],
            "teacher in every step": script + ["every", images, epochs, threads],
            "teacher in every step, channels last": script + ["every", images, epochs, threads, "channels_last"],
        }.items():
            text = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
            for line in text.splitlines():
                if line.startswith(("horkd ", "torch ", "first ")):
                    seconds[threads][side + ", first" * line.startswith("first ")].append(float(line.split()[-2]))

print(f"{images} images, {epochs} epochs, {rounds} rounds: seconds, median (fastest)\n")
print("| threads | horkd, first stage of a process | horkd, third | PyTorch, cached | third / cached | PyTorch, teacher in every step | third / every |\n|---|---|---|---|---|---|---|")
for threads, sides in sorted(seconds.items()):
    median = {side: statistics.median(values) for side, values in sides.items()}
    cell = {side: f"{median[side]:.1f} ({min(values):.1f})" for side, values in sides.items()}
    best = {mode: min((s for s in sides if s.startswith(mode)), key=median.get) for mode in ("cached", "teacher")}
    print(f"| {threads} | {cell['horkd, first']} | {cell['horkd']} | {cell[best['cached']]} | {median[best['cached']] / median['horkd']:.2f} | "
          f"{cell[best['teacher']]} | {median[best['teacher']] / median['horkd']:.2f} |")
