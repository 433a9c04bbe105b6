# Run by bench: reads machine, results, missing and goals, and prints the table; writes the same as JSON to the file
# json.
#
# A goal with a name that is not among the results is reported as not measured.

BEGIN {
    FS = "\t"
}

FILENAME ~ /machine$/ { machine[FNR] = $0 }
FILENAME ~ /results$/ { split($0, pair, " "); value[pair[1]] = pair[2] }
FILENAME ~ /missing$/ { missing[++missing_count] = $0 }
FILENAME ~ /goals$/ && !/^#/ { goals[++goal_count] = $0 }

# Evaluates an expression of names from left to right; "" if one of them was not measured.
function evaluate(expression,    words, count, result, i) {
    count = split(expression, words, " ")
    if (count == 0 || !(words[1] in value))
        return ""
    result = value[words[1]]
    for (i = 2; i < count; i += 2) {
        if (!(words[i + 1] in value))
            return ""
        if (words[i] == "+") result += value[words[i + 1]]
        else if (words[i] == "-") result -= value[words[i + 1]]
        else result /= value[words[i + 1]]
    }
    return result
}

function short(number) {
    return number == "" ? "" : number >= 100 ? sprintf("%.0f", number) : sprintf("%.3g", number)
}

function judge(quotient, sign, bound) {
    if (quotient == "") return "not measured"
    if (sign == "") return ""
    return (sign == "<=" ? quotient <= bound : quotient >= bound) ? "yes" : "NO"
}

function quote(text) {
    gsub(/["\\]/, "\\\\&", text)
    return "\"" text "\""
}

function or_null(number) {
    return number == "" ? "null" : number
}

function tell(goal,    field, measured, beside, quotient, verdict) {
    split(goal, field, "\t")
    measured = evaluate(field[2])
    beside = evaluate(field[3])
    quotient = field[3] == "" ? measured : measured == "" || beside == "" ? "" : measured / beside
    verdict = judge(quotient, field[4], field[5])
    printf "| %s | %s | %s | %s | %s | %s |\n", field[1], short(measured), short(beside), short(quotient),
        field[4] " " field[5], verdict
    printf "%s\n  {\"what\": %s, \"measured\": %s, \"beside\": %s, \"quotient\": %s, \"goal\": %s, \"met\": %s}",
        comma, quote(field[1]), or_null(measured), or_null(beside), or_null(quotient), quote(field[4] " " field[5]),
        verdict == "yes" ? "true" : verdict == "NO" ? "false" : "null" > json
    comma = ","
}

END {
    printf "%s, %s, %s, %s cores\n\n", machine[1], machine[2], machine[3], machine[4]
    print "| what | measured | beside | quotient | goal | met |"
    print "|---|---|---|---|---|---|"
    printf "{\"date\": %s, \"kernel\": %s, \"processor\": %s, \"cores\": %s,\n \"goals\": [",
        quote(machine[1]), quote(machine[2]), quote(machine[3]), machine[4] > json
    for (i = 1; i <= goal_count; i++)
        tell(goals[i])
    printf "\n ],\n \"results\": {" > json
    comma = ""
    for (name in value) {
        printf "%s\n  %s: %s", comma, quote(name), value[name] > json
        comma = ","
    }
    printf "\n },\n \"missing\": [" > json
    for (i = 1; i <= missing_count; i++) {
        printf "%s%s", (i > 1 ? ", " : ""), quote(missing[i]) > json
        print "\nnot measured: " missing[i]
    }
    print "]}" > json
}
