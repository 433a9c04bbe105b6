"""A real Chromium at a real Cockpit: login, waiting for what a page shows, screenshots."""

import json
import os
import shutil

from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

__all__ = ["Browser", "By", "Keys"]

URL = "http://%s:9191" % os.environ.get("COCKPIT_HOST", "127.0.0.1")
PATIENCE = 60  # seconds; nothing is judged by how long it takes


class Browser:
    """One window, logged in as one user."""

    def __init__(self, language="en", width=1280, height=900):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                         "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
                         "--force-device-scale-factor=1", "--lang=" + language,
                         "--window-size=%d,%d" % (width, height)):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.complaints = []

    def quit(self):
        self.driver.quit()

    def run(self, script, *arguments):
        """In the frame that is chosen."""
        return self.driver.execute_script(script, *arguments)

    def wait(self, ask, what):
        """Until ask() is true; returns that."""
        def asked(_):
            try:
                return ask()
            except WebDriverException:
                return False
        try:
            return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.03).until(asked)
        except TimeoutException:
            raise AssertionError("waited in vain: %s\n%s" % (what, self.text()[:3000])) from None

    def text(self):
        """All that the frame shows."""
        return self.run("return document.body ? document.body.innerText : ''")

    def find(self, selector):
        """The one visible element that a CSS selector finds, once it is there."""
        def visible():
            found = [one for one in self.driver.find_elements(By.CSS_SELECTOR, selector) if one.is_displayed()]
            return found[0] if found else None
        return self.wait(visible, "element " + selector)

    def is_there(self, selector):
        return any(one.is_displayed() for one in self.driver.find_elements(By.CSS_SELECTOR, selector))

    def gone(self, selector):
        self.wait(lambda: not self.is_there(selector), "no element " + selector)

    def strike(self, element):
        """Whether a click has come: what is drawn anew between the button's way down and up gets none, nor does what is
        disabled. Then it is to be found again."""
        self.run("window.struck = false; addEventListener('click', () => { window.struck = true }, {capture: true, once: true})")
        element.click()
        try:
            return self.run("return window.struck !== false")
        except WebDriverException:
            return True  # it has led to another page

    def click(self, selector):
        self.wait(lambda: self.strike(self.find(selector)), "a click on " + selector)

    # The page may draw anew what was just found: so each is asked again.

    def read(self, selector):
        """Its text."""
        return self.wait(lambda: (self.find(selector).text,), "the text of " + selector)[0]

    def value(self, selector):
        return self.wait(lambda: (self.find(selector).get_attribute("value"),), "the value of " + selector)[0]

    def type(self, selector, text):
        def typed():
            element = self.find(selector)
            element.clear()
            element.send_keys(text)
            return True
        self.wait(typed, "to type into " + selector)

    def put(self, selector, text):
        """What the keyboard of the driver has no keys for: pasted."""
        self.run("const e = document.querySelector(arguments[0]); e.value = arguments[1];"
                 "e.dispatchEvent(new Event('input', {bubbles: true}));", selector, text)

    def keys(self, *keys):
        """To whatever has the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def choose(self, selector, value):
        """In a <select>."""
        self.run("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
                 self.find(selector), value)

    def button(self, name, within="body"):
        """The button of this name."""
        def named():
            for one in self.driver.find_elements(By.CSS_SELECTOR, within + " button"):
                label = one.get_attribute("aria-label") or one.text
                if one.is_displayed() and label.strip() == name:
                    return one
            return None
        return self.wait(named, "button “%s” in %s" % (name, within))

    def press(self, name, within="body"):
        self.wait(lambda: self.strike(self.button(name, within)), "a click on “%s”" % name)

    def shows(self, text):
        self.wait(lambda: text in self.text(), "the text “%s”" % text)

    # Cockpit

    def log_in(self, user, password, path="/apitoken"):
        self.driver.get(URL + path)
        self.type("#login-user-input", user)
        self.type("#login-password-input", password)
        self.click("#login-button")
        self.gone("#login-button")

    def log_in_fails(self, user, password):
        self.driver.get(URL)
        self.type("#login-user-input", user)
        self.type("#login-password-input", password)
        self.click("#login-button")
        return self.read("#login-error-message")

    def shell(self):
        self.driver.switch_to.default_content()

    def enter(self, page="apitoken"):
        """Into the frame of a page of the shell."""
        def entered():
            self.shell()
            self.driver.switch_to.frame(self.find("iframe[name='cockpit1:localhost/%s'], iframe[src*='/%s/']" % (page, page)))
            return True
        self.wait(entered, "the frame of " + page)

    def alone(self, fragment=""):
        """The page without the shell; the session is that of the login."""
        self.shell()
        # Otherwise the same page with another fragment would not be loaded anew.
        self.driver.get("about:blank")
        self.driver.get("%s/cockpit/@localhost/apitoken/index.html%s" % (URL, fragment))

    def get_access(self, password):
        """Administrative access, by the shell's own dialog."""
        self.shell()
        self.press("Limited access")
        self.type("#switch-to-admin-access-password, input[type=password]", password)
        self.press("Authenticate")
        self.button("Administrative access")

    def narrow(self):
        """As a telephone: a window cannot be made so small."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": False})

    def overflow(self):
        """By how many pixels something is wider than the window."""
        return self.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth +"
                        "[...document.querySelectorAll('dialog')].reduce((most, one) => Math.max(most, one.scrollWidth - one.clientWidth), 0)")

    def shot(self, name):
        """A picture for whoever looks at the results."""
        directory = os.environ.get("SCREENSHOTS")
        if directory:
            self.driver.save_screenshot(os.path.join(directory, name + ".png"))

    def errors(self, ours="/apitoken/"):
        """What the console has against our page since the last look."""
        found = []
        for entry in self.driver.get_log("browser"):
            if entry["level"] in ("SEVERE", "WARNING") and ours in entry["message"] + entry.get("source", ""):
                found.append(json.dumps(entry["message"]))
        return found
