// What tokenadm, or the way to it, has refused: and what to do about it. The one table of tokenadm's words.
import { _ } from "./i18n.js";

export class Failure extends Error {
    /* code: a word; field: the option or operand that is meant, or null; message: tokenadm's own sentence. */
    constructor(code, message, field = null) {
        super(message);
        this.code = code;
        this.field = field;
    }
}

/* Words of `--json` (tokenadm(8), JSON), and our own, which begin with page_. */
const ADVICE = {
    account_disabled: () => _("Your account is disabled, or cannot be looked up: ask the administrator of this machine."),
    busy: () => _("Another command holds the tokens. Nothing was changed: try again in a moment."),
    no_door: () => _("The service that gives users their own tokens does not run. An administrator starts it with: systemctl enable --now apitoken-door"),
    no_space: () => _("The disk is full. Nothing was changed: make room, and try again."),
    password_required: () => _("Enter the password of your account: this change needs it."),
    password_wrong: () => _("The password was not accepted. Nothing was changed."),
    self_service_off: () => _("Users do not manage their own tokens on this machine. An administrator can turn that on with “allow” in the section [self_service] of /etc/security/apitoken.conf."),
    token_session: () => _("This session was opened with a token, and a token makes no tokens: log in with your password."),
    page_access: () => _("This needs administrative access: turn it on at the top of the page, and try again."),
    page_ended: () => _("Your session has ended. Log in again: what you have typed is kept."),
    page_missing: () => _("tokenadm is not installed on this machine. An administrator installs it with: apt install tokenadm"),
    page_old: () => _("tokenadm on this machine is older than this page. Update the package tokenadm."),
    page_rubbish: () => _("tokenadm has answered with something that this page does not understand. Update the packages tokenadm and cockpit-apitoken, and look at what “tokenadm list” says in a terminal."),
    page_stopped: () => _("Stopped. Look at the list before you try again: the change may have been made."),
};

/* A sentence for people. */
export function explain(failure) {
    const advice = ADVICE[failure.code];

    if (advice)
        return advice();
    return failure.message || _("tokenadm has failed without a word. Look at what “tokenadm list” says in a terminal.");
}

/* The one beside it: tokenadm's own words, where ours do not have them. */
export function detail(failure) {
    return ADVICE[failure.code] && failure.message ? failure.message : null;
}

/* What Cockpit says of a command that did not run. */
const PROBLEMS = {
    "access-denied": "page_access",
    "not-found": "page_missing",
    "disconnected": "page_ended",
    "terminated": "page_ended",
    "no-session": "page_ended",
    "cancelled": "page_stopped",
};

function parse(text) {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}

/* end: how Cockpit says that a command has ended; output: what it has said before. */
export function failure_of(end, output) {
    const last = parse(output.trim().split("\n").pop());
    const status = end["exit-status"], message = String(end.message || "").replace(/^tokenadm: /, "");

    if (last && typeof last.code === "string")
        return new Failure(last.code, String(last.message || ""), last.field || null);
    if (PROBLEMS[end.problem])
        return new Failure(PROBLEMS[end.problem], "");
    if (end.problem)
        return new Failure("page_other", message || window.cockpit.message(end.problem));
    if (status === 2 && /no such option|no command/.test(message))
        return new Failure("page_old", message);
    /* Also if its status is not known, but not if it was killed. */
    if (output === "" && !end["exit-signal"] && !(status < 0))
        return new Failure("page_silent", message);
    return new Failure("page_other", message);
}
