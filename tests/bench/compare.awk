# Reads lines `KIND TIME` in the order in which they were measured. Prints, for each kind, its quartiles, and the share
# of pairs in which it took longer than the kind in `reference`: at 50 % the two cannot be told apart, however many
# attempts are made.

{
    count[$1]++
    time[$1, count[$1]] = $2
    # Compare each kind with what came before it.
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
