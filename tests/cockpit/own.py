"""alice's own tokens; bob may have none."""

import re
import subprocess

import pictures
from browser import Browser, Keys
from tap import Tap, sh

PASSWORD = "correct horse"
TOKEN = re.compile(r"atk_[0-9a-z]{10}_[0-9A-Za-z]{49}")

page = Browser()
tap = Tap(page)


def field(name):
    return "dialog [data-field='%s']" % name


def error_of(name, text):
    """Beside its field, and nothing else is said to be wrong."""
    page.wait(lambda: text in page.read(field(name) + " .field-error"), "%s beside %s" % (text, name))


def shown():
    return page.read("dialog code.token")


def row(name):
    return page.wait(lambda: page.run(
        "return [...document.querySelectorAll('tbody tr')].find(row => row.querySelector('bdi').textContent === arguments[0])",
        name), "row " + name)


def row_shows(name, text):
    page.wait(lambda: text in row(name).text, "%s in the row of %s" % (text, name))


def picture(name):
    """Of the frame alone it would be the shell's, too: from its outside."""
    page.shell()
    page.shot(name)
    page.enter()


def confirm(name):
    page.type(field("password") + " input", PASSWORD)
    page.press(name, "dialog")


with tap.case("a wrong password opens nothing"):
    assert "Wrong user name or password" in page.log_in_fails("alice", "wrong horse")

with tap.case("who has no token is told what one is"):
    page.log_in("alice", PASSWORD)
    page.enter()
    page.shows("You have no tokens yet")
    page.shows("A token is a password for one program")

with tap.case("the wizard asks for a name"):
    page.press("Issue token", "main")
    page.press("Next", "dialog")
    error_of("name", "This is needed")

with tap.case("a picture becomes a logo"):
    page.type(field("name") + " input", "backup")
    page.type(field("description") + " input", "home directories, to the vault")
    page.find(field("logo") + " input[type=file]").send_keys(pictures.path("photo.png"))
    page.find(field("logo") + " img")
    picture("wizard-general")

with tap.case("services that take tokens are offered, and only these"):
    page.press("Next", "dialog")
    page.find(field("service"))
    offered = page.run("return [...document.querySelectorAll('dialog input[name=service]')].map(one => one.value).join()")
    assert offered == sh(
        "setpriv --reuid alice --regid alice --clear-groups tokenadm offer --json | jq -r '[.services[].name] | join(\",\")'") and "sshd" in offered, offered

with tap.case("one has to be chosen"):
    page.press("Next", "dialog")
    error_of("service", "at least one")

with tap.case("a preset fills in what it says"):
    page.choose(field("preset") + " select", "nightly")
    page.wait(lambda: page.find("dialog input[value=sshd]").is_selected(), "sshd is ticked")
    assert page.read(field("service") + " .field-control").count("at least one") == 0
    picture("wizard-access")

with tap.case("an address that is none is refused beside its field, in its step"):
    page.type(field("from") + " input", "127.0.0.1, here")
    page.press("Next", "dialog")
    page.find(field("password"))
    confirm("Issue")
    error_of("from", "here")
    assert page.value(field("from") + " input") == "127.0.0.1, here"

with tap.case("Review says it all"):
    page.type(field("from") + " input", "127.0.0.0/8")
    page.press("Next", "dialog")
    for text in ("backup", "home directories, to the vault", "alice", "sshd", "may read and change files", "127.0.0.0/8",
                 "in 30 days", "nightly"):
        page.shows(text)
    picture("wizard-review")

with tap.case("a wrong password is refused beside its field"):
    page.type(field("password") + " input", "wrong horse")
    page.press("Issue", "dialog")
    error_of("password", "not accepted")

with tap.case("the right one issues it, and it is shown"):
    confirm("Issue")
    token = shown()
    assert TOKEN.fullmatch(token), token
    picture("token")

with tap.case("with the commands to paste"):
    page.shows("How to use it: sshd")
    page.shows("export SSH_ASKPASS=~/.askpass")

with tap.case("it is covered when another page is looked at, and shown when that is wanted"):
    page.shell()
    page.click("a[href='/system/terminal']")
    page.wait(lambda: page.is_there("iframe[name='cockpit1:localhost/system/terminal']"), "the terminal")
    page.click("a[href='/apitoken']")
    page.enter()
    page.shows("Covered")
    assert token not in page.run("return document.documentElement.outerHTML")
    page.press("Show the token")
    assert shown() == token

with tap.case("who has not copied it is asked before it goes"):
    page.press("Done", "dialog")
    page.shows("You have not copied the token")
    page.press("Go back")
    assert shown() == token

