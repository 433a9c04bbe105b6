// The table of tokens: searched, filtered, sorted; rows are made as they come into sight.
import { _, format, language, ngettext } from "./i18n.js";
import { el, fill, icon } from "./dom.js";
import { alert, failure_alert } from "./dialog.js";
import * as words from "./format.js";
import { menu } from "./menu.js";
import { ask_to_revoke } from "./revoke.js";
import { token_actions } from "./token_menu.js";
import { mark } from "./tokens.js";

const ROWS = 60; /* made at a time */
const collator = new Intl.Collator(language, { numeric: true });
const last = "\uffff"; /* of what never comes */

const FILTERS = {
    all: () => true,
    active: token => token.state === "active",
    "not-yet": token => token.state === "not-yet",
    expiring: words.is_expiring,
    unused: words.is_unused,
    revoked: token => token.state === "revoked",
    deactivated: token => token.state === "deactivated",
    expired: token => token.state === "expired",
};

const filter_names = () => [
    ["all", _("All states")], ["active", _("Active")], ["not-yet", _("Not yet valid")],
    ["expiring", format(_("Expire within $0 days"), words.EXPIRING_DAYS)],
    ["unused", format(_("Unused for $0 days"), words.UNUSED_DAYS)], ["revoked", _("Revoked")],
    ["deactivated", _("Deactivated")], ["expired", _("Expired")],
];

const COLUMNS = [
    { name: "name", title: () => _("Name"), key: token => token.name },
    { name: "user", title: () => _("Owner"), key: token => token.user, is_admins: true },
    { name: "state", title: () => _("State"), key: token => token.state },
    { name: "services", title: () => _("Services"), key: token => token.services.join() },
    { name: "scopes", title: () => _("Scopes"), key: token => token.scopes.join() },
    { name: "expires", title: () => _("Expires"), key: token => token.expires || last },
    { name: "last_used", title: () => _("Last used"), key: token => token.last_used || "" },
];

const searched = new WeakMap();

/* All that the search looks at. */
function text_of(token) {
    if (!searched.has(token))
        searched.set(token, [token.id, `${token.user}/${token.name}`, token.description, ...token.services, ...token.from,
            token.reason].join(" ").toLowerCase());
    return searched.get(token);
}

export class TokenList {
    /* where: { tokenadm, logos, user, changed(), open(id), issue() } */
    constructor(tokens, where) {
        this.tokens = tokens;
        this.where = where;
        this.is_admins = where.tokenadm.is_admin;
        this.columns = COLUMNS.filter(column => !column.is_admins || this.is_admins);
        this.sort = { name: this.is_admins ? "user" : "name", down: false };
        this.filter = "all";
        this.chosen = new Set();
        this.make();
        this.watch_end();
    }

    make() {
        this.search = el("input", { type: "search", class: "input", placeholder: _("Search for name, service, id …"),
                                    "aria-label": _("Search"), oninput: () => this.draw() });
        this.filter_choice = el("select", { class: "input", "aria-label": _("Show"),
                                            onchange: () => { this.filter = this.filter_choice.value; this.draw() } },
                                filter_names().map(([value, text]) => el("option", { value }, text)));
        this.glance = el("div", { class: "glance" });
        this.count = el("div", { class: "count muted small", role: "status" });
        this.bulk = el("div", { class: "bulk", hidden: true });
        this.head = el("tr");
        this.rows = el("tbody");
        this.end = el("div", { class: "end" });
        this.notes = el("div", { class: "notes" });
        this.table = el("table", { class: "table", "aria-label": this.is_admins ? _("All tokens") : _("My tokens") },
                        el("thead", {}, this.head), this.rows);
        this.empty = el("div", { class: "empty", hidden: true });
        this.element = el("section", { class: "card" },
                          el("header", { class: "card-header" },
                             el("h1", { class: "card-title" }, this.is_admins ? _("All tokens") : _("My tokens")), this.glance,
                             el("div", { class: "toolbar" },
                                el("div", { class: "search" }, icon("search"), this.search), this.filter_choice,
                                el("button", { type: "button", class: "button primary", onclick: () => this.where.issue() },
                                   _("Issue token")))),
                          this.notes, this.bulk, this.table, this.end, this.empty, this.count);
    }

    watch_end() {
        new IntersectionObserver(seen => { if (seen.some(one => one.isIntersecting)) this.more() }, { rootMargin: "600px" })
                .observe(this.end);
    }

    matches() {
        const wanted = this.search.value.trim().toLowerCase().split(/\s+/).filter(word => word !== "");
        const fits = FILTERS[this.filter];

        return [...this.tokens.by_id.values()]
                .filter(token => fits(token) && wanted.every(word => text_of(token).includes(word)));
    }

