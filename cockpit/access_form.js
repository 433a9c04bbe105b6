// What a token may do, where, from where, and how long: the fields that the wizard and the dialog "Edit" share.
import { _, format, ngettext } from "./i18n.js";
import { el, fill } from "./dom.js";
import { moment, scopes as scopes_in_words } from "./format.js";
import { Form, group_field, select_field, text_field, tick } from "./form.js";

const UNITS = { s: 1, m: 60, h: 3600, d: 86400, w: 604800, y: 31536000 };

/* A word such as 90d, or seconds, or null for ever: for people. */
function duration_in_words(span) {
    const [, number, unit] = /^(\d+)([smhdwy])$/.exec(span) || [];
    const seconds = typeof span === "number" ? span : Number(number) * UNITS[unit];

    if (span === null || span === "never")
        return _("never");
    if (seconds % UNITS.d === 0)
        return ngettext("in $0 day", "in $0 days", seconds / UNITS.d);
    if (seconds % UNITS.h === 0)
        return ngettext("in $0 hour", "in $0 hours", seconds / UNITS.h);
    return ngettext("in $0 second", "in $0 seconds", seconds);
}

/* The browser's local time as tokenadm wants it: in UTC, without parts of a second. */
const in_utc = local => new Date(local).toISOString().replace(/\.\d+Z$/, "Z");

