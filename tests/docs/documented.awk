# Reads the lines of settings.awk, then a text that describes the settings:
# `[section]` lines, `#KEY key = default` lines, and the description of each
# below it. Prints them in the form of settings.awk: with the range that the
# text gives, and with those words of the code's choices that the text has.

function flush(n, i, word, words, range)
{
	if (key == "")
		return
	if (match(text, /[0-9]+s? to [0-9]+s?/))
		range = substr(text, RSTART, RLENGTH)
	n = split(words_of[key], word, " ")
	for (i = 1; i <= n; i++) {
		if (match(text, "[^a-z_]" word[i] "[^a-z_]"))
			words = words (words == "" ? "" : " ") word[i]
	}
	print key " = " value "|" range "|" words
	key = ""
}

NR == FNR {
	split($0, field, "|")
	split(field[1], part, " = ")
	words_of[part[1]] = field[3]
	next
}

/^\[/ { flush(); section = $0; next }

sub(/^#KEY /, "") {
	flush()
	split($0, part, / = ?/) # the default may be nothing
	key = section " " part[1]
	value = part[2]
	text = " " value " "
	next
}

{ text = text " " $0 " " }

END { flush() }
