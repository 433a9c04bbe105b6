# shellcheck shell=bash
# Shared by the end-to-end tests and the demo. Each reads it first, then calls `enter_sandbox "$@"`, so that everything
# after that happens in a private copy of the machine (see sandbox).
set -euo pipefail

lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Of the script that reads this.
here=$(cd "$(dirname "$0")" && pwd)
top=${lib%/tests/lib}
auth_log=/var/log/auth.log

# TAP

tests=0
failures=0

# report STATUS WHAT OUTPUT: prints the result of one test; and the output if it failed.
report() {
    tests=$((tests + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $tests - $2"
    else
        failures=$((failures + 1))
        echo "not ok $tests - $2"
        echo "# ${3//$'\n'/$'\n# '}"
    fi
}

# check WHAT COMMAND...: one test. The command runs in a subshell without `set -e`: functions used here join their
# commands by `&&`.
check() {
    local what=$1 output status=0
    shift
    output=$("$@" 2>&1) || status=$?
    report "$status" "$what" "${*@Q}"$'\n'"$output"
}

# check_along WHAT COMMAND...: the same in the background; join waits for all of these and reports them. Refused logins
# take time, and need not wait for each other.
along=()
along_pids=()

check_along() {
    local output=/run/along.${#along[@]}
    along+=("$1")
    shift
    (echo "${*@Q}" && "$@") >"$output" 2>&1 &
    along_pids+=("$!")
}

join() {
    local number status
    for number in "${!along[@]}"; do
        status=0
        wait "${along_pids[number]}" || status=$?
        report "$status" "${along[number]}" "$(<"/run/along.$number")"
    done
    along=()
    along_pids=()
}

# not COMMAND...: it fails by itself: not because it does not exist (126, 127), nor by a signal. grep must have found
# nothing, not failed to read. If the log has a reason, use not_for and keeps_out_for instead.
not() {
    local status=0
    "$@" || status=$?
    case $status in
    0 | 126 | 127) ;;
    129 | 1[3-8]? | 19[0-2]) ;;
    *) [ "$1" != grep ] || [ "$status" -eq 1 ] && return 0 ;;
    esac
    echo "exit $status of: ${*@Q}"
    return 1
}

# exits STATUS TEXT COMMAND...: it exits with this status, and its output contains this text.
exits() {
    local status=$1 text=$2 output actual=0
    shift 2
    output=$("$@" 2>&1) || actual=$?
    printf 'exit %s, want %s and "%s":\n%s\n' "$actual" "$status" "$text" "$output"
    [ "$actual" -eq "$status" ] && [[ $output == *"$text"* ]]
}

done_testing() {
    echo "1..$tests"
    [ "$failures" -eq 0 ]
}

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

# may_isolate: a container may forbid the namespaces that a sandbox is made of.
may_isolate() {
    unshare --mount --propagation unchanged --ipc --net --pid --fork true 2>/dev/null
}

enter_sandbox() {
    [ "${in_sandbox-}" != yes ] || return 0
    [ "$(id -u)" -eq 0 ] || skip_all 'only root can start real daemons'
    may_isolate || skip_all 'no namespaces can be made here'
    exec "$lib/sandbox" "$(readlink -f "$0")" "$@"
}

# wait_for COMMAND...: until it succeeds; it is tried 500 times at least, and for half a minute, on a busy machine.
wait_for() {
    local left=500 pause=0.02 end=$((SECONDS + 30))
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || [ "$SECONDS" -lt "$end" ] || { echo "waited in vain for: $*" >&2; return 1; }
        sleep "$pause"
    done
}

# sleeps PID: for a time, in the kernel; as a sweep does, before it looks again whether somebody is gone.
sleeps() {
    grep -q nanosleep "/proc/$1/wchan"
}

# Prints the state of a user's tokens, and how long that took: the time is shown for "within a second", but not judged,
# since the machine may be busy with other tests.

has_deactivated() {
    tokenadm list --user "$1" | grep -q ' deactivated '
}

