// Revoking tokens, one or many, with a reason, and with their sessions.
import { _, ngettext } from "./i18n.js";
import { el } from "./dom.js";
import { Dialog } from "./dialog.js";
import { Form, group_field, text_field, tick } from "./form.js";

const NAMES_MAX = 8;

function list_of(tokens) {
    const some = tokens.slice(0, NAMES_MAX);
    const rest = tokens.length - some.length;

    return el("ul", { class: "plain-list" }, some.map(token => el("li", {}, el("bdi", {}, `${token.user}/${token.name}`))),
              rest > 0 ? el("li", {}, ngettext("and $0 more", "and $0 more", rest)) : null);
}

/* done() is called when they are revoked. ends: the sessions are what it is about. */
export function ask_to_revoke(tokenadm, tokens, done, { ends = false } = {}) {
    const dialog = new Dialog(ngettext("Revoke $0 token?", "Revoke $0 tokens?", tokens.length));
    const form = new Form();
    const reason = form.add(text_field("reason", _("Reason"), "", { help: _("For whoever wonders later. May be empty.") }));
    const terminate = tick(_("End their open sessions, too"), ends);

    dialog.body.append(
        el("p", {}, ends
            ? _("A session ends with its token: otherwise the program would log in again at once.")
            : _("No login with them succeeds any more.")),
        list_of(tokens), el("div", { class: "fields" }, reason.element,
                            group_field("terminate", _("Sessions"), terminate).element));
    dialog.add_action(_("Revoke"), async () => {
        const answer = await dialog.run(signal => tokenadm.revoke(tokens.map(token => token.id), {
            reason: reason.control.value.trim() || null,
            terminate: terminate.querySelector("input").checked,
        }, signal), failure => form.refuse(failure));

        if (answer === undefined)
            return;
        dialog.close();
        done();
    }, "danger");
    dialog.add_cancel();
    dialog.open();
}
