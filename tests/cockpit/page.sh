# shellcheck shell=bash disable=SC2154 # lib.sh sets them
# The machine of the page's tests: Cockpit, the page, the door, sshd, and people with passwords. They read lib.sh first.
# shellcheck source-path=SCRIPTDIR/../lib
. "$lib/cockpit.sh"

config=/etc/security/apitoken.conf

need_browser() {
    need_cockpit
    if ! command -v chromium chromedriver dbus-daemon >/dev/null || ! /usr/bin/python3 -c 'import selenium' 2>/dev/null; then
        skip_all 'chromium, chromium-driver, dbus-daemon and python3-selenium are not installed'
    fi
}

prepare_page() {
    prepare_sshd >/dev/null
    install_cockpit
    add_user admin 'correct horse'
    usermod -aG sudo admin
    add_user bob 'battery staple'
    printf '%s\n' 'auth [success=1 perm_denied=die default=ignore] pam_apitoken.so' 'auth required pam_unix.so' \
        'account required pam_unix.so' >/etc/pam.d/tokenadm
    write "$config" '[self_service]' 'allow = alice, admin' '[preset nightly]' 'services = sshd' 'scopes = read,write' \
        'expires = 30d'
    tokenadm init >/dev/null 2>&1
    start_door
    echo "$door" >/run/door.pid
    start_confirm
    if needs_systemd; then start_buses; fi
    start_cockpit
}

# keep_pictures: what the browser shows is to outlive the sandbox, beside the log. Its directory is open on 9 from outside.
keep_pictures() {
    [ "${in_sandbox-}" != yes ] || return 0
    mkdir -p "${abs_top_builddir:?}/tests/cockpit/pictures"
    exec 9<"$abs_top_builddir/tests/cockpit/pictures"
}

# browse SCRIPT: which goes on with the tests.
browse() {
    SCREENSHOTS=/proc/self/fd/9 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$top/tests/cockpit \
        /usr/bin/python3 "$top/tests/cockpit/$1"
}
