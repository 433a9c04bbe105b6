// Changing a token: all that `tokenadm edit` takes.
import { _, format } from "./i18n.js";
import { el } from "./dom.js";
import { AccessForm } from "./access_form.js";
import { refuse_password } from "./actions.js";
import { Dialog } from "./dialog.js";
import { Form, group_field, password_field, text_field } from "./form.js";
import { LogoChooser, logo_image } from "./logo.js";

/* These, and the logo, need no password (tokenadm(8), USERS' OWN TOKENS). */
const FREE = ["name", "description"];

class Edit {
    constructor(tokenadm, token, offer, logo, done) {
        this.tokenadm = tokenadm;
        this.token = token;
        this.done = done;
        this.may_ask = !tokenadm.is_admin && !(offer && offer.password === false);
        this.access = new AccessForm(offer, token);
        this.form = this.access.form;
        this.name = this.form.add(text_field("name", _("Name"), token.name, { required: true }));
        this.description = this.form.add(text_field("description", _("Description"), token.description || ""));
        this.logo = new LogoChooser(logo && logo_image(logo));
        this.logo.field = this.form.add(group_field("logo", _("Logo"), this.logo.element,
                                                    _("PNG, JPEG or WebP; it is made small before it is sent.")));
        this.password = this.form.add(password_field());
        this.dialog = new Dialog(format(_("Edit “$0”"), token.name), { wide: true });
        this.dialog.has_work = () => Object.keys(this.changes()).length > 0 || this.logo.value !== null;
        this.dialog.body.append(el("div", { class: "fields" }, this.name.element, this.description.element,
                                   this.logo.field.element), this.access.element);
        this.dialog.add_action(_("Save"), () => this.save());
        this.dialog.add_cancel();
    }

    changes() {
        const changed = this.access.changes();

        if (this.name.control.value !== this.token.name)
            changed.name = this.name.control.value;
        if (this.description.control.value !== (this.token.description || ""))
            changed.description = this.description.control.value;
        return changed;
    }

    needs_password(changed) {
        return this.may_ask && Object.keys(changed).some(name => !FREE.includes(name));
    }

    ask_password() {
        this.dialog.body.append(this.password.element);
        this.password.refuse(_("Enter the password of your account: this change needs it."));
        this.password.control.focus();
    }

    async save() {
        const changed = this.changes();

        if (Object.keys(changed).length === 0 && this.logo.value === null) {
            this.dialog.close();
            return;
        }
        if (!this.access.is_complete())
            return;
        if (this.needs_password(changed) && this.password.control.value === "") {
            this.ask_password();
            return;
        }
        const secrets = { password: this.needs_password(changed) ? this.password.control.value : null, logo: this.logo.value };
        const answer = await this.dialog.run(signal => this.tokenadm.edit(this.token.id, changed, secrets, signal),
                                             failure => refuse_password(failure, this.form, this.password, this.dialog));

        this.password.control.value = "";
        if (answer === undefined)
            return;
        this.dialog.close();
        this.done();
    }
}

export async function open_edit(tokenadm, token, logos, done) {
    const [offer, logo] = await Promise.all([
        tokenadm.offer(tokenadm.is_admin ? token.user : null).catch(() => null),
        token.logo ? logos.get(token) : null,
    ]);

    new Edit(tokenadm, token, offer, logo, done).dialog.open();
}
