# shellcheck shell=bash
# What a command prints as JSON, and how it fails. For end-to-end tests, after lib.sh.

errors=/run/errors

# fails STATUS FIELD CODE COMMAND...: the last line of standard output says it, with the sentence of standard error; FIELD
# is - for null. Sets $before, what stands before that line.
fails() {
    local status=0 output line
    output=$("${@:4}" 2>"$errors") || status=$?
    line=${output##*$'\n'}
    before=${output%"$line"}
    printf 'exit %s, want %s:\n%s\n%s\n' "$status" "$1" "$output" "$(<"$errors")"
    [ "$status" -eq "$1" ] &&
        jq -es --arg field "$2" --arg code "$3" --arg said "$(<"$errors")" 'length == 1 and (.[0] |
            keys == ["code", "field", "message"] and (.field // "-") == $field and .code == $code and
            ("tokenadm: " + .message) == ($said | split("\n") | last))' <<<"$line"
}

# is FILTER TEXT: one object, to which jq says yes. Of nothing it says that itself.
is() {
    jq -es "length == 1 and (.[0] | $1)" <<<"$2"
}

# alone ARGUMENT...: as fails, and nothing else is printed.
alone() {
    fails "$@" && [ -z "$before" ]
}

# answers FILTER COMMAND...: it exits with 0, and jq says yes to its output.
answers() {
    local output
    output=$("${@:2}" 2>"$errors") && printf '%s\n' "$output" && is "$1" "$output"
}
