// Dialogs: the keyboard stays in them, Escape leaves them, and the focus goes back to where it came from.
import { _ } from "./i18n.js";
import { el, fill, icon, new_id } from "./dom.js";
import { Failure, explain, detail } from "./failure.js";

const SLOW = 3000; /* milliseconds until it is said that tokenadm takes its time */
const FOCUSABLE = "button, input, select, textarea, summary, a[href], [tabindex='0']";

/* A box with a sentence; kind: danger, warning, info, success */
export function alert(kind, title, ...more) {
    const pictures = { danger: "error", warning: "warning", info: "info", success: "ok" };

    return el("div", { class: `alert alert-${kind}`, role: kind === "danger" ? "alert" : "status" },
              icon(pictures[kind]), el("div", { class: "alert-text" }, el("strong", {}, title), ...more));
}

/* What tokenadm has refused. */
export function failure_alert(failure, ...more) {
    const words = detail(failure);

    return alert("danger", explain(failure), words ? el("div", { class: "small" }, words) : null, ...more);
}

export class Dialog {
    constructor(title, { wide = false } = {}) {
        const id = new_id("title");

        this.alerts = el("div", { class: "dialog-alerts" });
        this.body = el("div", { class: "dialog-body" });
        this.footer = el("div", { class: "dialog-footer" });
        this.title = el("h1", { class: "dialog-title", id, tabindex: "-1" }, title);
        this.element = el("dialog", { class: wide ? "dialog wide" : "dialog", "aria-labelledby": id, "aria-modal": "true",
                                      oncancel: event => { event.preventDefault(); this.cancel() },
                                      onkeydown: event => this.keep_focus(event) },
                          el("form", { class: "dialog-form", novalidate: true,
                                       onsubmit: event => { event.preventDefault(); this.submit() } },
                             el("header", { class: "dialog-header" }, this.title), this.alerts, this.body, this.footer));
        this.is_open = false;
        this.running = null;
        this.primary = null;
        this.submit = () => null;
        this.on_close = () => null;
        this.on_cancel = () => null;
        /* Whether leaving loses something: then it has to be said twice. */
        this.has_work = () => false;
    }

    /* The first is what Enter does. */
    add_action(name, action, kind = "primary") {
        const is_first = this.primary === null;
        const button = el("button", { type: is_first ? "submit" : "button", class: `button ${kind}`,
                                      onclick: is_first ? null : action }, name);

        if (is_first) {
            this.primary = button;
            this.submit = () => { if (!button.disabled) action() };
        }
        this.footer.append(button);
        return button;
    }

    add_cancel(name = _("Cancel")) {
        this.footer.append(el("button", { type: "button", class: "button link", onclick: () => this.cancel() }, name));
    }

    open() {
        this.came_from = document.activeElement;
        document.body.append(this.element);
        this.element.showModal();
        document.documentElement.classList.add("has-dialog");
        this.is_open = true;
        this.focus_first();
    }

    controls() {
        return [...this.element.querySelectorAll(FOCUSABLE)]
                .filter(one => !one.disabled && one.getClientRects().length > 0);
    }

    focus_first() {
        const first = this.body.querySelector("input:not([type=hidden]), select, textarea");

        (first && !first.disabled ? first : this.primary || this.title).focus();
    }

    keep_focus(event) {
        if (event.key !== "Tab")
            return;
        const all = this.controls();
        const first = all[0], last = all[all.length - 1];

        if (event.shiftKey && (document.activeElement === first || document.activeElement === this.title)) {
            event.preventDefault();
            last.focus();
        } else if (!event.shiftKey && document.activeElement === last) {
            event.preventDefault();
            first.focus();
        }
    }

    /* While a command runs, this stops it. */
    cancel() {
        if (this.running) {
            this.running.abort();
            return;
        }
        if (this.has_work() && !this.leaving) {
            this.ask_to_leave();
            return;
        }
        this.on_cancel();
        this.close();
    }

    ask_to_leave() {
        const stay = () => { this.leaving = false; fill(this.alerts); this.focus_first() };

        this.leaving = true;
        fill(this.alerts, alert("warning", this.leave_text || _("Discard what you have typed?"),
                                el("div", { class: "alert-actions" },
                                   el("button", { type: "button", class: "button danger", onclick: () => this.cancel() },
                                      this.leave_name || _("Discard")),
                                   el("button", { type: "button", class: "button secondary", onclick: stay }, _("Go back")))));
        this.alerts.querySelector("button").focus();
    }

    close() {
        if (!this.is_open)
            return;
        this.is_open = false;
        this.element.close();
        this.element.remove();
        document.documentElement.classList.remove("has-dialog");
        this.on_close();
        if (this.came_from && this.came_from.isConnected)
            this.came_from.focus();
    }

    /* Nothing can be pressed but Cancel. */
    wait() {
        fill(this.alerts);
        for (const button of this.footer.querySelectorAll("button:not(.link)"))
            button.disabled = true;
        this.element.setAttribute("aria-busy", "true");
        this.slow = window.setTimeout(() => fill(this.alerts, alert("info",
            _("tokenadm has not answered yet: another command may hold the tokens. You can wait, or cancel."))), SLOW);
    }

    ready() {
        window.clearTimeout(this.slow);
        fill(this.alerts);
        for (const button of this.footer.querySelectorAll("button"))
            button.disabled = false;
        this.element.removeAttribute("aria-busy");
    }

    refuse(text) {
        fill(this.alerts, typeof text === "string" ? alert("danger", text) : failure_alert(text));
    }

    /*
     * Runs a command: task(signal). What it answers, or undefined if it was refused: then refused(failure) may show
     * that at its place and return true.
     */
    async run(task, refused = () => false) {
        this.leaving = false;
        this.running = new AbortController();
        this.wait();
        try {
            const answer = await task(this.running.signal);

            this.running = null;
            this.ready();
            return answer === undefined ? null : answer;
        } catch (failure) {
            this.running = null;
            this.ready();
            if (!(failure instanceof Failure))
                throw failure;
            if (!refused(failure))
                this.refuse(failure);
            return undefined;
        }
    }
}
