#!/bin/bash
# Run by `make bench-refusals`, in the sandbox: whether refusals can be told apart by their timing, through the module
# without any delay ($REFUSAL_ROUNDS attempts of each kind), and through a real sshd ($REFUSAL_LOGINS).
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../lib/lib.sh"

rounds=${REFUSAL_ROUNDS:-2000}
logins=${REFUSAL_LOGINS:-60}
seed=${APITOKEN_SEED:-1}
kinds=/root/kinds

is_over() {
    not tokenadm verify --user alice --service sshd <<<"$brief"
}

# kind NAME USER PASSWORD
kind() {
    printf '%s\t%s\t%s\n' "$@" >>"$kinds"
}

make_kinds() {
    local good brief forgotten other
    good=$(issue alice good sshd read,write)
    brief=$(issue alice brief sshd read,write --expires 1s)
    forgotten=$(issue alice forgotten sshd read,write)
    tokenadm delete --yes --force alice/forgotten
    kind token-unknown alice "$forgotten"
    other=$(sign "${good:0:40}xxxxxxxxxxxxxxxxxx")
    kind token-wrong-secret alice "$other"
    kind token-malformed alice "${good:0:63}x"
    kind token-revoked alice "$(issue alice gone sshd read,write)"
    tokenadm revoke alice/gone
    kind token-foreign alice "$(issue bob good sshd read,write)"
    kind token-other-service alice "$(issue alice ftp vsftpd read,write)"
    wait_for is_over
    kind token-expired alice "$brief"
    kind token-disabled carol "$(issue carol good sshd read,write)"
    usermod -L -e 1 carol
    kind user-unknown-token nosuch "$good"
    kind user-unknown-password nosuch 'wrong horse'
    kind password-wrong alice 'wrong horse'
}

# One login by ssh, in milliseconds.
log_in() {
    local start=${EPOCHREALTIME/./}
    not ssh_as "$1" "$3" "$4" >/dev/null 2>&1 || { echo "refusals: $2 is let in" >&2; return 1; }
    echo "$2 $(((${EPOCHREALTIME/./} - start) / 1000))"
}

# Six at a time, each round in its own order.
through_sshd() {
    local number name user password
    for number in $(seq "$logins"); do
        while IFS=$'\t' read -r name user password; do
            while [ "$(jobs -rp | wc -l)" -ge 6 ]; do wait -n; done
            log_in "$1" "$name" "$user" "$password" &
        done < <(shuf --random-source=<(yes "$seed $number") "$kinds")
    done
    wait
}

compare() {
    sort -n -k 2 | awk -v reference=token-unknown -f "$top/tests/bench/compare.awk"
}

prepare_sshd
add_user bob 'battery staple'
add_user carol 'staple horse'
make_kinds
echo "# seed $seed"
echo "through the module, microseconds, without the delay of two seconds:"
"${abs_top_builddir:?}/tests/bench/refusals" sshd "$rounds" "$seed" <"$kinds" | compare
for method in password keyboard-interactive; do
    echo "through sshd, by $method, milliseconds:"
    through_sshd "$method" | compare
done
