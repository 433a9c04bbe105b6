# shellcheck shell=bash
# How a demo is told: what somebody would type, and what he would see. Every command is run, and its result checked.
# Read after lib.sh, in the sandbox.

output=/run/demo.output
steps=0
surprises=()
# Where it is typed: what its prompt begins with, and the words that run a command there.
machine=
enter=()
# When the last command ended, in microseconds.
returned=

# Colours, ours and those of commands, on a terminal only.
story='' typed='' plain='' colours='s/\x1b\[[0-9;]*m//g'
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
    story=$'\e[36m' typed=$'\e[1m' plain=$'\e[0m' colours=
fi

# What is shown has a margin of four columns.
width=$(stty size 2>/dev/null <&1 | cut -d ' ' -f 2 || true)
[ "${width:-0}" -ge 60 ] || width=80

tell() {
    echo
    printf "$story%s$plain\n" "$@"
    echo
}

# types PROMPT COMMAND
types() {
    printf "    $typed%s %s$plain\n" "$machine$1" "$2"
}

# on_terminal COMMAND: as it looks on one, whose width is that of ours without the margin.
on_terminal() {
    script -qec "stty cols $((width - 4)); $1; status=\$?; date +%s%6N >$output.end; exit \$status" /dev/null </dev/null |
        tr -d '\r'
    return "${PIPESTATUS[0]}"
}

show() {
    sed -e "$colours" -e 's/^/    /' "$output"
}

# run COMMAND: what sets a variable is run in this shell.
run() {
    local there="cd; $1" value=${1#*=\$(}
    status=0
    types '#' "$1"
    case $1 in
        [A-Z]*=\$\(*)
            value=$("${enter[@]}" bash -c "cd; ${value%)}" 2>"$output" </dev/null) || status=$?
            returned=${EPOCHREALTIME/./}
            export "${1%%=*}=$value"
            ;;
        *)
            on_terminal "${enter[*]} bash -c ${there@Q}" >"$output" 2>&1 || status=$?
            returned=$(<"$output.end")
            ;;
    esac
    show
}

# judge COMMAND TEST...: checks the result of the command.
judge() {
    local command=$machine${machine:+: }$1
    shift
    steps=$((steps + 1))
    "$@" && return
    echo "!! not as expected; exit status $status, wanted: $*"
    surprises+=("$command")
}

succeeded() {
    [ "$status" -eq 0 ] && [[ $(<"$output") == *"$1"* ]]
}

failed_with() {
    [ "$status" -ne 0 ] && [[ $(<"$output") == *"$1"* ]]
}

# works COMMAND [TEXT]: TEXT is part of its output.
works() {
    run "$1"
    judge "$1" succeeded "${2-}"
}

# fails COMMAND TEXT
fails() {
    run "$1"
    judge "$1" failed_with "$2"
}

finish() {
    echo
    if [ "${#surprises[@]}" -eq 0 ]; then
        echo "demo: all $steps steps went as expected, in $SECONDS s; nothing of this stays on the machine"
        return 0
    fi
    echo "demo: ${#surprises[@]} of $steps steps did not go as expected:"
    printf '  %s\n' "${surprises[@]}"
    return 1
}