# soon_deactivated USER: by watch.
soon_deactivated() {
    local start=${EPOCHREALTIME/./} span
    wait_for has_deactivated "$1" || return 1
    span=$(((${EPOCHREALTIME/./} - start) / 1000))
    echo "$span" >>/run/spans
}

print_slowest() {
    [ ! -e /run/spans ] || echo "# deactivated within $(sort -n /run/spans | tail -n 1) ms at the most"
}

# Users and stacks

# add_user NAME PASSWORD. If the machine has a user of this name, this one replaces it, in the sandbox.
add_user() {
    userdel "$1" 2>/dev/null || true
    useradd --create-home --shell /bin/bash "$1"
    chpasswd <<<"$1:$2"
}

# Debian's common files, whatever the machine's own contain, and the stacks that we recommend.
install_stacks() {
    cat >/etc/pam.d/common-auth <<'END'
auth	[success=1 default=ignore]	pam_unix.so nullok
auth	requisite			pam_deny.so
auth	required			pam_permit.so
END
    cat >/etc/pam.d/common-account <<'END'
account	[success=1 new_authtok_reqd=done default=ignore]	pam_unix.so
account	requisite			pam_deny.so
account	required			pam_permit.so
END
    cat >/etc/pam.d/common-session <<'END'
session	[default=1]			pam_permit.so
session	requisite			pam_deny.so
session	required			pam_permit.so
session	required	pam_unix.so
END
    cp /etc/pam.d/common-session /etc/pam.d/common-session-noninteractive
    cp "$top"/contrib/pam.d/* /etc/pam.d/
}

# install_recipe SERVICE: the stack that docs/services.md has for a single service.
install_recipe() {
    sed -n '/^# Services/,/^| Service/s/^    \([as@].*\)/\1/p' "$top/docs/services.md" >"/etc/pam.d/$1"
}

# For tests of sshd: the machine with sshd, and a user alice with a password and a key.
prepare_sshd() {
    install_stacks
    start_syslog
    start_sshd
    add_user alice 'correct horse'
    make_key alice
    install -m 0755 /dev/stdin /run/askpass <<<$'#!/bin/sh\nprintf "%s\\n" "$PASSWORD"'
    ssh-keyscan -T 60 -t ed25519 127.0.0.1 >/root/.ssh/known_hosts 2>/dev/null
}

# prepare_tries: makes ~alice/try, in which tests/confine/tries works, and starts the process outside.
prepare_tries() {
    local try=/home/alice/try
    install "${abs_top_builddir:?}"/tests/confine/{enter,tries} /usr/local/bin/
    install -m 4755 /usr/bin/test /usr/local/bin/set-uid
    mknod -m 666 /srv/random c 1 8
    install -d -o alice /run/outside "$try"
    # Before Linux 6.6, tmpfs has no user attributes.
    if ! (cd "$try" && enter -u alice tries prepare) 2>/dev/null; then mount_disk "$try" alice; fi
    (cd "$try" && enter -u alice tries prepare && enter -u alice tries outside && wait_for test -e outside)
}

# mount_disk DIR OWNER: ext4, in the file /root/disk. Other tests have loop devices, too: any that is free will do.
mount_disk() {
    local number
    mknod /dev/loop-control c 10 237
    for number in {0..31}; do mknod "/dev/loop$number" b 7 "$number"; done
    truncate --size 16M /root/disk
    mkfs.ext4 -q /root/disk
    mount -o loop /root/disk "$1"
    chown "$2" "$1"
}

# Daemons

start_syslog() {
    cc -O1 -o /run/logsink "$lib/logsink.c"
    /run/logsink /dev/log "$auth_log"
}

listens() {
    ss -Hltn "sport = :$1" | grep -q .
}

# Since 9.8 (Debian 13), sshd serves connections with another program, and refuses addresses that failed too often.
is_openssh_9_8() {
    [ -e /usr/lib/openssh/sshd-session ]
}

# For both ends of ssh: a host key is accepted when first seen, and each login has one attempt.
configure_sshd() {
    cat >/etc/ssh/sshd_config <<'END'
ListenAddress 127.0.0.1
UsePAM yes
PasswordAuthentication yes
KbdInteractiveAuthentication yes
PrintMotd no
AcceptEnv LANG LC_*
MaxStartups 100
Subsystem sftp /usr/lib/openssh/sftp-server
END
    if is_openssh_9_8; then echo 'PerSourcePenalties no' >>/etc/ssh/sshd_config; fi
    cat >/etc/ssh/ssh_config <<'END'
StrictHostKeyChecking accept-new
LogLevel ERROR
NumberOfPasswordPrompts 1
END
    ssh-keygen -q -A
    mkdir -p /run/sshd
}

start_sshd() {
    configure_sshd
    run_sshd
}

# run_sshd: as it is configured. It listens before its pid is in the file.
run_sshd() {
    /usr/sbin/sshd
    wait_for listens 22
    wait_for test -s /run/sshd.pid
}

# restart_sshd: the old one removes the file when it listens no more; by then it might be that of the new one.
restart_sshd() {
    kill "$(</run/sshd.pid)"
    wait_for test ! -e /run/sshd.pid
    run_sshd
}

# set_pam_name NAME: sets $pam_name to the options of an sshd that is this service. Its PAM name is that of its program,
# or, with another one for connections, a setting.
set_pam_name() {
    pam_name=()
    ! is_openssh_9_8 || pam_name=(-o PAMServiceName="$1")
}

# start_sshd_as NAME PORT [OPTION...]: another sshd.
start_sshd_as() {
    [ -e "/usr/sbin/$1" ] || ln -s sshd "/usr/sbin/$1"
    set_pam_name "$1"
    "/usr/sbin/$1" -p "$2" -o PidFile=none "${pam_name[@]}" "${@:3}"
    wait_for listens "$2"
}

# Its seccomp sandbox gets it killed on newer kernels, with or without PAM.
start_vsftpd() {
    cat >/etc/vsftpd.conf <<'END'
listen=YES
listen_ipv6=NO
listen_address=127.0.0.1
anonymous_enable=NO
local_enable=YES
write_enable=YES
pam_service_name=vsftpd
session_support=YES
secure_chroot_dir=/run/vsftpd/empty
seccomp_sandbox=NO
END
    mkdir -p /run/vsftpd/empty
    vsftpd /etc/vsftpd.conf </dev/null >/dev/null 2>&1 &
    wait_for listens 21
}

# bootstrap unpacks it: installing the package would remove vsftpd.
proftpd=$top/build/proftpd/usr/sbin/proftpd

# load_proftpd MODULE...: the settings that do it, of those that are no part of the program in this release.
load_proftpd() {
    local modules=$top/build/proftpd/usr/lib/proftpd module
    echo "ModulePath $modules"
    for module in "$@"; do
        [ ! -e "$modules/$module.so" ] || echo "LoadModule $module.c"
    done
}

# start_proftpd PORT [LINE...]: with these additional settings.
start_proftpd() {
    mkdir -p /etc/proftpd
    cat <(load_proftpd mod_delay mod_ls mod_xfer) - <(printf '%s\n' "${@:2}") >/etc/proftpd/proftpd.conf <<END
ServerType standalone
DefaultAddress 127.0.0.1
UseIPv6 off
Port $1
PidFile /run/proftpd.$1.pid
ScoreboardFile /run/proftpd.$1.scoreboard
AuthOrder mod_auth_pam.c* mod_auth_unix.c
AuthPAMConfig proftpd
AllowOverwrite on
AllowStoreRestart on
User nobody
Group nogroup
END
    "$proftpd" -c /etc/proftpd/proftpd.conf
    wait_for listens "$1"
}

# Logging in

# issue USER NAME SERVICES SCOPES [OPTION...]: prints the token; also of scopes that no service takes.
issue() {
    tokenadm issue --force --user "$1" --name "$2" --service "$3" --scope "$4" "${@:5}"
}

# sign TEXT: completes a token with its checksum, CRC-32 in base 62.
sign() {
    local letters=({0..9} {A..Z} {a..z}) crc digits=
    crc=$(printf %s "$1" | gzip -c | tail -c 8 | od -An -N 4 -tu4)
    for _ in {1..6}; do
        digits=${letters[crc % 62]}$digits
        crc=$((crc / 62))
    done
    echo "$1$digits"
}

# ssh_as METHOD USER PASSWORD [COMMAND [OPTION...]]: the password may contain any byte but a newline. The client's
# address is $from, which identifies its lines in the log; the server's port is $port.
ssh_as() {
    PASSWORD=$3 SSH_ASKPASS=/run/askpass SSH_ASKPASS_REQUIRE=force ssh -b "${from:-127.0.0.1}" -p "${port:-22}" \
        -o PreferredAuthentications="$1" "${@:5}" "$2@127.0.0.1" "${4:-id -un}" </dev/null
}

lets_in() {
    exits 0 "$2" ssh_as "$@"
}

# Whatever the reason, the client is told the same. (ssh ends its messages with \r
# .)
keeps_out() {
    local output status=0
    output=$(ssh_as "$@" 2>&1) || status=$?
    output=${output//$'\r'/}
    printf 'exit %s: %s\n' "$status" "$output"
    [ "$status" -eq 255 ] &&
        [ "$output" = "$2@127.0.0.1: Permission denied (publickey,password,keyboard-interactive)." ]
}

# keeps_out_for REASON METHOD USER PASSWORD [...]: and the log has one line that refuses the token for this reason.
keeps_out_for() {
    mark_log
    keeps_out "${@:2}" && refusal_is "$1"
}

# not_for REASON COMMAND...: the command, which sends a token, fails, and the log has one line with this reason.
not_for() {
    mark_log
    not "${@:2}" && refusal_is "$1"
}

# refusal_is REASON: since the mark, one token was refused, for this reason. The reason is a pattern, which must match
# the whole text. If the client has its own address ($from), other clients do not count.
refusal_is() {
    logged_once "refused .* reason=$1\$" "refused .*${from:+rhost=$from }"
}

# denied_by PATTERN METHOD USER PASSWORD [...]: another module refuses it, with a line in the log: pam_apitoken refuses
# nothing.
denied_by() {
    mark_log
    exits 255 '' ssh_as "${@:2}" && logged_nothing refused && grep -E -- "$1" <(new_log)
}

# logs_in_by COMMAND SERVICE: by COMMAND USER PASSWORD, alice logs in to the service as docs/services.md promises: by
# token and by password, and with no token that is not to be accepted. It may not tell PAM the client's address.
logs_in_by() {
    local try=$1 service=$2 good once name
    for name in good cut reader revoked; do
        issue alice "$name" "$service" "read$([ "$name" = reader ] || echo ,write)" >"/root/alice.$name" 2>/dev/null
    done
    issue alice elsewhere other read,write >/root/alice.elsewhere
    tokenadm revoke alice/revoked
    good=$(</root/alice.good)
    mark_log
    check 'a token logs in' "$try" alice "$good"
    check 'and one line says so' logged_once \
        "pam_apitoken\($service:auth\): accepted id=${good:4:10} user=alice service=$service rhost=[^ ]*( via=door caller=[0-9]+)?\$"
    mark_log
    check "the user's own password logs in" "$try" alice 'correct horse'
    check 'a wrong one does not' not "$try" alice 'wrong horse'
    check 'the module has nothing to log about these' logged_nothing
    check_along 'cut by one: refused' id_refused_for malformed "$try" alice "$(head -c 63 /root/alice.cut)"
    for name in elsewhere:wrong-service reader:too-few-scopes revoked:revoked; do
        check_along "$name" id_refused_for "${name#*:}" "$try" alice "$(<"/root/alice.${name%:*}")"
    done
    check_along "another user's: refused" id_refused_for not-the-owner "$try" bob "$good"
    join
    once=$(issue alice once "$service" read,write --once 2>/dev/null)
    check 'for one login: the first' "$try" alice "$once"
    check 'for one login: the second' not_for revoked "$try" alice "$once"
    usermod --expiredate 1 alice
    check 'the account expires: refused' not_for account-expired "$try" alice "$good"
    check 'and its tokens are deactivated' has_deactivated alice
    usermod --expiredate '' alice
    check 'they stay so when it is back' not_for deactivated "$try" alice "$good"
    tokenadm approve "${good:4:10}"
    check 'until one is approved' "$try" alice "$good"
    check 'the log holds no token' holds_no_secret "$good" "$auth_log"
}

# is_open SOCKET: somebody listens there. It exists before that.
is_open() {
    ss -Hlx src "unix:$1" | grep -q LISTEN
}

# start_door: for services that cannot open the store themselves. Sets $door.
start_door() {
    tokenadm door >/run/door.log 2>&1 &
    door=$!
    wait_for is_open /run/apitoken-door/socket
}

# start_confirm: what asks for passwords, for the door. Sets $confirm.
start_confirm() {
    tokenadm door --confirm >/run/confirm.log 2>&1 &
    confirm=$!
    wait_for is_open /run/apitoken-confirm/socket
}

stop_door() {
    kill "$door"
    wait "$door"
}

# id_refused_for REASON COMMAND USER TOKEN: since the mark, this token alone was refused once, for this reason.
id_refused_for() {
    not "${@:2}" && logged_once "refused .* reason=$1\$" "refused id=${4:4:10} "
}

# make_key USER: the key of this root opens the user's account.
make_key() {
    [ -e /root/.ssh/id_ed25519 ] || ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
    install -D -m 0600 -o "$1" -g "$1" /root/.ssh/id_ed25519.pub "/home/$1/.ssh/authorized_keys"
}

key_lets_in() {
    lets_in publickey "$1" ''
}

# ftp USER PASSWORD FILE [OPTION...]: with curl's options.
ftp() {
    curl -sS --max-time 60 --interface "${from:-127.0.0.1}" --user "$1:$2" "ftp://127.0.0.1:${port:-21}/$3" "${@:4}"
}

# lives NUMBER: this many sessions are open.
lives() {
    local listed
    listed=$(tokenadm sessions --json) || return 1
    [ "$(grep -c '"id"' <<<"$listed")" -eq "$1" ]
}

# The log. mark_log, then a login, then new_log: what the login has logged.

log_start=0

# Once the mark is in the file, everything sent before it is, too.
sync_log() {
    local mark="mark $SRANDOM"
    logger "$mark"
    wait_for grep -q "$mark" "$auth_log"
}

mark_log() {
    sync_log
    log_start=$(stat -c %s "$auth_log")
}

new_log() {
    sync_log
    tail -c "+$((log_start + 1))" "$auth_log"
}

# module_lines [FILTER]: what the module has logged since the mark.
module_lines() {
    new_log | grep 'pam_apitoken(' | grep -E -- "${1-}" || true
}

# logged_once PATTERN [FILTER]: there is exactly one line, and it matches.
logged_once() {
    local lines
    lines=$(module_lines "${2-}")
    printf 'want one line, %s:\n%s\n' "$1" "$lines"
    [[ $lines != *$'\n'* ]] && grep -qE -- "$1" <<<"$lines"
}

logged_nothing() {
    local lines
    lines=$(module_lines "$@")
    printf 'want nothing:\n%s\n' "$lines"
    [ -z "$lines" ]
}

# asked_pam_unix ADDRESS: since the mark, pam_unix has refused a password from there.
asked_pam_unix() {
    grep "pam_unix([a-z]*:auth): authentication failure;.* rhost=$1 " <(new_log)
}

# holds_no_secret TOKEN PLACE...: not even the start of its secret.
holds_no_secret() {
    not grep -rlaF -- "${1:15:12}" "${@:2}"
}

# Owners of tokens, for a service that has only the module

# A service for pamtester: `own`. pam_permit answers for a directory's accounts, as our module does not.
own_service() {
    printf '%s required %s.so\n' auth pam_apitoken account pam_apitoken account pam_permit >/etc/pam.d/own
}

# owners USER...: each gets a token named t, kept in /root/USER.token.
owners() {
    local user
    for user in "$@"; do
        id -u "$user" >/dev/null 2>&1 || useradd "$user"
        issue "$user" t own read,write >"/root/$user.token"
    done
}

logs_in_as() {
    pamtester own "$1" authenticate acct_mgmt <"/root/$1.token"
}

# start_directory: adds a name service that fails as told (see nss_probe.c).
start_directory() {
    cc -O1 -shared -fPIC -o /usr/lib/libnss_probe.so.2 "$lib/nss_probe.c"
    sed -i 's/^\(passwd\|shadow\|group\):.*/\1: files probe/' /etc/nsswitch.conf
}

