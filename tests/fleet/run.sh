# shellcheck shell=bash
# run KIND [PART...]: those parts of $suite (suite.py), in namespaces that end with it. For the tests here.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
abs_top_srcdir=${abs_top_srcdir:-${here%/tests/fleet}}
export abs_top_builddir=${abs_top_builddir:-$abs_top_srcdir/build/default}

skip() {
    echo "1..0 # SKIP $*"
    exit 0
}

run() {
    local place
    [ "$(id -u)" -eq 0 ] || skip 'only root can make network namespaces'
    [ -x "$abs_top_builddir/fleet_etcd/fleet-etcd" ] || skip 'built with --disable-etcd'
    command -v python3 openssl >/dev/null || skip 'no python3, or no openssl'
    place=$(mktemp -d) || exit 1
    # shellcheck disable=SC2064 # that place
    trap "rm -rf '$place'" EXIT
    # shellcheck disable=SC2016 # the inner shell's
    unshare --net --mount --pid --fork --kill-child --mount-proc -- sh -c \
        'mkdir -p /run/netns && mount -t tmpfs none /run/netns && exec python3 "$0" "$@"' "$here/${suite:-suite.py}" "$place" "$@"
}
