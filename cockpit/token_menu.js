// What can be done with a token in its state: the same in the list and in the details.
import { _ } from "./i18n.js";
import { ask_to_approve, ask_to_delete, ask_to_rotate } from "./actions.js";
import { open_edit } from "./edit.js";
import { is_usable } from "./format.js";
import { ask_to_revoke } from "./revoke.js";

/* where: { tokenadm, logos, changed() }. Returns [[name, action, is_danger]]. */
export function token_actions(token, where) {
    const { tokenadm, logos, changed } = where;
    const usable = is_usable(token);
    const is_lasting = token.lifetime === null;

    return [
        usable && [_("Edit"), () => open_edit(tokenadm, token, logos, changed)],
        (usable || (token.state === "expired" && is_lasting)) && [_("Rotate"), () => ask_to_rotate(tokenadm, token, changed)],
        (token.state === "revoked" || token.state === "deactivated") &&
            [_("Approve"), () => ask_to_approve(tokenadm, token, changed)],
        (usable || token.state === "deactivated") && [_("Revoke"), () => ask_to_revoke(tokenadm, [token], changed), true],
        !usable && [_("Delete"), () => ask_to_delete(tokenadm, token, changed), true],
    ].filter(action => action);
}
