// What doctor says of this machine, with the command that mends each line.
import { _, ngettext } from "./i18n.js";
import { el, fill, icon } from "./dom.js";
import { failure_alert } from "./dialog.js";

const ORDER = ["wrong", "warning", "note", "ok"];
const ICONS = { wrong: "error", warning: "warning", note: "info", ok: "ok" };
const names = () => ({ wrong: _("Wrong"), warning: _("Warning"), note: _("Note"), ok: _("In order") });

export class Doctor {
    constructor(tokenadm) {
        this.tokenadm = tokenadm;
        this.summary = el("span", { class: "muted", role: "status" });
        this.again = el("button", { type: "button", class: "button secondary", onclick: () => this.ask() }, _("Check again"));
        this.content = el("div");
        this.element = el("section", { class: "card" },
                          el("header", { class: "card-header" }, el("h1", { class: "card-title" }, _("Health")), this.summary,
                             el("div", { class: "toolbar" }, this.again)), this.content);
        this.ask();
    }

    draw() {
    }

    async ask() {
        this.again.disabled = true;
        this.summary.textContent = _("Checking …");
        try {
            this.show(await this.tokenadm.doctor());
        } catch (failure) {
            this.summary.textContent = "";
            fill(this.content, failure_alert(failure));
        }
        this.again.disabled = false;
    }

    show(answer) {
        const sorted = ORDER.map(state => answer.findings.filter(one => one.state === state));
        const [wrong, warnings, notes, fine] = sorted;

        this.summary.textContent = wrong.length + warnings.length === 0 ? _("Nothing is wrong.")
            : [ngettext("$0 wrong", "$0 wrong", wrong.length), ngettext("$0 warning", "$0 warnings", warnings.length)].join(", ");
        fill(this.content, el("ul", { class: "findings" }, [...wrong, ...warnings, ...notes].map(one => this.finding(one))),
             fine.length === 0 ? null
                 : el("details", { class: "advanced" }, el("summary", {}, ngettext("$0 is in order", "$0 are in order", fine.length)),
                      el("ul", { class: "findings" }, fine.map(one => this.finding(one)))));
    }

    finding(one) {
        return el("li", { class: `finding finding-${one.state}` }, icon(ICONS[one.state] || "info"),
                  el("div", {}, el("div", {}, el("span", { class: "offscreen" }, `${names()[one.state] || one.state}: `),
                                    el("strong", {}, one.area), " ", one.text),
                     one.fix ? el("pre", { tabindex: "0" }, one.fix) : null));
    }
}
