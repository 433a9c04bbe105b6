# shellcheck shell=sh disable=SC2034
# What the tests of the texts share. In each comparison < is the code's side,
# and > the text's.
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

# result STATUS WHAT: one case, whose diagnosis is in the file `out`.
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

# same WHAT CODE TEXT: the lines of two files, in any order. That neither has
# any means that nothing was looked at.
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

# none WHAT: no line is in `out`.
none() {
	[ ! -s out ]
	result $? "$1"
}
