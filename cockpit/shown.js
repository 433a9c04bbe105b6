// A new token, shown once: covered while nobody looks, and gone after five minutes.
import { _, format } from "./i18n.js";
import { el, fill, icon } from "./dom.js";
import { Dialog, alert } from "./dialog.js";

const cockpit = window.cockpit;
const MINUTES = 5;

/* Also over plain http, where there is no navigator.clipboard. The text stands in the dialog meanwhile. */
async function copy(text, inside) {
    if (navigator.clipboard) {
        try {
            await navigator.clipboard.writeText(text);
            return true;
        } catch {
            /* Not allowed here: in the old way, then. */
        }
    }
    const area = el("textarea", { class: "offscreen", value: text, "aria-hidden": "true", tabindex: "-1" });
    const focused = document.activeElement;

    inside.append(area);
    area.select();
    const done = document.execCommand("copy");

    area.value = "";
    area.remove();
    if (focused)
        focused.focus();
    return done;
}

function copy_button(name, get, inside, on_copied = () => {}) {
    const button = el("button", { type: "button", class: "button secondary", "aria-label": name, onclick: async () => {
        const done = await copy(get(), inside);

        if (done)
            on_copied();
        button.textContent = done ? _("Copied") : _("Select it, and copy it with Ctrl+C");
        button.setAttribute("aria-label", button.textContent);
    } }, _("Copy"));

    return button;
}

/* The commands, as tokenadm has them. */
function how_to_use(howto, inside) {
    return (howto || []).map(one => el("section", { class: "howto" },
        el("h2", {}, format(_("How to use it: $0"), one.service)),
        el("div", { class: "code-block" }, el("pre", { tabindex: "0" }, one.text),
           copy_button(format(_("Copy the commands for $0"), one.service), () => one.text, inside))));
}

class Shown {
    constructor(answer, title) {
        this.secret = answer.token;
        this.dialog = new Dialog(title, { wide: true });
        this.place = el("div", { class: "token-place" });
        this.deadline = Date.now() + MINUTES * 60000;
        this.has_copied = false;
        this.dialog.body.append(
            alert("warning", _("You will not see it again."),
                  el("div", {}, _("Copy it now to where it is needed. If it is lost, rotate the token to get a new one."))),
            this.place,
            el("p", { class: "small muted" }, format(_("Token $0. Give it where a password is asked for."), answer.id)),
            ...how_to_use(answer.howto, this.dialog.body));
        this.dialog.add_action(_("Done"), () => this.dialog.cancel());
        this.dialog.has_work = () => this.secret !== null && !this.has_copied;
        this.dialog.leave_text = _("You have not copied the token, and it cannot be shown again.");
        this.dialog.leave_name = _("Close all the same");
        this.dialog.on_close = () => this.end();
    }

    open() {
        this.on_hidden = () => { if (cockpit.hidden || document.hidden) this.cover() };
        this.on_leave = event => event.preventDefault();
        cockpit.addEventListener("visibilitychange", this.on_hidden);
        document.addEventListener("visibilitychange", this.on_hidden);
        window.addEventListener("beforeunload", this.on_leave);
        /* By the clock: timers rest while the machine sleeps. */
        this.timer = window.setInterval(() => { if (Date.now() >= this.deadline) this.forget() }, 500);
        this.uncover();
        this.dialog.open();
        if (cockpit.hidden || document.hidden)
            this.cover();
    }

    uncover() {
        const button = copy_button(_("Copy the token"), () => this.secret, this.dialog.body,
                                   () => { this.has_copied = true });

        fill(this.place, el("code", { class: "token", tabindex: "0", "aria-label": _("The token") }, this.secret), button);
    }

    cover() {
        if (this.secret === null)
            return;
        const show = el("button", { type: "button", class: "button secondary", onclick: () => this.uncover() }, _("Show the token"));

        fill(this.place, icon("lock"), el("span", {}, _("Covered, since this page was out of sight.")), show);
    }

    /* From the document; what the browser keeps elsewhere is its own. */
    forget() {
        this.secret = null;
        window.clearInterval(this.timer);
        window.removeEventListener("beforeunload", this.on_leave);
        fill(this.place, icon("lock"),
             el("span", {}, format(_("It was shown for $0 minutes, and is gone. Rotate the token if you need a new one."), MINUTES)));
    }

    end() {
        this.forget();
        fill(this.place);
        cockpit.removeEventListener("visibilitychange", this.on_hidden);
        document.removeEventListener("visibilitychange", this.on_hidden);
    }
}

/* answer: what `issue --json` or `rotate --json` says. */
export function show_token(answer, title = _("Your new token")) {
    const shown = new Shown(answer, title);

    answer.token = null;
    shown.open();
}
