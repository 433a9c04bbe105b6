// Times, states and scopes in words.
import { _, format, language } from "./i18n.js";

const MINUTE = 60, HOUR = 3600, DAY = 86400;
const day_format = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
const moment_format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const span_format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

/* Seconds from now until a time as tokenadm writes it; null if that is none. */
export function seconds_until(time) {
    return time === null ? null : (Date.parse(time) - Date.now()) / 1000;
}

export const day = time => day_format.format(new Date(time));
export const moment = time => moment_format.format(new Date(time));

/* in 3 days, 2 hours ago */
export function span(seconds) {
    const size = Math.abs(seconds);

    if (size < HOUR)
        return span_format.format(Math.trunc(seconds / MINUTE), "minute");
    if (size < 2 * DAY)
        return span_format.format(Math.trunc(seconds / HOUR), "hour");
    if (size < 60 * DAY)
        return span_format.format(Math.trunc(seconds / DAY), "day");
    return null;
}

/* Near times by how near they are, others by their day. */
export function near(time) {
    return span(seconds_until(time)) || day(time);
}

/* Both. */
export function both(time) {
    const text = span(seconds_until(time));

    return text ? format("$0 ($1)", moment(time), text) : moment(time);
}

/* [its name, the colour of its label] */
export function state(token) {
    const states = {
        "active": [_("Active"), "green"],
        "not-yet": [_("Not yet valid"), "blue"],
        "revoked": [_("Revoked"), "grey"],
        "deactivated": [_("Deactivated"), "orange"],
        "expired": [_("Expired"), "grey"],
    };

    return states[token.state] || [token.state, "grey"];
}

/* Whether it logs in now, or will. */
export const is_usable = token => token.state === "active" || token.state === "not-yet";

const is_full = scopes => scopes.length === 2 && scopes.includes("read") && scopes.includes("write");

/* What a token may do. Scopes that only the administrator knows keep their names. */
export function scopes(names) {
    if (is_full(names))
        return _("may read and change files");
    if (names.length === 1 && names[0] === "read")
        return _("may read");
    return names.join(", ");
}

export function services(names) {
    return names.length === 1 && names[0] === "any" ? _("all services") : names.join(", ");
}

export function addresses(networks) {
    return networks.length === 0 ? _("anywhere") : networks.join(", ");
}

export function expires(token) {
    return token.expires === null ? _("never") : near(token.expires);
}

export function last_used(token) {
    return token.last_used === null ? _("not known") : near(token.last_used);
}

export function lifetime(name) {
    return { "one-login": _("one login"), "until-logout": _("until log-out") }[name] || name;
}

const has_passed = (time, seconds) => time !== null && -seconds_until(time) > seconds;

export const EXPIRING_DAYS = 30, UNUSED_DAYS = 90;

export function is_expiring(token) {
    return is_usable(token) && token.expires !== null && seconds_until(token.expires) < EXPIRING_DAYS * DAY;
}

/* As `list --unused` has it: neither used nor issued in this time, and started before. */
export function is_unused(token) {
    return token.state === "active" &&
        [token.created, token.starts, token.last_used].every(time => time === null || has_passed(time, UNUSED_DAYS * DAY));
}
