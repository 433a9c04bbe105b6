# shellcheck shell=bash
# Hosts of a fleet on this one machine: each has its own store, keys, trust, config and runtime directory; users and
# daemons are the machine's. For end-to-end tests, after lib.sh.

fleet_id=000102030405060708090a0b0c0d0e0f
fleet_source=/srv/fleet

# make_host NAME [LINE...]: in the fleet, with these settings besides.
make_host() {
    local root=/run/hosts/$1
    mkdir -p "$root"/{etc,store,run} "$fleet_source"
    chmod 700 "$root"/{etc,store,run}
    printf '%s\n' '[fleet]' "id = $fleet_id" "host = $1" "source = $fleet_source" "${@:2}" >"$root/apitoken.conf"
    mkdir -p /etc/apitoken /var/lib/apitoken /run/apitoken
    chmod 700 /etc/apitoken /var/lib/apitoken /run/apitoken
    : >>/etc/security/apitoken.conf
}

# on HOST COMMAND...: there; not a function. With $in_place in place of this shell.
on() {
    # shellcheck disable=SC2016
    ${in_place:+exec} unshare --mount sh -c '
        root=/run/hosts/$1
        shift
        mount --bind "$root/etc" /etc/apitoken
        mount --bind "$root/store" /var/lib/apitoken
        mount --bind "$root/run" /run/apitoken
        mount --bind "$root/apitoken.conf" /etc/security/apitoken.conf
        exec "$@"' - "$@"
}

# trusts HOST ISSUER...: the host believes these hosts, as it does all that they say of themselves.
trusts() {
    local issuer
    mkdir -p "/run/hosts/$1/etc/issuers"
    chmod 755 "/run/hosts/$1/etc/issuers"
    for issuer in "${@:2}"; do
        [ "$issuer" = "$1" ] || cp "/run/hosts/$issuer/etc/issuers/$issuer.pub" "/run/hosts/$1/etc/issuers/"
    done
}