    sorted(all) {
        const key = this.columns.find(column => column.name === this.sort.name).key;
        const keyed = all.map(token => [key(token), token]);
        const factor = this.sort.down ? -1 : 1;

        keyed.sort(([a, one], [b, two]) => factor * (collator.compare(a, b) || collator.compare(one.name, two.name)));
        return keyed.map(([, token]) => token);
    }

    /* Once per picture, however much has changed. */
    draw() {
        if (this.is_due)
            return;
        this.is_due = true;
        window.requestAnimationFrame(() => { this.is_due = false; this.draw_now() });
    }

    draw_now() {
        const all = this.matches();
        const shown = Math.max(ROWS, this.rows.childElementCount);

        /* While they come, in the order in which they come. */
        this.found = this.tokens.is_ready ? this.sorted(all) : all;
        for (const id of this.chosen) {
            if (!this.tokens.by_id.has(id))
                this.chosen.delete(id);
        }
        this.draw_head();
        this.keep_focus(() => fill(this.rows, this.found.slice(0, shown).map(token => this.row(token))));
        this.table.setAttribute("aria-rowcount", String(this.found.length + 1));
        this.draw_glance();
        this.draw_bulk();
        this.draw_notes();
        this.draw_empty();
        if (this.found.length > 0 || this.tokens.is_ready)
            mark("first-rows");
    }

    /* A row that is drawn again keeps the focus that was in it. */
    keep_focus(draw) {
        const active = document.activeElement;
        const row = active && this.rows.contains(active) ? active.closest("tr") : null;
        const at = row ? [...row.querySelectorAll("button, input")].indexOf(active) : -1;

        if (row && row.querySelector("[role=menu]"))
            return;
        draw();
        if (row) {
            const again = this.rows.querySelector(`tr[data-id="${row.dataset.id}"]`);
            const target = again && again.querySelectorAll("button, input")[at];

            if (target)
                target.focus();
        }
    }

    more() {
        const made = this.rows.childElementCount;

        if (this.found && made < this.found.length)
            this.rows.append(...this.found.slice(made, made + ROWS).map(token => this.row(token)));
    }

    draw_head() {
        const sort_by = column => {
            this.sort = { name: column.name, down: this.sort.name === column.name && !this.sort.down };
            this.draw();
        };

        const head = this.columns.map(column => {
            const is_sorted = this.sort.name === column.name;

            return el("th", { scope: "col", class: `col-${column.name}`,
                              "aria-sort": is_sorted ? (this.sort.down ? "descending" : "ascending") : "none" },
                      el("button", { type: "button", class: is_sorted ? "sort sorted" : "sort", onclick: () => sort_by(column) },
                         column.title(), el("span", { class: "arrow", "aria-hidden": "true" },
                                            is_sorted ? (this.sort.down ? "↓" : "↑") : "↕")));
        });
        const wanted = `${this.sort.name} ${this.sort.down}`;

        if (this.head_made !== wanted) {
            const had_focus = this.head.contains(document.activeElement);

            this.head_made = wanted;
            fill(this.head, this.is_admins ? el("th", { class: "check" }, this.make_choose_all()) : null, head,
                 el("th", { class: "more" }, el("span", { class: "offscreen" }, _("Actions"))));
            if (had_focus)
                this.head.querySelector(".sorted").focus();
        }
    }

    make_choose_all() {
        this.choose_all = el("input", { type: "checkbox", "aria-label": _("Choose all that are shown"), onchange: () => {
            if (this.choose_all.checked)
                this.found.filter(token => words.is_usable(token)).forEach(token => this.chosen.add(token.id));
            else
                this.chosen.clear();
            this.draw();
        } });
        return this.choose_all;
    }

    row(token) {
        const [state, colour] = words.state(token);
        const cells = {
            name: [this.where.logos.place(token), el("div", { class: "named" },
                el("button", { type: "button", class: "button link inline", onclick: () => this.where.open(token.id) },
                   el("bdi", {}, token.name)),
                token.description ? el("div", { class: "muted small ellipsis", dir: "auto" }, token.description) : null)],
            user: el("bdi", {}, token.user),
            state: el("span", { class: `label ${colour}`, title: token.reason }, state),
            services: words.services(token.services),
            scopes: words.scopes(token.scopes),
            expires: el("span", { title: token.expires, class: words.is_expiring(token) ? "soon" : null },
                        words.expires(token)),
            last_used: el("span", { title: token.last_used, class: words.is_unused(token) ? "soon" : null }, words.last_used(token)),
        };

        return el("tr", { "data-id": token.id, class: words.is_usable(token) ? null : "dead" },
                  this.is_admins ? el("td", { class: "check" }, this.make_choice(token)) : null,
                  this.columns.map(column => el("td", { "data-label": column.title(), class: `col-${column.name}` }, cells[column.name])),
                  el("td", { class: "more" }, menu(format(_("Actions for $0"), token.name), () => token_actions(token, this.where))));
    }

