// Fields with their label, help and error; they are called as the options of tokenadm are.
import { _ } from "./i18n.js";
import { el, fill, icon, new_id } from "./dom.js";
import { explain, detail } from "./failure.js";

class Field {
    constructor({ name, label, control, help = null, is_group = false, of = null }) {
        const help_id = new_id("help"), error_id = new_id("error"), label_id = new_id("label");

        this.name = name;
        this.control = control;
        /* What gets the focus and is marked, if that is not all of it. */
        this.input = of || (is_group ? control.querySelector("input, select") : control);
        this.error = el("div", { class: "field-error", id: error_id, "aria-live": "polite" });
        this.input = this.input || control;
        if (!this.input.id)
            this.input.id = new_id("field");
        control.setAttribute("aria-describedby", help ? `${error_id} ${help_id}` : error_id);
        if (is_group) {
            control.setAttribute("role", control.getAttribute("role") || "group");
            control.setAttribute("aria-labelledby", label_id);
        }
        this.element = el("div", { class: "field", "data-field": name },
                          is_group ? el("div", { class: "field-label", id: label_id }, label)
                              : el("label", { class: "field-label", for: this.input.id }, label),
                          el("div", { class: "field-control" }, control, this.error,
                             help ? el("div", { class: "field-help", id: help_id }, help) : null));
    }

    refuse(...what) {
        fill(this.error, icon("error"), el("span", {}, ...what));
        this.element.classList.add("refused");
        this.input.setAttribute("aria-invalid", "true");
    }

    clear() {
        fill(this.error);
        this.element.classList.remove("refused");
        this.input.removeAttribute("aria-invalid");
    }
}

export class Form {
    constructor() {
        this.fields = [];
    }

    add(field) {
        this.fields.push(field);
        return field;
    }

    clear() {
        this.fields.forEach(field => field.clear());
    }

    /* Shows it beside the field that tokenadm means; false if there is none. */
    refuse(failure) {
        const field = this.fields.find(one => one.name === failure.field && one.element.isConnected);

        this.clear();
        if (!field)
            return false;
        field.refuse(explain(failure), detail(failure) ? el("span", { class: "small" }, ` ${detail(failure)}`) : null);
        field.element.closest("details")?.setAttribute("open", "");
        field.input.focus();
        return true;
    }
}

export const text_field = (name, label, value = "", more = {}) =>
    new Field({ name, label, help: more.help,
                control: el("input", { type: more.type || "text", class: "input", value, maxlength: more.most, autocomplete: "off",
                                       placeholder: more.placeholder, spellcheck: "false", inputmode: more.inputmode,
                                       dir: "auto", required: more.required }) });

/* choices: [[value, text]] */
export function select_field(name, label, choices, value, more = {}) {
    const control = el("select", { class: "input", onchange: more.onchange },
                       choices.map(([one, text]) => el("option", { value: one, selected: one === value }, text)));

    return new Field({ name, label, control, help: more.help });
}

/* A box to tick, with a word beside it. */
export function tick(text, checked, more = {}) {
    return el("label", { class: "tick" },
              el("input", { type: more.type || "checkbox", name: more.name, value: more.value || "on", checked,
                            onchange: more.onchange }),
              el("span", {}, text, more.help ? el("span", { class: "field-help" }, more.help) : null));
}

export const group_field = (name, label, control, help = null) =>
    new Field({ name, label, control, help, is_group: true });

export const password_field = (label = _("Your password")) =>
    new Field({ name: "password", label,
                control: el("input", { type: "password", class: "input", autocomplete: "current-password" }) });