/* The value for datetime-local. */
function in_local(time) {
    const date = new Date(time);

    return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

const words = text => text.split(/[\s,]+/).filter(word => word !== "");

export class AccessForm {
    /* offer: as `tokenadm offer` has it, or null; token: what it is now, or null for a new one. */
    constructor(offer, token = null) {
        this.offer = offer || { services: [], presets: [], short_tokens: true };
        this.token = token;
        this.form = new Form();
        this.make_preset();
        this.make_services();
        this.make_scopes();
        this.make_from();
        this.make_times();
        this.make_advanced();
        this.element = el("div", { class: "fields" },
                          this.preset ? this.preset.element : null, this.services.element, this.scopes.element,
                          this.from.element, this.starts.element, this.expires.element, this.advanced);
    }

    make_preset() {
        const presets = this.offer.presets || [];

        if (this.token || presets.length === 0)
            return;
        this.preset = this.form.add(select_field("preset", _("Preset"),
            [["", _("None")], ...presets.map(one => [one.name, one.name])], "",
            { onchange: () => this.take_preset(), help: _("Limits that the administrator has set for a purpose.") }));
    }

    chosen_preset() {
        return this.preset && (this.offer.presets || []).find(one => one.name === this.preset.control.value);
    }

    take_preset() {
        const preset = this.chosen_preset();

        if (!preset)
            return;
        this.form.clear();
        if (preset.services.length > 0)
            this.set_services(preset.services);
        if (preset.scopes.length > 0)
            this.set_scopes(preset.scopes);
        if (preset.from.length > 0)
            this.from.control.value = preset.from.join(", ");
        if (preset.expires)
            this.set_expires("");
        this.name_default(preset.expires);
    }

    make_services() {
        const offered = this.offer.services.map(one => one.name);
        const has = this.token ? this.token.services : [];
        const others = has.filter(name => name !== "any" && !offered.includes(name));

        this.service_boxes = el("div", { class: "ticks" }, this.offer.services.map(one => this.service_tick(one, has)));
        this.more_services = el("input", { type: "text", class: "input", value: others.join(", "), spellcheck: "false",
                                           autocomplete: "off", placeholder: _("sshd, vsftpd"),
                                           "aria-label": _("Services, by their PAM names") });
        this.any_service = tick(_("All services, also those to come"), has.includes("any"));
        const control = el("div", {}, this.service_boxes,
                           offered.length === 0 || others.length > 0 ? this.more_services : null);

        this.services = this.form.add(group_field("service", _("Services"), control,
            offered.length > 0 ? _("Where the token logs in. Listed are those that take tokens here.")
                : _("Where the token logs in: names of PAM services, separated by commas.")));
    }

    service_tick(one, has) {
        const is_read_only = one.needs && one.needs.length === 1 && one.needs[0] === "read";

        return tick(one.name, has.includes(one.name),
                    { value: one.name, name: "service",
                      help: is_read_only ? ` ${_("takes tokens that may only read")}` : null });
    }

    set_services(names) {
        const offered = [...this.service_boxes.querySelectorAll("input")];
        const others = names.filter(name => name !== "any" && !offered.some(box => box.value === name));

        offered.forEach(box => { box.checked = names.includes(box.value) });
        this.any_service.querySelector("input").checked = names.includes("any");
        this.more_services.value = others.join(", ");
        if (others.length > 0 && !this.more_services.isConnected)
            this.service_boxes.after(this.more_services);
    }

    chosen_services() {
        if (this.any_service.querySelector("input").checked)
            return ["any"];
        return [...[...this.service_boxes.querySelectorAll("input:checked")].map(box => box.value),
            ...words(this.more_services.value)];
    }

    make_scopes() {
        const has = this.token ? this.token.scopes : ["read", "write"];
        const known = scopes_in_words(has) !== has.join(", ");

        this.own_scopes = el("input", { type: "text", class: "input", spellcheck: "false", autocomplete: "off",
                                        value: known ? "" : has.join(", "), "aria-label": _("Scopes, by their names") });
        const choice = (value, text, help) => tick(text, value === (known ? has.slice().sort().join() : "own"), {
            type: "radio", name: "scope", value, help, onchange: () => this.show_own_scopes() });

        this.scope_choices = el("div", { role: "radiogroup", class: "ticks" },
                                choice("read,write", _("May read and change files"),
                                       _("A whole login, as with the password.")),
                                choice("read", _("May read"),
                                       _("Only services that have been set up for it take such a token.")),
                                choice("own", _("Other scopes"), null), this.own_scopes);
        this.scopes = this.form.add(group_field("scope", _("Scopes"), this.scope_choices));
        this.show_own_scopes();
    }

    show_own_scopes() {
        this.own_scopes.hidden = this.scope_choices.querySelector("input:checked").value !== "own";
    }

    set_scopes(names) {
        const value = ["read", "read,write"].includes(names.slice().sort().join()) ? names.slice().sort().join() : "own";

        this.scope_choices.querySelector(`input[value="${value}"]`).checked = true;
        if (value === "own")
            this.own_scopes.value = names.join(", ");
        this.show_own_scopes();
    }

    chosen_scopes() {
        const value = this.scope_choices.querySelector("input:checked").value;

        return value === "own" ? words(this.own_scopes.value) : value.split(",");
    }

    make_from() {
        this.from = this.form.add(text_field("from", _("Addresses"), this.token ? this.token.from.join(", ") : "", {
            placeholder: _("anywhere"),
            help: _("From where it may be used: addresses and networks such as 192.0.2.7, 2001:db8::/32. Empty: from anywhere."),
        }));
    }

    make_times() {
        const has_start = this.token && this.token.starts;

        this.starts = this.form.add(text_field("starts", _("Valid from"), has_start ? in_local(this.token.starts) : "",
                                               { type: "datetime-local", help: _("Empty: at once.") }));
        this.date = el("input", { type: "datetime-local", class: "input", "aria-label": _("Expires on"), hidden: true });
        this.choice = el("select", { class: "input", "aria-label": _("Expires"), onchange: () => this.show_date() });
        const keep = this.token ? [["keep", this.token.expires ? format(_("As now: $0"), moment(this.token.expires))
            : _("As now: never")]] : [["", ""]];

        fill(this.choice, [...keep, ["7d", format(_("In $0 days"), 7)], ["30d", format(_("In $0 days"), 30)],
            ["90d", format(_("In $0 days"), 90)], ["1y", _("In a year")], ["date", _("On a date")], ["never", _("Never")]]
                .map(([value, text]) => el("option", { value }, text)));
        this.expires = this.form.add(group_field("expires", _("Expires"),
                                                 el("div", { class: "pair" }, this.choice, this.date)));
        this.name_default(null);
    }

    /* What the first choice means. */
    name_default(preset) {
        const expiry = preset || this.offer.default_expiry;

        if (this.token)
            return;
        this.usual = expiry === undefined ? null : duration_in_words(expiry);
        this.choice.options[0].textContent = this.usual === null ? _("As is usual here")
            : format(preset ? _("As the preset says: $0") : _("As is usual here: $0"), this.usual);
    }

    set_expires(value) {
        this.choice.value = value;
        this.show_date();
    }

    show_date() {
        this.date.hidden = this.choice.value !== "date";
    }

    make_advanced() {
        const most = this.token && this.token.max_sessions ? String(this.token.max_sessions) : "";

        this.sessions = this.form.add(text_field("max-sessions", _("Sessions at the same time"), most,
                                                 { inputmode: "numeric", placeholder: _("no limit") }));
        this.life = this.form.add(select_field("lifetime", _("Ends after"),
            [["", _("its expiry only")], ["once", _("one login")], ["until-logout", _("log-out of its session")]], ""));
        this.short = tick(_("Short: 32 characters, for the panel of a device"), false);
        this.force = tick(_("Issue it although no service here takes these scopes"), false);
        const more = group_field("short", _("More"), el("div", { class: "ticks" },
                                                           this.offer.short_tokens === false ? null : this.short, this.force));

        this.form.add(more);
        this.advanced = el("details", { class: "advanced" }, el("summary", {}, _("Advanced")),
                           el("div", { class: "fields" }, el("div", { class: "field" },
                               el("div", { class: "field-label" }), el("div", { class: "field-control" }, this.any_service)),
                              this.sessions.element, this.token ? null : [this.life.element, more.element]));
    }

    chosen_expiry() {
        if (this.choice.value === "date")
            return this.date.value ? in_utc(this.date.value) : null;
        return this.choice.value === "keep" || this.choice.value === "" ? null : this.choice.value;
    }

    /* The options of `tokenadm issue`. */
    options() {
        return {
            preset: this.preset && this.preset.control.value ? this.preset.control.value : null,
            service: this.chosen_services().join(",") || null,
            scope: this.chosen_scopes().join(",") || null,
            from: words(this.from.control.value).join(",") || null,
            starts: this.starts.control.value ? in_utc(this.starts.control.value) : null,
            expires: this.chosen_expiry(),
            "max-sessions": this.sessions.control.value.trim() || null,
            once: this.life.control.value === "once",
            "until-logout": this.life.control.value === "until-logout",
            short: this.short.querySelector("input").checked,
            force: this.force.querySelector("input").checked,
        };
    }

    /* The options of `tokenadm edit`: those that are to change. */
    changes() {
        const token = this.token, now = this.options(), changed = {};
        const set = (name, value, before) => { if (value !== before) changed[name] = value };

        set("service", now.service || "", token.services.join(","));
        set("scope", now.scope || "", token.scopes.join(","));
        set("from", now.from || "any", token.from.join(",") || "any");
        if ((token.starts ? in_local(token.starts) : "") !== this.starts.control.value)
            changed.starts = now.starts || "now";
        if (now.expires)
            changed.expires = now.expires;
        set("max-sessions", now["max-sessions"] || "unlimited", token.max_sessions ? String(token.max_sessions) : "unlimited");
        return changed;
    }

    /* For Review: [[label, text]] */
    summary() {
        const now = this.options();
        const date = this.choice.value === "date" && this.date.value;
        const rows = [
            [_("Services"), this.chosen_services().map(name => name === "any" ? _("all services") : name).join(", ") || "–"],
            [_("Scopes"), scopes_in_words(this.chosen_scopes())],
            [_("Addresses"), now.from ? now.from.replaceAll(",", ", ") : _("anywhere")],
            [_("Valid from"), now.starts ? moment(now.starts) : _("now")],
            [_("Expires"), date ? moment(now.expires) : this.usual && !this.choice.value ? this.usual
                : this.choice.selectedOptions[0].textContent],
        ];

        if (now.preset)
            rows.unshift([_("Preset"), now.preset]);
        if (now["max-sessions"])
            rows.push([_("Sessions at the same time"), now["max-sessions"]]);
        if (this.life.control.value)
            rows.push([_("Ends after"), this.life.control.selectedOptions[0].textContent]);
        if (now.short)
            rows.push([_("Length"), _("32 characters")]);
        return rows;
    }

    /* False, with a word beside it, if something cannot be left out. */
    is_complete() {
        this.form.clear();
        if (this.chosen_services().length === 0 && !(this.chosen_preset() && this.chosen_preset().services.length > 0)) {
            this.services.refuse(_("Choose at least one service."));
            this.services.input.focus();
            return false;
        }
        if (this.choice.value === "date" && !this.date.value) {
            this.expires.refuse(_("Enter the date."));
            this.date.focus();
            return false;
        }
        return true;
    }

    /* What was typed, to be kept while the session is away; take() puts it back. */
    draft() {
        return {
            preset: this.preset ? this.preset.control.value : "", services: this.chosen_services(),
            scopes: this.chosen_scopes(), from: this.from.control.value, starts: this.starts.control.value,
            choice: this.choice.value, date: this.date.value, sessions: this.sessions.control.value,
            life: this.life.control.value,
        };
    }

    take(draft) {
        if (this.preset)
            this.preset.control.value = draft.preset;
        this.set_services(draft.services);
        this.set_scopes(draft.scopes);
        this.from.control.value = draft.from;
        this.starts.control.value = draft.starts;
        this.set_expires(draft.choice);
        this.date.value = draft.date;
        this.sessions.control.value = draft.sessions;
        this.life.control.value = draft.life;
    }
}
