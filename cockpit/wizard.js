// A new token: General, Access, Review; then it is shown, once.
import { _, format } from "./i18n.js";
import { el, fill } from "./dom.js";
import { AccessForm } from "./access_form.js";
import { Dialog } from "./dialog.js";
import { Form, group_field, password_field, text_field } from "./form.js";
import { LogoChooser, logo_image } from "./logo.js";
import { show_token } from "./shown.js";

const cockpit = window.cockpit;
const STEPS = [_("General"), _("Access"), _("Review")];
const GENERAL = 0, ACCESS = 1, REVIEW = 2;

/* A list of terms, as Review and Details have it. */
export const terms = rows => el("dl", { class: "terms" },
    rows.map(([term, ...what]) => [el("dt", {}, term), el("dd", { dir: "auto" }, ...what)]));

const DAY = 86400000; /* milliseconds */

/*
 * What was typed, for when the session ends in the middle, without any secret. Cockpit's login empties sessionStorage, so
 * it is in localStorage, for a day at most.
 */
class Draft {
    constructor(user) {
        this.key = `apitoken:draft:${user}`;
    }

    load() {
        try {
            const kept = JSON.parse(window.localStorage.getItem(this.key));

            return kept && Date.now() - kept.time < DAY ? kept : null;
        } catch {
            return null;
        }
    }

    save(content) {
        window.localStorage.setItem(this.key, JSON.stringify({ ...content, time: Date.now() }));
    }

    drop() {
        window.localStorage.removeItem(this.key);
    }
}

class Wizard {
    constructor(tokenadm, user, issued) {
        this.issued = issued;
        this.tokenadm = tokenadm;
        this.user = user;
        this.draft = new Draft(`${user}:${tokenadm.is_admin}`);
        this.dialog = new Dialog(_("Issue a token"), { wide: true });
        this.dialog.has_work = () => this.is_typed();
        this.dialog.on_cancel = () => this.draft.drop();
        this.make_general();
        this.make_review();
        this.steps = el("ol", { class: "steps" }, STEPS.map((name, i) =>
            el("li", {}, el("button", { type: "button", class: "step", onclick: () => this.go(i) },
                            el("span", { class: "step-number", "aria-hidden": "true" }, String(i + 1)), name))));
        this.content = el("div", { class: "wizard-content" });
        this.dialog.body.append(el("div", { class: "wizard" }, el("nav", { "aria-label": _("Steps") }, this.steps), this.content));
        this.dialog.element.addEventListener("input", () => this.keep());
        this.dialog.element.addEventListener("change", () => this.keep());
        this.next = this.dialog.add_action(_("Next"), () => this.forward());
        this.back = this.dialog.add_action(_("Back"), () => this.go(this.step - 1), "secondary");
        this.dialog.add_cancel();
    }

    make_general() {
        this.general = new Form();
        this.logo = new LogoChooser();
        this.name = this.general.add(text_field("name", _("Name"), "", { required: true,
            help: _("What it is called, such as “backup” or “phone”.") }));
        this.description = this.general.add(text_field("description", _("Description"), "", {
            help: _("What it is for, and where it lies: it may be read years later.") }));
        if (this.tokenadm.is_admin)
            this.owner = this.general.add(text_field("user", _("Owner"), "", { required: true,
                help: _("The account that it logs in to.") }));
        this.logo_field = this.general.add(group_field("logo", _("Logo"), this.logo.element,
                                                       _("PNG, JPEG or WebP; it is made small before it is sent.")));
        this.logo.field = this.logo_field;
    }

    make_review() {
        this.review = new Form();
        this.password = this.review.add(password_field());
    }

    is_typed() {
        return this.name.control.value !== "" || this.description.control.value !== "" || this.logo.value !== null;
    }

    keep() {
        const logo = this.logo.bytes();

        this.draft.save({
            name: this.name.control.value, description: this.description.control.value,
            user: this.owner ? this.owner.control.value : null,
            logo: logo ? btoa(String.fromCharCode(...logo)) : null,
            access: this.access ? this.access.draft() : null, step: this.step, is_cut: this.is_cut,
        });
    }

    async open() {
        const kept = this.draft.load();
        const line = cockpit.channel({ payload: "echo" });

        /* It ends by itself when the session does. */
        line.addEventListener("close", () => {
            if (this.dialog.is_open) {
                this.is_cut = true;
                this.keep();
            }
        });
        this.dialog.on_close = () => line.close();
        this.dialog.open();
        this.show(GENERAL);
        if (kept && (kept.name || kept.description))
            await this.take(kept);
    }

