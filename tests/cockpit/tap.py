"""TAP for tests in Python, and the shell's helpers of tests/lib."""

import contextlib
import os
import subprocess
import sys
import traceback

LIB = os.path.join(os.environ["abs_top_srcdir"], "tests/lib/lib.sh")


def sh(command, *arguments, ok=True):
    """Runs a line of shell; its output. The helpers of lib.sh are known to it."""
    done = subprocess.run(["bash", "-c", '. "$0"; ' + command, LIB, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if ok and done.returncode != 0:
        raise AssertionError("exit %d of: %s\n%s" % (done.returncode, command, done.stdout))
    return done.stdout.strip()


class Tap:
    """Each `with tap.case("what"):` is one test."""

    def __init__(self, browser):
        self.browser = browser
        self.count = self.failed = 0

    @contextlib.contextmanager
    def case(self, what):
        self.count += 1
        try:
            yield
        except Exception:
            self.failed += 1
            self.browser.shot("failed-%d" % self.count)
            print("not ok %d - %s" % (self.count, what))
            print("# " + traceback.format_exc().replace("\n", "\n# "))
        else:
            print("ok %d - %s" % (self.count, what))
        sys.stdout.flush()

    def done(self):
        with self.case("the console has nothing against the page"):
            errors = self.browser.errors()
            assert not errors, "\n".join(errors)
        print("1..%d" % self.count)
        self.browser.quit()
        sys.exit(1 if self.failed else 0)