with tap.case("it is copied without https, too"):
    page.press("Copy the token")
    page.shows("Copied")
    page.press("Done", "dialog")
    page.gone("dialog")
    page.find("input[type=search]").send_keys(Keys.CONTROL, "v")
    page.wait(lambda: page.value("input[type=search]") == token, "the token in the search")
    page.type("input[type=search]", "b" + Keys.BACKSPACE)

with tap.case("nothing of it is left in the document"):
    assert token[15:] not in page.run("return document.documentElement.outerHTML + JSON.stringify({...sessionStorage, ...localStorage})")

with tap.case("it is in the list by itself"):
    row_shows("backup", "Active")
    row_shows("backup", "sshd")

with tap.case("with its logo"):
    page.wait(lambda: page.run("const i = document.querySelector('tbody img'); return i && i.naturalWidth"), "the logo in the list")
    picture("list-mine")

with tap.case("it logs in by ssh"):
    # sshd ends the session after the client has gone.
    sh("lets_in password alice \"$1\" && wait_for lives 0", token)

with tap.case("its use is in the list by itself"):
    row_shows("backup", "minute")

with tap.case("the details know how it came"):
    page.press("backup", "tbody")
    for text in ("History", "Issued", "127.0.0.0/8", "at sshd", "from 127.0.0.1", "None is open."):
        page.shows(text)

