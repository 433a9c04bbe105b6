# shellcheck shell=sh disable=SC2034
# Shared by the tests of the texts. In each comparison < is the code, and > the
# text.
set -u
LC_ALL=C
export LC_ALL

src=${abs_top_srcdir:?is set by make check}
tokenadm=${abs_top_builddir:?is set by make check}/tokenadm/tokenadm
page=$src/tokenadm/tokenadm.8
module_page=$src/pam_apitoken/pam_apitoken.8
config_page=$src/pam_apitoken/apitoken.conf.5
readme=$src/README.md

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1

number=0

# result STATUS WHAT: one case, with its diagnostics in the file `out`.
result() {
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		sed 's/^/# /' out
	fi
}

skip() {
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

# same WHAT CODE TEXT: both files have the same lines, in any order. It is an
# error if both are empty: nothing was compared.
same() {
	sort -u "$2" >code.sorted
	sort -u "$3" >text.sorted
	if [ -s "$2" ]; then
		diff code.sorted text.sorted >out
	else
		echo "nothing was found in the code" >out
		false
	fi
	result $? "$1"
}

# none WHAT: `out` has no line.
none() {
	[ ! -s out ]
	result $? "$1"
}
