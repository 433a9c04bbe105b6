"""What the suites of this directory say: TAP."""
import itertools
import re
import sys
import time
import traceback

count = itertools.count(1)


def check(name, is_so, said=''):
    print(f'{"ok" if is_so else "not ok"} {next(count)} - {name}', flush=True)
    if not is_so:
        print('# got: ' + str(said).replace('\n', '\n# '), flush=True)


def says(name, got, meant):
    check(name, re.search(meant, got), f'{got!r}, meant {meant!r}')


def until(condition, patience=90):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def run_parts(parts, *arguments):
    """Those that are named on the command line, or all; then the plan."""
    meant = sys.argv[3:]
    for part in parts:
        if meant and part.__name__ not in meant:
            continue
        print(f'# {part.__name__}', flush=True)
        try:
            part(*arguments)
        except Exception:  # the next part may tell more
            check(f'{part.__name__} ran to its end', False, traceback.format_exc())
    print(f'1..{next(count) - 1}')
