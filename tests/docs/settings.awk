# Reads libapitoken/config/config.h and config_keys.c; prints a line for each of its settings, the last
# two fields being the range of a number and the words of a choice:
#
#	[section] key = default|least to most|words

/^#define CONFIG_[A-Z_]+ +[0-9]+/ { number[$2] = $3 }
/^static const struct setting SETTINGS\[\] = \{/ { into = "settings"; next }
/^static const struct config DEFAULTS = \{/ { into = "defaults"; next }
/^};/ { into = "" }
into != "" { gsub(/[ \t]/, ""); text[into] = text[into] $0 }

# default_of[member], from `.policy={.max_tokens=10,`: a value ends at the next `,` or `}` outside of quotes, and a `{`
# in its place opens a nested struct.
function read_defaults(rest, prefix, name)
{
	while (match(rest, /^[,}]*\.[a-z_]+=/)) {
		if (rest ~ /^,?}/)
			prefix = ""
		name = substr(rest, 1, RLENGTH - 1)
		sub(/^.*\./, "", name)
		rest = substr(rest, RLENGTH + 1)
		if (rest ~ /^{/) {
			prefix = name "."
			rest = substr(rest, 2)
			continue
		}
		match(rest, /^([^,}"]|"[^"]*")*/)
		default_of[prefix name] = substr(rest, 1, RLENGTH)
		rest = substr(rest, RLENGTH + 1)
	}
}

# A C expression, in the syntax of the config file.
function written(value, kind)
{
	sub(/LOCALSTATEDIR/, "/var", value)
	sub(/SYSCONFDIR/, "/etc", value)
	sub(/RUNSTATEDIR/, "/run", value)
	gsub(/"/, "", value)
	sub(/^TIME_NEVER$/, "never", value)
	if (value ~ /^INT64_C\([0-9]+\)\*24\*60\*60$/) {
		gsub(/INT64_C\(|\).*/, "", value)
		return value "d"
	}
	if (value ~ /^[0-9]+\*60\*60$/) {
		sub(/\*.*/, "", value)
		return value "h"
	}
	if (kind == "KIND_SERVICES" || kind == "KIND_BEFORE")
		gsub(/,/, ", ", value)
	return kind == "KIND_SECONDS" ? value "s" : value
}

# One setting, split into fields: section key kind AT member least most words.
function print_setting(field, kind, value, range, words, unit)
{
	kind = field[4]
	value = written(default_of[field[6]], kind)
	if (kind == "KIND_CHOICE") {
		words = field[9] " " field[10]
		value = default_of[field[6]] == "true" ? field[10] : field[9]
	}
	if (kind == "KIND_NUMBER" || kind == "KIND_SECONDS") {
		unit = kind == "KIND_SECONDS" ? "s" : ""
		range = field[7] unit " to " field[8] unit
	}
	printf "[%s] %s = %s|%s|%s\n", field[2], field[3], value, range, words
}

END {
	one = "{\"[a-z_]+\",\"[a-z_]+\",KIND_[A-Z]+,AT\\([a-z_.]+\\)," \
	    "[0-9]+,[0-9]+,{[^}]*}}"
	read_defaults(text["defaults"])
	rest = text["settings"]
	for (name in number)
		gsub("," name ",", "," number[name] ",", rest)
	count = gsub(/KIND_/, "&", rest)
	while (match(rest, one)) {
		setting = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		delete field
		split(setting, field, /[{}",()]+/)
		print_setting(field)
		count--
	}
	if (count != 0)
		print "settings.awk does not understand the table in config_keys.c"
}
