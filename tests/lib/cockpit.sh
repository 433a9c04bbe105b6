# shellcheck shell=bash disable=SC2154 # lib.sh sets them
# Cockpit's web server with its real login, for the tests that need it; they read lib.sh first.

cockpit_port=9191

# need_cockpit: or the test is skipped.
need_cockpit() {
    [ -e "$top/build/cockpit/depends" ] || skip_all 'cockpit is not in build/: ./bootstrap check fetches it'
}

# install_cockpit: as its packages do.
install_cockpit() {
    cp -a "$top/build/cockpit"/{etc,usr} /
    cp -a "$top/build/cockpit/lib/." /usr/lib 2>/dev/null || true
    mkdir -p /run/cockpit /etc/cockpit /nonexistent
    printf '%s\n' '[WebService]' 'AllowUnencrypted = true' >/etc/cockpit/cockpit.conf
    install_recipe cockpit
}

# Since Debian 13: systemd starts the program that asks PAM, at a socket; in 12 the web server does.
needs_systemd() {
    grep -q /run/cockpit/session /usr/lib/cockpit/cockpit-ws
}

# start_buses: the system's, which is every session's, too. Without them, Debian 13's bridge ends when the shell's own
# pages ask for one.
start_buses() {
    mkdir -p /run/dbus
    dbus-daemon --system --nopidfile >/run/dbus.log 2>&1
    echo 'DBUS_SESSION_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket' >>/etc/environment
    echo 'session required pam_env.so' >>/etc/pam.d/cockpit
}

start_cockpit() {
    local account=cockpit-wsinstance
    id "$account" >/dev/null 2>&1 || useradd --system --no-create-home --user-group "$account"
    if needs_systemd; then
        systemd-socket-activate --accept --inetd -l /run/cockpit/session /usr/lib/cockpit/cockpit-session >/run/session.log 2>&1 &
        wait_for test -S /run/cockpit/session
        chmod 0666 /run/cockpit/session
    else
        chgrp "$account" /usr/lib/cockpit/cockpit-session
        chmod 4750 /usr/lib/cockpit/cockpit-session
    fi
    setpriv --reuid "$account" --regid "$account" --clear-groups \
        /usr/lib/cockpit/cockpit-ws --no-tls --address 127.0.0.1 --port "$cockpit_port" >/run/cockpit.log 2>&1 &
    wait_for listens "$cockpit_port"
}