    async take(kept) {
        this.name.control.value = kept.name;
        this.description.control.value = kept.description;
        if (this.owner)
            this.owner.control.value = kept.user || "";
        if (kept.logo)
            this.logo.set(Uint8Array.from(atob(kept.logo), letter => letter.charCodeAt(0)));
        if (kept.access && await this.load_access()) {
            this.access.take(kept.access);
            this.show(kept.step || GENERAL);
        }
    }

    /* The services and presets of whoever will own it. */
    async load_access() {
        const owner = this.owner ? this.owner.control.value.trim() : null;

        if (this.access && this.access.owner === owner)
            return true;
        const before = this.access && this.access.draft();
        const offer = await this.dialog.run(() => this.tokenadm.offer(owner), failure => this.refuse(failure));

        if (offer === undefined)
            return false;
        this.offer = offer;
        this.access = new AccessForm(offer);
        this.access.owner = owner;
        if (before)
            this.access.take(before);
        return true;
    }

    show(step) {
        const contents = {
            [GENERAL]: () => el("div", { class: "fields" }, this.logo_field.element, this.name.element,
                                this.description.element, this.owner ? this.owner.element : null),
            [ACCESS]: () => this.access.element,
            [REVIEW]: () => this.summary(),
        };

        this.step = step;
        fill(this.content, contents[step]());
        [...this.steps.querySelectorAll("button")].forEach((button, i) => {
            button.disabled = i > step;
            button.toggleAttribute("aria-current", false);
            if (i === step)
                button.setAttribute("aria-current", "step");
        });
        this.next.textContent = step === REVIEW ? _("Issue") : _("Next");
        this.back.hidden = step === GENERAL;
        this.focus();
    }

    focus() {
        const first = this.step === GENERAL ? this.name.control : this.content.querySelector("input:not(:disabled), select");

        (first || this.next).focus();
    }

    needs_password() {
        return !this.tokenadm.is_admin && (this.is_asked || !(this.offer && this.offer.password === false));
    }

    summary() {
        const logo = this.logo.bytes();
        const rows = [
            logo ? [_("Logo"), logo_image(logo)] : null,
            [_("Name"), this.name.control.value],
            this.description.control.value ? [_("Description"), this.description.control.value] : null,
            [_("Owner"), this.owner ? this.owner.control.value.trim() : this.user],
            ...this.access.summary(),
        ].filter(row => row !== null);

        return el("div", {}, terms(rows), this.needs_password() ? this.password.element : null);
    }

    is_general_complete() {
        this.general.clear();
        for (const field of [this.name, this.owner]) {
            if (field && field.control.value.trim() === "") {
                field.refuse(_("This is needed."));
                field.input.focus();
                return false;
            }
        }
        return true;
    }

    async go(step) {
        if (step > GENERAL && (!this.is_general_complete() || !await this.load_access()))
            return;
        if (step > ACCESS && !this.access.is_complete())
            return;
        this.show(step);
        this.keep();
    }

    forward() {
        if (this.step === REVIEW)
            this.issue();
        else
            this.go(this.step + 1);
    }

    options() {
        return {
            name: this.name.control.value,
            description: this.description.control.value || null,
            user: this.owner ? this.owner.control.value.trim() : null,
            ...this.access.options(),
        };
    }

    async issue() {
        const secrets = { password: this.needs_password() ? this.password.control.value : null, logo: this.logo.bytes() };

        this.review.clear();
        if (secrets.password === "") {
            this.password.refuse(_("Enter the password of your account: this change needs it."));
            this.password.control.focus();
            return;
        }
        const answer = await this.dialog.run(signal => this.tokenadm.issue(this.options(), secrets, signal),
                                             failure => this.refuse(failure));

        this.password.control.value = "";
        if (!answer)
            return;
        this.draft.drop();
        this.dialog.close();
        this.issued();
        show_token(answer, format(_("The token “$0”"), this.name.control.value));
    }

    /* Beside its field, in the step where that is. */
    refuse(failure) {
        const form = [this.general, this.access && this.access.form, this.review];
        const code = failure.code.startsWith("password_") ? Object.assign(failure, { field: "password" }) : failure;
        const step = form.findIndex(one => one && one.fields.some(field => field.name === code.field));

        if (step < 0)
            return false;
        if (code.field === "password")
            this.is_asked = true;
        if (step !== this.step || step === REVIEW)
            this.show(step);
        return form[step].refuse(code);
    }
}

/* issued() is called when there is a new token. */
export function open_wizard(tokenadm, user, issued) {
    new Wizard(tokenadm, user, issued).open();
}

/* Whether something was being typed when the session ended. */
export function was_cut(tokenadm, user) {
    const kept = new Draft(`${user}:${tokenadm.is_admin}`).load();

    return Boolean(kept && kept.is_cut && (kept.name || kept.description));
}
