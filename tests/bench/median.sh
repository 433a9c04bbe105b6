# shellcheck shell=bash
# median: of the numbers that it reads.
median() {
    sort -n | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] }'
}