    make_choice(token) {
        const box = el("input", { type: "checkbox", checked: this.chosen.has(token.id),
                                  "aria-label": format(_("Choose $0"), `${token.user}/${token.name}`), onchange: () => {
            if (box.checked)
                this.chosen.add(token.id);
            else
                this.chosen.delete(token.id);
            this.draw_bulk();
        } });

        return box;
    }

    draw_bulk() {
        const chosen = [...this.chosen].map(id => this.tokens.by_id.get(id));
        const done = () => { this.chosen.clear(); this.where.changed(); this.draw() };

        if (!this.is_admins)
            return;
        this.bulk.hidden = chosen.length === 0;
        if (this.choose_all)
            this.choose_all.checked = chosen.length > 0 && chosen.length >= this.found.filter(words.is_usable).length;
        fill(this.bulk, el("span", {}, ngettext("$0 chosen", "$0 chosen", chosen.length)),
             el("button", { type: "button", class: "button secondary",
                            onclick: () => ask_to_revoke(this.where.tokenadm, chosen, done) }, _("Revoke")),
             el("button", { type: "button", class: "button secondary",
                            onclick: () => ask_to_revoke(this.where.tokenadm, chosen, done, { ends: true }) }, _("End sessions")),
             el("button", { type: "button", class: "button link", onclick: () => { this.chosen.clear(); this.draw() } }, _("Choose none")));
    }

    /* What wants to be looked at; a press shows these. */
    draw_glance() {
        const all = [...this.tokens.by_id.values()];
        const notice = (filter, count, text) => count > 0 && el("button", { type: "button", class: "label gold pressed",
            "aria-pressed": String(this.filter === filter), onclick: () => this.show_only(this.filter === filter ? "all" : filter) }, text);
        const expiring = all.filter(words.is_expiring).length, unused = all.filter(words.is_unused).length;

        fill(this.glance, notice("expiring", expiring, ngettext("$0 expires soon", "$0 expire soon", expiring)),
             notice("unused", unused, ngettext("$0 unused", "$0 unused", unused)));
    }

    show_only(filter) {
        this.filter = filter;
        this.filter_choice.value = filter;
        this.draw();
    }

    draw_notes() {
        const { failure, is_live, is_ready } = this.tokens;
        const again = text => el("div", { class: "alert-actions" },
            el("button", { type: "button", class: "button secondary", onclick: () => this.tokens.refresh() }, text));

        fill(this.notes, failure ? failure_alert(failure, again(_("Try again"))) : null,
             !is_live && is_ready ? alert("info", _("tokenadm on this machine is older than this page: changes do not appear by themselves."),
                                         again(_("Reload the list"))) : null);
    }

    draw_empty() {
        const { by_id, failure, is_ready } = this.tokens;
        const any = by_id.size > 0;

        this.table.hidden = !any;
        this.count.hidden = !any || !is_ready;
        this.count.textContent = this.found.length === by_id.size ? ngettext("$0 token", "$0 tokens", by_id.size)
            : format(_("$0 of $1 tokens"), this.found.length, by_id.size);
        this.empty.hidden = any && this.found.length > 0;
        if (this.empty.hidden)
            return;
        if (any)
            fill(this.empty, el("h2", {}, _("No token fits")), el("button", { type: "button", class: "button link",
                onclick: () => { this.search.value = ""; this.show_only("all") } }, _("Clear the search")));
        else if (is_ready && !failure)
            fill(this.empty, this.what_tokens_are());
        else
            fill(this.empty, failure ? null : this.waiting());
    }

    waiting() {
        return this.wait_note = this.wait_note || el("div", { class: "muted", role: "status" }, _("Loading …"),
            el("div", { class: "slow" }, _("tokenadm has not answered yet: another command may hold the tokens.")));
    }

    what_tokens_are() {
        return [icon("key"), el("h2", {}, this.is_admins ? _("No tokens yet") : _("You have no tokens yet")),
            el("p", {}, _("A token is a password for one program: a backup script, a CI job, a phone. It logs in to the services that you choose, can be limited to reading and to addresses, expires, and can be taken back without changing your password.")),
            el("button", { type: "button", class: "button primary", onclick: () => this.where.issue() }, _("Issue token"))];
    }
}
