// The page: which of its parts is shown, and with whose rights.
import { _ } from "./i18n.js";
import { el, fill, icon } from "./dom.js";
import { Details } from "./details.js";
import { Doctor } from "./doctor.js";
import { TokenList } from "./list.js";
import { Logos } from "./logo.js";
import { superuser, ask_for_access } from "./superuser.js";
import { follow_theme } from "./theme.js";
import { Tokenadm } from "./tokenadm.js";
import { Tokens } from "./tokens.js";
import { was_cut, open_wizard } from "./wizard.js";

const cockpit = window.cockpit;
const MINE = "mine", ALL = "all", HEALTH = "health";

class Page {
    constructor(user) {
        this.user = user;
        this.parts = el("nav", { class: "tabs", "aria-label": _("Parts of this page") });
        this.main = el("main");
        this.lists = {};
        fill(document.getElementById("page"), this.parts, this.main);
    }

    /* #/all, #/mine, #/health, #/all/ID, #/mine/ID */
    where() {
        const [part, id] = cockpit.location.path;
        const usual = superuser.is_allowed() ? ALL : MINE;

        return { part: [MINE, ALL, HEALTH].includes(part) && !(part === MINE && superuser.is_root()) ? part : usual, id: id || null };
    }

    draw() {
        const { part, id } = this.where();

        this.draw_tabs(part);
        if (part !== MINE && !superuser.is_allowed())
            this.put(part, this.no_access());
        else if (part === HEALTH)
            this.put(part, new Doctor(new Tokenadm(true)));
        else if (id)
            this.put(`${part}/${id}`, this.details(part, id));
        else
            this.put(part, this.list(part).view);
    }

    draw_tabs(part) {
        const names = [[MINE, _("My tokens")], [ALL, _("All tokens")], [HEALTH, _("Health")]]
                .filter(([name]) => name !== MINE || !superuser.is_root());

        fill(this.parts, names.map(([name, text]) => el("a", { href: `#/${name}`, class: "tab",
                                                               "aria-current": name === part ? "page" : null }, text)));
    }

    put(name, view) {
        this.view = view;
        fill(this.main, view.element);
        this.main.dataset.part = name;
        view.draw();
    }

    /* One list for each kind of rights, made when it is first seen. */
    list(part) {
        if (this.lists[part])
            return this.lists[part];
        const tokenadm = new Tokenadm(part === ALL);
        const list = { where: this.context(part, tokenadm) };

        list.tokens = new Tokens(tokenadm, () => this.changed(part));
        list.view = new TokenList(list.tokens, list.where);
        this.lists[part] = list;
        list.tokens.start();
        if (was_cut(tokenadm, this.user))
            list.where.issue();
        return list;
    }

    context(part, tokenadm) {
        const changed = () => { if (!this.lists[part].tokens.is_live) this.lists[part].tokens.refresh() };

        return {
            tokenadm, user: this.user, logos: new Logos(tokenadm), changed,
            open: id => cockpit.location.go([part, id]),
            back: () => cockpit.location.go([part]),
            issue: () => open_wizard(tokenadm, this.user, changed),
        };
    }

    details(part, id) {
        const { tokens, where } = this.list(part);

        return new Details(tokens, id, where);
    }

    changed(part) {
        if (this.where().part === part && this.view)
            this.view.draw();
    }

    no_access() {
        const element = el("section", { class: "card" }, el("div", { class: "empty" }, icon("lock"),
            el("h1", {}, _("Administrative access is needed")),
            el("p", {}, _("The tokens of all users, and the health of this machine, are for administrators.")),
            el("button", { type: "button", class: "button primary", onclick: () => ask_for_access() },
               _("Turn on administrative access"))));

        return { element, draw: () => null };
    }

    /* Administrative access has come or gone: what was fetched with it goes, too. */
    access_changed() {
        if (this.lists[ALL])
            this.lists[ALL].tokens.stop();
        delete this.lists[ALL];
        this.draw();
    }
}

async function start() {
    follow_theme();
    document.documentElement.lang = cockpit.language ? cockpit.language.replace("_", "-") : "en";
    document.title = _("API tokens");
    const user = await cockpit.user();
    const page = new Page(user.name);

    await superuser.watch(() => page.access_changed());
    cockpit.addEventListener("locationchanged", () => page.draw());
    page.draw();
}

start();
