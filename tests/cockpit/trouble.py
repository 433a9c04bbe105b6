"""What goes wrong is a sentence in the page that says what to do, and nothing that was typed is lost."""

import os

import pictures
from browser import Browser
from tap import Tap, sh

PASSWORD = "correct horse"
PROGRAM = "/usr/sbin/tokenadm"

page = Browser()
tap = Tap(page)


def become(script):
    """Puts a script in the place of tokenadm; $real is the real one."""
    with open(PROGRAM + ".new", "w", encoding="utf-8") as file:
        file.write("#!/bin/bash\nreal=%s.real\n%s\n" % (PROGRAM, script))
    os.chmod(PROGRAM + ".new", 0o755)
    os.replace(PROGRAM + ".new", PROGRAM)


def look():
    page.alone("#/mine")


def issue_until_review(name):
    page.press("Issue token", "main")
    page.type("dialog [data-field=name] input", name)
    page.press("Next", "dialog")
    page.click("dialog input[value=sshd]")
    page.press("Next", "dialog")
    page.type("dialog [data-field=password] input", PASSWORD)


def discard():
    page.press("Cancel", "dialog")
    page.press("Discard")
    page.gone("dialog")


sh("tokenadm issue --user alice --name backup --service sshd --scope read,write >/dev/null")
os.rename(PROGRAM, PROGRAM + ".real")
become('exec "$real" "$@"')

page.log_in("alice", PASSWORD)
look()
page.shows("backup")

with tap.case("a door that ends while the page is open: what was there stays to be seen"):
    sh('kill "$(cat /run/door.pid)"; wait_for not test -e /run/apitoken-door/socket')
    page.shows("systemctl enable --now apitoken-door")
    assert "backup" in page.text()

with tap.case("no door from the beginning: who starts it, and how"):
    look()
    page.shows("systemctl enable --now apitoken-door")
    page.shot("no-door")

with tap.case("started, and tried again"):
    sh('tokenadm door >/dev/null 2>&1 & echo "$!" >/run/door.pid; wait_for test -S /run/apitoken-door/socket')
    page.press("Try again")
    page.shows("backup")

with tap.case("no tokenadm: how to install it"):
    os.rename(PROGRAM, PROGRAM + ".away")
    look()
    page.shows("apt install tokenadm")
    os.rename(PROGRAM + ".away", PROGRAM)

with tap.case("an old one: the list is there, and is read again by hand"):
    become('case " $* " in *" --follow "*) echo "tokenadm: --follow: no such option" >&2; exit 2 ;; *" offer "*)'
           ' echo "tokenadm: no command \\`offer\\`" >&2; exit 2 ;; esac\nexec "$real" "$@"')
    look()
    page.shows("older than this page")
    page.shows("backup")
    sh(PROGRAM + ".real issue --user alice --name later --service sshd --scope read,write >/dev/null")
    page.press("Reload the list")
    page.shows("later")

with tap.case("which offers no services: they are typed"):
    page.press("Issue token", "main")
    page.type("dialog [data-field=name] input", "typed")
    page.press("Next", "dialog")
    page.type("dialog [data-field=service] input[type=text]", "sshd")
    page.press("Next", "dialog")
    page.type("dialog [data-field=password] input", PASSWORD)
    page.press("Issue", "dialog")
    page.find("dialog code.token")
    page.press("Done", "dialog")
    page.press("Close all the same")
    page.shows("typed")

with tap.case("one that fails: its own sentence"):
    become('echo "tokenadm: <b>the disk</b> is on fire; call 112" >&2; exit 1')
    look()
    page.shows("<b>the disk</b> is on fire; call 112")

with tap.case("one that fails without a word, and one that is killed"):
    become("exit 3")
    look()
    page.shows("without a word")
    become("kill -9 $$")
    look()
    page.find(".alert-danger")

RUBBISH = ("echo '<b>hello</b>'", "echo '{\"event\": \"token\", \"token\": {\"id\": 7}}'", "echo '[1, null]'",
           "head -c 100000 /dev/urandom", "echo '{\"event\": \"token\", \"token\": {}}'")

for rubbish in RUBBISH:
    with tap.case("one that prints rubbish: " + rubbish[:40]):
        become(rubbish + "; sleep 1000")
        look()
        page.shows("something that this page does not understand")
        assert not page.run("return document.querySelector('main b')")

with tap.case("one that hangs: the page says that it waits"):
    become("exec sleep 1000")
    look()
    page.wait(lambda: page.run("return getComputedStyle(document.querySelector('.slow')).visibility") == "visible", "a word")
    page.shows("has not answered yet")