# refused_as USER REASON: his token is refused, and exactly one log line that names him says why.
refused_as() {
    mark_log
    not logs_in_as "$1" && logged_once "refused .* user=$1 .* reason=$2\$" "refused .* user=$1 "
}

# state_is USER STATE: of his token.
state_is() {
    tokenadm show "$1/t" | grep -qxE "State: +$2"
}

# ended USER BY REASON: how it was deactivated.
ended() {
    state_is "$1" deactivated && tokenadm show "$1/t" | grep -qxE "Ended: +[^ ]+ by $2: $3"
}

all_active() {
    local user
    for user in "$@"; do
        state_is "$user" active || { echo "not $user"; return 1; }
    done
}

# Breaking a store, and restoring it

store=/var/lib/apitoken
key=/etc/apitoken/key

save_store() {
    mkdir /root/saved
    cp -a "$store" /root/saved/store
    cp -a "${key%/*}" /root/saved/key
}

mend_store() {
    rm -rf "$store" "${key%/*}"
    cp -a /root/saved/store "$store"
    cp -a /root/saved/key "${key%/*}"
}

# A hash of every byte that is left.
store_contents() {
    sha256sum "$key" "$store"/* 2>/dev/null || true
}

link_away() {
    mv "$1" /root/elsewhere
    ln -s /root/elsewhere "$1"
}

# write FILE LINE...
write() {
    printf '%s\n' "${@:2}" >"$1"
}

replace_key() {
    head -c 32 /dev/urandom >"$key"
}

# damage_head OFFSET: changes one byte of the database's header.
damage_head() {
    printf X | dd of="$store/tokens.tdb" bs=1 seek="$1" conv=notrunc status=none
}

# change_byte FILE OFFSET: to another one, whatever it is.
change_byte() {
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    printf '%b' "\\x$(printf %02x $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# each_trouble CALL: for each way to break a store that must be noticed when it is opened, calls CALL with its name, a
# text that the message contains, and the command that does it.
each_trouble() {
    "$1" 'a database that others can read' 'chmod 600' chmod 0644 "$store/tokens.tdb"
    "$1" 'a database that others can write' 'chmod 600' chmod 0660 "$store/tokens.tdb"
    "$1" 'a directory that others can write' 'chmod 700' chmod 0777 "$store"
    "$1" 'a link in place of the database' "$store/tokens.tdb" link_away "$store/tokens.tdb"
    "$1" 'a key that others can read' 'chmod 600' chmod 0640 "$key"
    "$1" 'a link in place of the key' "$key" link_away "$key"
    "$1" 'no key' "$key" rm "$key"
    "$1" 'a key of another size' "$key" write "$key" short
    "$1" "another store's key" 'sealed with another key' replace_key
    "$1" 'a byte damaged in the magic' "$store/tokens.tdb" damage_head 3
    "$1" 'a byte damaged in the version' "$store/tokens.tdb" damage_head 32
    "$1" 'a byte damaged in the size of the table' "$store/tokens.tdb" damage_head 36
}

# picture png|jpeg|webp: a small one, of 3 x 2 pixels.
picture() {
    case $1 in
    png) echo 'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAFUlEQVR42mM8IWfDwMDAwMDAxAADABUsASaFIE1GAAAAAElFTkSuQmCC' ;;
    jpeg) echo '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP////////////////////////////////////////////////////////////////////////'\
'//////////////wAALCAACAAMBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAv/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AL//Z' ;;
    webp) echo 'UklGRh4AAABXRUJQVlA4TBEAAAAvAkAAAAdQjyKXp/+BiOh/AAA=' ;;
    esac | base64 -d
}
