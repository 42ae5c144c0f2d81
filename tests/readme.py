"""Checks that what the documentation tells people to type is there: commands, their flags, and JSON blocks.

usage: python3 tests/readme.py BINARY FILE...
"""

import json
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

BLOCK = re.compile(r"^```json\n(.*?)^```", re.M | re.S)
INDENTED = re.compile(r"^ {4}(?:claude mcp add plainchart -- )?(plainchart .*)$", re.M)
INLINE = re.compile(r"`(plainchart [^`]+)`")
GLOBAL = ("--home", "--person", "--today")


@cache
def help_of(binary: str, *command: str) -> str:
    done = subprocess.run([binary, *command, "--help"], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def faults_of(binary: str, typed: str) -> list[str]:
    """What is wrong with one command line."""
    words = [word for word in shlex.split(typed.replace("\n", " "), comments=True)[1:] if word != "…"]
    flags = [word for word in words if word.startswith("--")]
    values = {words[place + 1] for place, word in enumerate(words[:-1]) if word.startswith("--")}
    command = [word for word in words if not word.startswith("-") and word not in values][:2]
    if not command:
        command = []
    elif not help_of(binary, command[0]):
        return [f"`{typed}`: there is no command {command[0]}"]
    # The second word is a command of its own (`keys rotate`), or what the first is about.
    has_own = len(command) == 2 and f"  {command[1]} " in help_of(binary, command[0])
    known = help_of(binary, *(command if has_own else command[:1])) + help_of(binary)
    return [f"`{typed}`: there is no {flag}" for flag in flags if flag not in known and flag not in GLOBAL]


def main() -> int:
    binary, *files = sys.argv[1:]
    faults, count = [], 0
    for file in files:
        text = Path(file).read_text()
        for block in BLOCK.findall(text):
            json.loads(block)
        typed = INDENTED.findall(text) + INLINE.findall(text)
        count += len(typed)
        faults += [f"{file}: {fault}" for line in typed for fault in faults_of(binary, line)]
    print("\n".join(faults) or f"{count} commands of the documentation are there")
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
