# shellcheck shell=bash
# median: of the numbers on standard input.
median() {
    sort -n | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] }'
}
