"""Keeps glibc's allocator warm for the PyTorch side of a comparison.

As it comes, glibc maps every large array anew and hands it back when it is freed, so a script that makes large arrays in a loop spends its time in page faults:
on some machines nine tenths of it. With the settings below freed memory stays with the process. They are read when a process starts, hence a process of its own.
"""
import os
import subprocess
import sys

WARM = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "99999999999", "MALLOC_TOP_PAD_": "1073741824"}
MEASURING = "HORKD_ALLOCATOR"


def keep_warm():
    """Starts the script anew with a warm allocator, unless it has one."""
    if not WARM.items() <= os.environ.items():
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **WARM})


def both():
    """What the script prints with the allocator as it comes and with a warm one, a list of lines of words each; None in the two processes that print it.

    Both are shown on stderr, so that whoever prints the better figure hides nothing.
    """
    if MEASURING in os.environ:
        return None
    cold = {name: value for name, value in os.environ.items() if name not in WARM}
    outputs = []
    for how, settings in (("as it comes", {}), ("warm", WARM)):
        environment = {**cold, **settings, MEASURING: how}
        text = subprocess.run([sys.executable, *sys.argv], env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
        outputs.append([line.split() for line in text.splitlines()])
        for line in outputs[-1]:
            print(f"allocator {how}:", *line, file=sys.stderr, flush=True)
    return outputs
