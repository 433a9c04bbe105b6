// Administrative access: whether the session has it, and how it gets it. The shell's own button does the same.
import { _ } from "./i18n.js";
import { el } from "./dom.js";
import { Dialog } from "./dialog.js";
import { Form, password_field } from "./form.js";

const cockpit = window.cockpit;

class Superuser {
    constructor() {
        this.proxy = cockpit.dbus(null, { bus: "internal" }).proxy("cockpit.Superuser", "/superuser");
    }

    /* changed() is called when the session gets it or loses it. */
    async watch(changed) {
        let before;

        await this.proxy.wait();
        before = this.is_allowed();
        this.proxy.addEventListener("changed", () => {
            if (before === this.is_allowed())
                return;
            before = this.is_allowed();
            changed();
        });
    }

    is_allowed() {
        return !["none", "init", undefined, null, ""].includes(this.proxy.Current);
    }

    /* The whole session is root's. */
    is_root() {
        return this.proxy.Current === "root";
    }

    bridge() {
        const bridges = this.proxy.Bridges || [];

        return bridges.includes("sudo") ? "sudo" : bridges[0];
    }

    start() {
        return this.proxy.Start(this.bridge());
    }

    answer(text) {
        return this.proxy.Answer(text);
    }

    stop() {
        return this.proxy.Stop();
    }
}

export const superuser = new Superuser();

/* Asks what sudo asks, until it is satisfied or the user gives up. */
export function ask_for_access() {
    const form = new Form();
    const dialog = new Dialog(_("Turn on administrative access"));
    const question = el("p");
    let password = null, answers = false;

    const prompt = (event, message, text, preset, echo, error) => {
        answers = true;
        question.textContent = message || _("Enter your password to get administrative access.");
        if (!password) {
            password = form.add(password_field(text ? text.replace(/:\s*$/, "") : _("Password")));
            dialog.body.append(password.element);
        }
        password.control.value = "";
        form.clear();
        if (error)
            password.refuse(error);
        dialog.ready();
        password.control.focus();
    };
    const send = () => {
        dialog.wait();
        superuser.answer(password.control.value);
    };

    superuser.proxy.addEventListener("Prompt", prompt);
    dialog.on_close = () => superuser.proxy.removeEventListener("Prompt", prompt);
    dialog.on_cancel = () => { if (!superuser.is_allowed()) superuser.stop().catch(() => null) };
    dialog.body.append(question);
    dialog.add_action(_("Authenticate"), send);
    dialog.add_cancel();
    dialog.open();
    dialog.wait();
    superuser.start().then(() => dialog.close(), error => {
        if (!dialog.is_open)
            return;
        dialog.ready();
        dialog.refuse(answers && !error.message
            ? _("The password was not accepted.")
            : error.message || _("This account may not become administrator: ask the administrator of this machine."));
        dialog.primary.disabled = true;
    });
}
