# Reads lines `KIND TIME` in the order of their times, and tells for each kind its quartiles, and the share of pairs in
# which it took longer than the kind in `reference`: 50 % is what cannot be told apart, by any number of attempts.

{
    count[$1]++
    time[$1, count[$1]] = $2
    # Each kind is compared with what has come before it.
    if ($1 != reference)
        above[$1] += count[reference]
}

function quartile(kind, part) {
    return time[kind, int((count[kind] - 1) * part / 4) + 1]
}

END {
    printf "%-24s %8s %10s %10s %10s %10s\n", "kind", "attempts", "quarter", "median", "3 quarters", "longer"
    for (kind in count) {
        share = kind == reference ? 0.5 : above[kind] / (count[kind] * count[reference])
        printf "%-24s %8d %10s %10s %10s %8.1f %%\n", kind, count[kind], quartile(kind, 1), quartile(kind, 2),
            quartile(kind, 3), 100 * share | "sort"
    }
}
