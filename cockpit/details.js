// One token: all that is known of it, its history, its sessions.
import { _, format, ngettext } from "./i18n.js";
import { el, fill } from "./dom.js";
import { failure_alert } from "./dialog.js";
import * as words from "./format.js";
import { ask_to_revoke } from "./revoke.js";
import { token_actions } from "./token_menu.js";
import { terms } from "./wizard.js";

/* [time, by, what, why] */
function history_of(token) {
    const events = [
        [token.created, token.created_by, token.replaces ? format(_("Issued, in place of $0"), token.replaces) : _("Issued"), null],
        [token.changed, token.changed_by, _("Edited"), token.change],
        [token.approved, token.approved_by, _("Approved"), null],
        [token.ended, token.ended_by, token.state === "deactivated" ? _("Deactivated") : _("Revoked"), token.reason],
    ];

    return events.filter(([time]) => time).sort(([one], [two]) => two.localeCompare(one));
}

export class Details {
    /* where: as for the list, and back() */
    constructor(tokens, id, where) {
        this.tokens = tokens;
        this.id = id;
        this.where = where;
        this.sessions = null;
        this.seen = tokens.by_id.get(id);
        this.element = el("div");
        this.load();
    }

    /* What the list does not have. Of two questions the later one's answer counts, whichever comes first. */
    async load() {
        const asked = this.asked = {};
        const [full, sessions] = await Promise.allSettled([this.where.tokenadm.show(this.id), this.where.tokenadm.sessions()]);

        if (asked !== this.asked)
            return;
        this.full = full.value || null;
        this.failure = full.reason || null;
        this.sessions = (sessions.value || []).filter(one => one.id === this.id);
        this.draw_now();
    }

    /* The list has changed. */
    draw() {
        const token = this.tokens.by_id.get(this.id);

        if (token !== this.seen) {
            this.seen = token;
            this.load();
        }
    }

    draw_now() {
        const token = this.full || this.tokens.by_id.get(this.id);

        if (!token) {
            fill(this.element, this.breadcrumb(this.id), this.failure ? failure_alert(this.failure) : null);
            return;
        }
        fill(this.element, this.breadcrumb(token.name), this.head(token), this.access(token), this.sessions_card(token),
             this.history(token));
    }

    breadcrumb(name) {
        return el("nav", { class: "breadcrumb", "aria-label": _("Breadcrumb") },
                  el("button", { type: "button", class: "button link inline", onclick: () => this.where.back() },
                     this.where.tokenadm.is_admin ? _("All tokens") : _("My tokens")),
                  el("span", { "aria-hidden": "true" }, "›"), el("bdi", { "aria-current": "page" }, name));
    }

    head(token) {
        const [state, colour] = words.state(token);
        const actions = token_actions(token, { ...this.where, changed: () => { this.where.changed(); this.load() } });

        return el("section", { class: "card" }, el("header", { class: "card-header" },
            this.where.logos.place(token, true),
            el("div", { class: "named" }, el("h1", { class: "card-title" }, el("bdi", {}, token.name)),
               token.description ? el("div", { class: "muted", dir: "auto" }, token.description) : null),
            el("span", { class: `label ${colour}` }, state),
            el("div", { class: "toolbar" }, actions.map(([name, action, is_danger]) =>
                el("button", { type: "button", class: `button ${is_danger ? "danger" : "secondary"}`, onclick: action }, name)))));
    }

    access(token) {
        const used = token.last_used && [words.both(token.last_used),
            token.last_used_from ? format(_("from $0"), token.last_used_from) : null,
            token.last_used_service ? format(_("at $0"), token.last_used_service) : null].filter(word => word).join(", ");
        const rows = [
            [_("Id"), el("code", {}, token.id)],
            [_("Owner"), `${token.user} (${token.uid})`],
            [_("Services"), words.services(token.services)],
            [_("Scopes"), words.scopes(token.scopes)],
            [_("Addresses"), words.addresses(token.from)],
            token.starts && [_("Valid from"), words.both(token.starts)],
            [_("Expires"), token.expires ? words.both(token.expires) : _("never")],
            token.lifetime && [_("Ends after"), words.lifetime(token.lifetime)],
            token.max_sessions && [_("Sessions at the same time"), String(token.max_sessions)],
            token.preset && [_("Preset"), token.preset],
            [_("Length"), token.short ? _("32 characters") : _("64 characters")],
            [_("Last used"), used || _("not known")],
            token.use_count && [_("Uses"), ngettext("noted $0 time", "noted $0 times, once a minute at most", token.use_count)],
            token.replaces && [_("Replaces"), el("code", {}, token.replaces)],
            token.replaced_by && [_("Replaced by"), el("code", {}, token.replaced_by)],
        ];

        return this.card(_("Access"), terms(rows.filter(row => row)));
    }

    card(title, ...content) {
        return el("section", { class: "card" }, el("header", { class: "card-header" }, el("h2", { class: "card-title" }, title)),
                  el("div", { class: "card-body" }, ...content));
    }

    table(name, titles, rows) {
        return el("table", { class: "table", "aria-label": name },
                  el("thead", {}, el("tr", {}, titles.map(title => el("th", { scope: "col" }, title)))),
                  el("tbody", {}, rows.map(row => el("tr", {}, row.map((cell, i) => el("td", { "data-label": titles[i] }, cell))))));
    }

    sessions_card(token) {
        const end = () => ask_to_revoke(this.where.tokenadm, [token], () => { this.where.changed(); this.load() }, { ends: true });
        const rows = (this.sessions || []).map(one => [one.service, one.from || _("not known"), one.tty || "–", words.both(one.since),
            String(one.pid), el("button", { type: "button", class: "button secondary small-button", onclick: end }, _("End"))]);

        return this.card(_("Sessions"), rows.length === 0 ? el("p", { class: "muted" }, _("None is open."))
            : this.table(_("Sessions"), [_("Service"), _("From"), _("Terminal"), _("Since"), _("Process"), _("Actions")], rows));
    }

    history(token) {
        const rows = history_of(token).map(([time, by, what, why]) =>
            [words.both(time), what, el("bdi", {}, by || "–"), el("bdi", {}, why || "–")]);

        return this.card(_("History"), this.table(_("History"), [_("When"), _("What"), _("Who"), _("Why")], rows));
    }
}
