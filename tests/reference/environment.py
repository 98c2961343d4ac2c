"""Makes a virtual environment once: environment.py requirements.txt build/venv

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import fcntl
import hashlib
import pathlib
import subprocess
import sys


def is_ready(python, stamp, wanted):
    """Whether the environment holds the wanted requirements and its interpreter still starts."""
    if not stamp.exists() or stamp.read_text() != wanted or not python.exists():
        return False
    return subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


def main(requirements, folder):
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    python, stamp = folder / "bin" / "python", folder / "requirements.sha256"
    folder.parent.mkdir(parents=True, exist_ok=True)

    # Several builds may want the environment at the same moment: the first makes it.
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_ready(python, stamp, wanted):
            return
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "--requirement", requirements], check=True)
        stamp.write_text(wanted)


if __name__ == "__main__":
    try:
        main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"The environment of the reference tests could not be made: {error}")