with tap.case("one that hangs when a token is issued: it can be stopped, and what was typed is kept"):
    become('case $1 in issue) echo $$ >/tmp/slow.pid; exec sleep 1001 ;; esac\nexec "$real" "$@"')
    look()
    page.shows("backup")
    issue_until_review("slow")
    page.press("Issue", "dialog")
    page.shows("another command may hold the tokens")
    page.press("Cancel", "dialog")
    page.shows("Stopped.")
    sh('wait_for not test -d "/proc/$(cat /tmp/slow.pid)"')
    page.press("Back", "dialog")
    page.press("Back", "dialog")
    assert page.value("dialog [data-field=name] input") == "slow"
    discard()

with tap.case("one that fails when a token is issued: likewise"):
    become('case $1 in issue) echo \'{"field": null, "code": "no_space", "message": "no room"}\'; exit 1 ;; esac\nexec "$real" "$@"')
    issue_until_review("full")
    page.press("Issue", "dialog")
    page.shows("The disk is full.")
    page.shows("no room")
    discard()

with tap.case("one whose answer Cockpit has lost, but for what is for people: it is asked again"):
    become('case $1 in issue) [ ! -e /tmp/asked ] || echo \'{"field": "name", "code": "no_space", "message": "no room"}\'; '
           'touch /tmp/asked; echo "tokenadm: no room" >&2; exit 1 ;; esac\nexec "$real" "$@"')
    issue_until_review("lost")
    page.press("Issue", "dialog")
    page.shows("The disk is full.")
    discard()

with tap.case("one that does not read the password, and whose end Cockpit does not see: not taken for success"):
    become('case $1 in edit) exec 0<&-; sleep 1; exit 1 ;; esac\nexec "$real" "$@"')
    page.press("backup", "tbody")
    page.press("Edit", "main")
    page.choose("dialog [data-field=expires] select", "7d")
    page.press("Save", "dialog")
    page.type("dialog [data-field=password] input", PASSWORD)
    page.press("Save", "dialog")
    page.shows("without a word")
    assert page.is_there("dialog [data-field=password]")
    discard()
    become('exec "$real" "$@"')
    page.press("My tokens", "main nav")

WHY = {
    "drawing.svg": "An SVG has to be exported as PNG", "lying.png": "whatever its name says", "animal.png": "whatever its name says",
    "bomb.png": "30000 × 30000 points", "cut.png": "cannot be read as a picture", "head.png": "cannot be read as a picture",
    "empty.png": "is no PNG, JPEG or WebP picture", "huge.jpg": "is larger than 24 MB",
}

page.press("Issue token", "main")
page.type("dialog [data-field=name] input", "with a logo")

for picture, why in WHY.items():
    with tap.case("no logo: " + picture):
        page.find("dialog input[type=file]").send_keys(pictures.path(picture))
        # Of this picture: the one before may have been refused with the same words.
        page.wait(lambda texts=(picture, why): all(text in page.read("dialog [data-field=logo] .field-error") for text in texts), why)
        assert page.value("dialog [data-field=name] input") == "with a logo"

with tap.case("and then a good one"):
    page.find("dialog input[type=file]").send_keys(pictures.path("good.png"))
    page.find("dialog [data-field=logo] img")
    assert page.read("dialog [data-field=logo]").count("cannot be read") == 0
    page.shot("bad-logo")

with tap.case("a session that ends in the wizard: what was typed is there again after the next login"):
    page.press("Next", "dialog")
    page.click("dialog input[value=sshd]")
    page.type("dialog [data-field=from] input", "192.0.2.0/24")
    page.press("Next", "dialog")
    sh("kill $(pgrep -u alice cockpit-bridge)")
    page.type("dialog [data-field=password] input", PASSWORD)
    page.press("Issue", "dialog")
    page.shows("Your session has ended.")
    page.log_in("alice", PASSWORD)
    page.enter()
    page.find("dialog [data-field=password]")
    for text in ("with a logo", "192.0.2.0/24", "sshd"):
        page.shows(text)
    page.find("dialog .terms img")
    page.type("dialog [data-field=password] input", PASSWORD)
    page.press("Issue", "dialog")
    page.find("dialog code.token")

with tap.case("who may not become administrator is told so"):
    page.press("Done", "dialog")
    page.press("Close all the same")
    page.gone("dialog")
    page.click("a[href='#/all']")
    page.press("Turn on administrative access")
    page.type("dialog input[type=password]", PASSWORD)
    page.press("Authenticate", "dialog")
    page.find("dialog .alert-danger")
    print("# " + page.read("dialog .alert-danger"))
    page.press("Cancel", "dialog")
    page.gone("dialog")

tap.done()
