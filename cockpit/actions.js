// Approving, rotating and deleting: a question, the password where it is asked for, and the command.
import { _, format } from "./i18n.js";
import { el } from "./dom.js";
import { Dialog } from "./dialog.js";
import { Form, password_field, select_field } from "./form.js";
import { show_token } from "./shown.js";

/* A failure that is about the password is shown beside it, and brings it up if it was not asked for. */
export function refuse_password(failure, form, password, dialog) {
    if (!failure.code.startsWith("password_"))
        return form.refuse(failure);
    if (!password.element.isConnected)
        dialog.body.append(password.element);
    return form.refuse(Object.assign(failure, { field: "password" }));
}

/*
 * title, text, name of the button, kind; fields: elements; form; needs_password; task(secrets, signal); then done(answer)
 */
function ask({ title, text, name, kind = "primary", form = new Form(), fields = [], needs_password, task, done }) {
    const dialog = new Dialog(title);
    const password = form.add(password_field());

    dialog.body.append(el("p", {}, text), el("div", { class: "fields" }, ...fields, needs_password ? password.element : null));
    dialog.add_action(name, async () => {
        const secrets = { password: password.element.isConnected ? password.control.value : null };

        form.clear();
        const answer = await dialog.run(signal => task(secrets, signal),
                                        failure => refuse_password(failure, form, password, dialog));

        password.control.value = "";
        if (answer === undefined)
            return;
        dialog.close();
        done(answer);
    }, kind);
    dialog.add_cancel();
    dialog.open();
}

export function ask_to_approve(tokenadm, token, done) {
    ask({
        title: format(_("Approve “$0”?"), token.name),
        text: _("The token logs in again, as before. Do not approve one that has leaked: issue another."),
        name: _("Approve"), needs_password: !tokenadm.is_admin, done,
        task: (secrets, signal) => tokenadm.approve([token.id], secrets, signal),
    });
}

export function ask_to_rotate(tokenadm, token, done) {
    const form = new Form();
    const overlap = form.add(select_field("overlap", _("The old one works for"),
        [["24h", _("a day, at most")], ["7d", _("a week, at most")], ["0s", _("no longer")]], "24h",
        { help: _("It ends sooner: as soon as the new one is used.") }));

    ask({
        title: format(_("Rotate “$0”?"), token.name),
        text: _("A successor with the same limits is issued, and shown once. Revoke a token that has leaked instead."),
        name: _("Rotate"), form, fields: [overlap.element], needs_password: !tokenadm.is_admin,
        task: (secrets, signal) => tokenadm.rotate(token.id, overlap.control.value, secrets, signal),
        done: answer => { done(answer); show_token(answer, format(_("The successor of “$0”"), token.name)) },
    });
}

export function ask_to_delete(tokenadm, token, done) {
    ask({
        title: format(_("Delete “$0”?"), token.name),
        text: _("All that is known of it goes: who issued it, when it was used, and why it ended."),
        name: _("Delete"), kind: "danger", needs_password: false, done,
        task: (secrets, signal) => tokenadm.remove([token.id], signal),
    });
}