session = subprocess.Popen(["bash", "-c", '. "$abs_top_srcdir/tests/lib/lib.sh"; ssh_as password alice "$1" "sleep 1000"', "x", token],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

with tap.case("and its sessions"):
    sh("wait_for lives 1")
    page.driver.refresh()
    page.enter()
    page.button("End")
    picture("details")

with tap.case("a description is changed without a password"):
    page.press("Edit", "main")
    page.type(field("description") + " input", "for the tape")
    page.press("Save", "dialog")
    page.gone("dialog")
    page.shows("for the tape")
    page.shows("Edited")

with tap.case("an expiry with it"):
    page.press("Edit", "main")
    page.choose(field("expires") + " select", "7d")
    page.press("Save", "dialog")
    error_of("password", "Enter the password")
    confirm("Save")
    page.gone("dialog")
    page.shows("in 6 days")

with tap.case("the logo is taken away"):
    page.press("Edit", "main")
    page.press("Remove", "dialog")
    page.press("Save", "dialog")
    page.gone("dialog")
    page.gone("main img")

with tap.case("rotated: the successor is shown, and gone after five minutes"):
    page.press("Rotate", "main")
    confirm("Rotate")
    successor = shown()
    assert TOKEN.fullmatch(successor) and successor != token
    page.run("window.rightly = Date.now; Date.now = () => window.rightly() + 301000")
    page.shows("It was shown for 5 minutes, and is gone.")
    page.run("Date.now = window.rightly")
    assert successor[15:] not in page.run("return document.documentElement.outerHTML")
    page.press("Done", "dialog")
    page.gone("dialog")

with tap.case("a session is ended with its token"):
    page.press("End")
    page.shows("A session ends with its token")
    page.type(field("reason") + " input", "seen in a build log")
    page.press("Revoke", "dialog")
    page.gone("dialog")
    page.shows("seen in a build log")
    session.wait(60)

with tap.case("the same login is refused"):
    sh("keeps_out_for '(revoked|replaced)' password alice \"$1\"", token)

with tap.case("what is done in a terminal appears by itself"):
    page.shell()
    page.driver.get("http://127.0.0.1:9191/apitoken#/mine")
    page.enter()
    row("backup")
    sh("tokenadm issue --user alice --name phone --service sshd --scope read,write --expires 20d >/dev/null")
    row_shows("phone", "Active")
    sh("tokenadm revoke alice/phone --reason lost")
    row_shows("phone", "Revoked")

with tap.case("what root has revoked cannot be approved by her: the sentence says so"):
    page.press("Actions for phone", "tbody")
    page.press("Approve", "[role=menu]")
    confirm("Approve")
    page.shows("was not revoked by you")
    page.press("Cancel", "dialog")

with tap.case("what she has revoked is approved"):
    sh("tokenadm issue --user alice --name mine --service sshd --scope read,write >/dev/null")
    row("mine")
    page.press("Actions for mine", "tbody")
    page.press("Revoke", "[role=menu]")
    page.press("Revoke", "dialog")
    row_shows("mine", "Revoked")
    page.press("Actions for mine", "tbody")
    page.press("Approve", "[role=menu]")
    confirm("Approve")
    row_shows("mine", "Active")


def focus():
    return page.driver.switch_to.active_element


def inside_dialog():
    return page.run("return Boolean(document.activeElement.closest('dialog'))")


with tap.case("by keyboard alone: the focus stays in the dialog, Escape leaves it, and the focus is back"):
    page.run("[...document.querySelectorAll('button')].find(one => one.textContent === 'Issue token').focus()")
    page.keys(Keys.ENTER)
    page.find("dialog")
    for _ in range(12):
        page.keys(Keys.TAB)
        assert inside_dialog()
    page.keys(Keys.SHIFT, Keys.TAB, Keys.SHIFT)
    assert inside_dialog()
    page.keys(Keys.ESCAPE)
    page.gone("dialog")
    assert focus().text == "Issue token", focus().text

with tap.case("by keyboard alone: a token is issued"):
    page.keys(Keys.ENTER)
    page.find(field("name"))
    page.keys("typed", Keys.ENTER)
    page.find(field("service"))
    box = "document.activeElement.value === 'sshd'"
    for _ in range(10):
        if page.run("return " + box):
            break
        page.keys(Keys.TAB)
    page.keys(Keys.SPACE, Keys.ENTER)
    page.find(field("password"))
    page.wait(lambda: focus().get_attribute("type") == "password", "the focus in the password")
    page.keys(PASSWORD, Keys.ENTER)
    assert TOKEN.fullmatch(shown())
    page.keys(Keys.ESCAPE)
    page.shows("You have not copied the token")
    page.keys(Keys.ENTER)
    page.gone("dialog")
    row_shows("typed", "Active")

with tap.case("Escape keeps what was typed until that is meant"):
    page.press("Issue token", "main")
    page.type(field("name") + " input", "half")
    page.keys(Keys.ESCAPE)
    page.shows("Discard what you have typed?")
    page.press("Go back")
    assert page.value(field("name") + " input") == "half"
    page.press("Cancel", "dialog")
    page.press("Discard")
    page.gone("dialog")

NAMED = ("button", "checkbox", "combobox", "dialog", "link", "radio", "searchbox", "textbox", "table", "menuitem")


def nameless():
    """What a screen reader would have no word for."""
    page.driver.execute_cdp_cmd("Accessibility.enable", {})
    frame = page.run("return location.href")
    tree = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    assert len(tree) > 20, "%d nodes of %s" % (len(tree), frame)
    return [one["role"]["value"] for one in tree if not one.get("ignored") and one.get("role", {}).get("value") in NAMED
            and not one.get("name", {}).get("value")]


with tap.case("all that can be pressed or filled in has a name for a screen reader"):
    page.alone("#/mine")
    row("typed")
    assert nameless() == [], nameless()
    page.press("Issue token", "main")
    page.type(field("name") + " input", "x")
    assert nameless() == [], nameless()
    page.press("Next", "dialog")
    page.find(field("service"))
    page.click("dialog summary")
    assert nameless() == [], nameless()
    page.press("Cancel", "dialog")
    page.press("Discard")

with tap.case("nothing is wider than a telephone"):
    page.narrow()
    for part in ("#/mine", "#/mine/" + token[4:14]):
        page.alone(part)
        page.shows("backup")
        assert page.overflow() == 0, page.overflow()
        page.run("document.documentElement.classList.add('round')")
        assert page.overflow() == 0, page.overflow()
        page.shot("narrow" + part.replace("#/", "-")[:5])
    page.alone("#/mine")
    page.press("Issue token", "main")
    page.type(field("name") + " input", "x")
    page.press("Next", "dialog")
    page.find(field("service"))
    assert page.overflow() == 0, page.overflow()
    page.run("document.documentElement.classList.add('round')")
    assert page.overflow() == 0, page.overflow()
    page.shot("narrow-wizard")

with tap.case("who may not have tokens is told who can change that"):
    other = Browser()
    other.log_in("bob", "battery staple")
    other.enter()
    other.shows("Users do not manage their own tokens on this machine.")
    other.shows("[self_service]")
    assert not other.errors(), other.errors()
    other.quit()

with tap.case("in German"):
    other = Browser(language="de")
    other.log_in("alice", PASSWORD)
    other.enter()
    other.shows("Meine Token")
    other.shows("Token ausstellen")
    other.press("Token ausstellen", "main")
    other.shows("Wofür es ist")
    other.shell()
    other.shows("API-Token")
    other.shot("german")
    assert not other.errors(), other.errors()
    other.quit()

tap.done()
